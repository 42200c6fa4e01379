-- title:
--   en: Unanswered questions
--   pt: Perguntas sem resposta
-- question:
--   en: What was asked that the bot did not understand?
--   pt: O que foi perguntado que o bot não entendeu?
-- order: 19
-- section: questions
-- time_zone: lake
-- columns:
--   - name: question_key
--     type: varchar
--     unit: null # the question folded, so that near-duplicates are one; empty: no word in it carries a topic
--     title: { en: Keywords, pt: Palavras-chave }
--   - name: example
--     type: varchar
--     unit: null # the latest wording
--     title: { en: Example, pt: Exemplo }
--   - name: question_amount
--     type: bigint
--     unit: questions
--     title: { en: Asked, pt: Vezes }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
--   - name: last_seen
--     type: timestamp
--     unit: time
--     title: { en: Last asked, pt: Última vez }
-- chart: { kind: table }
-- rows: { of: telegram, where: answer_outcome = 'fallback', by: { question_key: question_key } }

SELECT
  question_key,
  max_by(coalesce(text, caption), update_id) AS example,
  count(*) AS question_amount,
  count(DISTINCT user_id) AS user_amount,
  max(local_time) AS last_seen
FROM telegram
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND answer_outcome = 'fallback'
GROUP BY question_key
ORDER BY question_amount DESC, last_seen DESC, question_key
