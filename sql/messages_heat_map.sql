-- title:
--   en: When people write
--   pt: Quando as pessoas escrevem
-- question:
--   en: At which hours of which weekdays do messages arrive?
--   pt: Em que horas de que dias da semana chegam as mensagens?
-- order: 11
-- section: activity
-- time_zone: lake
-- columns:
--   - name: weekday
--     type: bigint
--     unit: weekday # 1 Monday to 7 Sunday
--     title: { en: Weekday, pt: Dia da semana }
--   - name: hour
--     type: bigint
--     unit: hour # 0 to 23
--     title: { en: Hour, pt: Hora }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: heatmap, x: hour, y: weekday, series: message_amount }
-- rows: { of: messages, by: { weekday: day_of_week(local_time), hour: hour(local_time) } }

SELECT
  day_of_week(local_time) AS weekday,
  hour(local_time) AS hour,
  count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY 1, 2
ORDER BY 1, 2
