-- title:
--   en: Languages
--   pt: Idiomas
-- question:
--   en: In which language do people use Telegram?
--   pt: Em que idioma as pessoas usam o Telegram?
-- order: 15
-- section: people
-- time_zone: lake
-- columns:
--   - name: language
--     type: varchar
--     unit: language # of their app, without region; empty: Telegram did not say
--     title: { en: Language, pt: Idioma }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: ranking, x: language, y: user_amount }
-- rows: { of: messages, by: { language: "lower(split_part(user_language_code, '-', 1))" } }

SELECT
  lower(split_part(user_language_code, '-', 1)) AS language,
  count(DISTINCT user_id) AS user_amount,
  count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY 1
ORDER BY user_amount DESC, message_amount DESC, language
