-- title:
--   en: Words
--   pt: Palavras
-- question:
--   en: Which words do people use?
--   pt: Que palavras as pessoas usam?
-- order: 16
-- section: questions
-- time_zone: lake
-- columns:
--   - name: word
--     type: varchar
--     unit: null # letters and digits, three at least, in lower case; words that say nothing are left out
--     title: { en: Word, pt: Palavra }
--   - name: message_amount
--     type: bigint
--     unit: messages # that hold it, in text or caption
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: ranking, x: word, y: message_amount }
-- rows:
--   of: messages
--   by:
--     word: "contains(regexp_extract_all(lower(coalesce(text, caption)), '[\\p{L}\\p{N}]{3,}'), $value)"

WITH written AS (
  SELECT
    lower(coalesce(text, caption)) AS written,
    count(*) AS message_amount
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
  GROUP BY 1
)
SELECT
  word,
  sum(message_amount) AS message_amount
FROM written
CROSS JOIN UNNEST(
  array_distinct(regexp_extract_all(written, '[\p{L}\p{N}]{3,}'))
) AS words (word)
WHERE
  -- Words of Portuguese, then of English, that carry no topic.
  word NOT IN (
    'ainda', 'algum', 'alguma', 'algumas', 'alguns', 'alguém', 'ali', 'além', 'antes', 'aonde',
    'aos', 'apenas', 'aquela', 'aquelas', 'aquele', 'aqueles', 'aqui', 'aquilo', 'assim', 'até',
    'bem', 'boa', 'bom', 'cada', 'com', 'como', 'contra', 'cuja', 'cujo', 'dar', 'das', 'dela',
    'delas', 'dele', 'deles', 'demais', 'depois', 'desde', 'dessa', 'desse', 'desta', 'deste',
    'deve', 'dia', 'disso', 'disto', 'dos', 'durante', 'ela', 'elas', 'ele', 'eles', 'entre',
    'era', 'essa', 'essas', 'esse', 'esses', 'esta', 'estamos', 'estar', 'estas', 'estava',
    'este', 'estes', 'estou', 'está', 'estão', 'favor', 'fazer', 'foi', 'foram', 'fosse',
    'gente', 'gostaria', 'hoje', 'iria', 'isso', 'isto', 'lhe', 'lhes', 'mais', 'mas', 'mesmo',
    'meu', 'meus', 'minha', 'minhas', 'muita', 'muitas', 'muito', 'muitos', 'nada', 'nas',
    'nem', 'nenhum', 'nenhuma', 'noite', 'nos', 'nossa', 'nossas', 'nosso', 'nossos', 'num',
    'numa', 'não', 'nós', 'obrigada', 'obrigado', 'olá', 'onde', 'ontem', 'outra', 'outras',
    'outro', 'outros', 'para', 'pela', 'pelas', 'pelo', 'pelos', 'per', 'pode', 'podem',
    'poder', 'poderia', 'pois', 'por', 'porque', 'posso', 'pouco', 'pra', 'pras', 'pro', 'pros',
    'quais', 'qual', 'quando', 'quanto', 'que', 'quem', 'quer', 'quero', 'sabe', 'saber',
    'seja', 'sem', 'sempre', 'ser', 'seria', 'seu', 'seus', 'sim', 'sobre', 'sou', 'sua',
    'suas', 'são', 'também', 'tanto', 'tarde', 'tem', 'temos', 'tenho', 'ter', 'teria', 'teu',
    'toda', 'todas', 'todo', 'todos', 'tua', 'tudo', 'uma', 'umas', 'uns', 'vai', 'vamos',
    'vcs', 'você', 'vocês', 'vou',
    'about', 'after', 'again', 'all', 'also', 'and', 'any', 'anyone', 'are', 'been', 'before',
    'being', 'but', 'can', 'could', 'day', 'did', 'does', 'doing', 'don', 'done', 'for', 'from',
    'get', 'good', 'got', 'had', 'has', 'have', 'having', 'hello', 'her', 'here', 'hers', 'hey',
    'him', 'his', 'how', 'into', 'isn', 'its', 'just', 'know', 'let', 'like', 'may', 'might',
    'more', 'morning', 'most', 'much', 'must', 'need', 'not', 'now', 'off', 'one', 'only',
    'other', 'our', 'ours', 'out', 'over', 'please', 'same', 'shall', 'she', 'should', 'some',
    'such', 'tell', 'than', 'thank', 'thanks', 'that', 'the', 'their', 'theirs', 'them', 'then',
    'there', 'these', 'they', 'thing', 'this', 'those', 'through', 'today', 'too', 'under',
    'until', 'very', 'want', 'was', 'way', 'were', 'what', 'when', 'where', 'which', 'while',
    'who', 'whom', 'whose', 'why', 'will', 'with', 'would', 'yes', 'yet', 'you', 'your',
    'yours'
  )
GROUP BY word
ORDER BY message_amount DESC, word
LIMIT 200
