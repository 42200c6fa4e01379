-- title:
--   en: Decision time per day
--   pt: Tempo de decisão por dia
-- question:
--   en: How long does the bot take to decide on an answer?
--   pt: Quanto tempo o bot leva para decidir uma resposta?
-- order: 18
-- section: bot
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: answer_amount
--     type: bigint
--     unit: answers # commands and taps included
--     title: { en: Answers, pt: Respostas }
--   - name: decision_time_p50
--     type: double
--     unit: ms # half of the answers took no longer (nearest rank)
--     title: { en: Typical, pt: Típico }
--   - name: decision_time_p95
--     type: double
--     unit: ms # 95 of 100 answers took no longer (nearest rank)
--     title: { en: Slow, pt: Lento }
-- chart: { kind: line, x: context_date, y: [decision_time_p50, decision_time_p95] }
-- rows: { of: telegram, where: answer_ms IS NOT NULL, by: { context_date: context_date } }

WITH placed AS (
  SELECT
    context_date,
    answer_ms,
    row_number() OVER (PARTITION BY context_date ORDER BY answer_ms) AS place,
    count(*) OVER (PARTITION BY context_date) AS answer_amount
  FROM telegram
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
    AND answer_ms IS NOT NULL
)
SELECT
  context_date,
  count(*) AS answer_amount,
  max(CASE WHEN place = (answer_amount * 50 + 99) / 100 THEN answer_ms END) AS decision_time_p50,
  max(CASE WHEN place = (answer_amount * 95 + 99) / 100 THEN answer_ms END) AS decision_time_p95
FROM placed
GROUP BY context_date
ORDER BY context_date DESC
