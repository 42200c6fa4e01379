-- title:
--   en: Messages per day
--   pt: Mensagens por dia
-- question:
--   en: How many messages arrive each day?
--   pt: Quantas mensagens chegam a cada dia?
-- order: 1
-- section: activity
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: line, x: context_date, y: message_amount }
-- rows: { of: messages, by: { context_date: context_date } }

SELECT
  context_date,
  count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY context_date
ORDER BY context_date DESC
