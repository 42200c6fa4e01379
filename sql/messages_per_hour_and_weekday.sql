-- title:
--   en: Messages by hour and weekday
--   pt: Mensagens por hora e dia da semana
-- question:
--   en: At which hours and on which weekdays do messages arrive, week by week?
--   pt: Em que horas e dias da semana chegam as mensagens, semana a semana?
-- order: 4
-- section: activity
-- time_zone: lake
-- columns:
--   - name: parsed_date_year
--     type: bigint
--     unit: iso_year
--     title: { en: Year, pt: Ano }
--   - name: parsed_date_weeknum
--     type: bigint
--     unit: iso_week # 1 to 53
--     title: { en: Week, pt: Semana }
--   - name: parsed_date_weekday
--     type: bigint
--     unit: weekday # 1 Monday to 7 Sunday
--     title: { en: Weekday, pt: Dia da semana }
--   - name: parsed_date_hour
--     type: bigint
--     unit: hour # 0 to 23
--     title: { en: Hour, pt: Hora }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: heatmap, x: parsed_date_hour, y: parsed_date_weekday, series: message_amount }
-- rows:
--   of: messages
--   by:
--     parsed_date_year: year_of_week(local_time)
--     parsed_date_weeknum: week(local_time)
--     parsed_date_weekday: day_of_week(local_time)
--     parsed_date_hour: hour(local_time)

SELECT
  year_of_week(local_time) AS parsed_date_year,
  week(local_time) AS parsed_date_weeknum,
  day_of_week(local_time) AS parsed_date_weekday,
  hour(local_time) AS parsed_date_hour,
  count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
