-- title:
--   en: Taps on suggestions
--   pt: Toques em sugestões
-- question:
--   en: Which suggested topics do people tap?
--   pt: Em que assuntos sugeridos as pessoas tocam?
-- order: 21
-- section: questions
-- time_zone: lake
-- columns:
--   - name: answer_intent
--     type: varchar
--     unit: null
--     title: { en: Topic, pt: Assunto }
--   - name: tap_amount
--     type: bigint
--     unit: taps
--     title: { en: Taps, pt: Toques }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
-- chart: { kind: ranking, x: answer_intent, y: tap_amount }
-- rows: { of: telegram, where: update_type = 'callback_query', by: { answer_intent: answer_intent } }

SELECT
  answer_intent,
  count(*) AS tap_amount,
  count(DISTINCT user_id) AS user_amount
FROM telegram
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
  AND update_type = 'callback_query'
  AND answer_intent IS NOT NULL
GROUP BY answer_intent
ORDER BY tap_amount DESC, answer_intent
