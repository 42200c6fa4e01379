-- title:
--   en: Top topics
--   pt: Assuntos mais procurados
-- question:
--   en: What do people ask about?
--   pt: Sobre o que as pessoas perguntam?
-- order: 20
-- section: questions
-- time_zone: lake
-- columns:
--   - name: answer_intent
--     type: varchar
--     unit: null # or command
--     title: { en: Topic, pt: Assunto }
--   - name: question_amount
--     type: bigint
--     unit: questions # that it answered
--     title: { en: Questions, pt: Perguntas }
--   - name: share
--     type: double
--     unit: share # of all that were answered
--     title: { en: Share, pt: Proporção }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
-- chart: { kind: ranking, x: answer_intent, y: question_amount }
-- rows: { of: telegram, where: answer_outcome = 'answered', by: { answer_intent: answer_intent } }

SELECT
  answer_intent,
  count(*) AS question_amount,
  1e0 * count(*) / NULLIF(sum(count(*)) OVER (), 0) AS share,
  count(DISTINCT user_id) AS user_amount
FROM telegram
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
  AND answer_outcome = 'answered'
  AND answer_intent IS NOT NULL
GROUP BY answer_intent
ORDER BY question_amount DESC, answer_intent
