-- title:
--   en: Busiest chats
--   pt: Conversas mais ativas
-- question:
--   en: In which chats is most written?
--   pt: Em que conversas se escreve mais?
-- order: 13
-- section: activity
-- time_zone: lake
-- columns:
--   - name: chat_id
--     type: bigint
--     unit: null
--     title: { en: Chat, pt: Conversa }
--   - name: chat_title
--     type: varchar
--     unit: null # the latest of the period; of a private chat, the first name of the person
--     title: { en: Title, pt: Título }
--   - name: chat_type
--     type: varchar
--     unit: chat_type
--     title: { en: Type, pt: Tipo }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
-- chart: { kind: ranking, x: chat_title, y: message_amount }
-- rows: { of: messages, by: { chat_id: chat_id } }

SELECT
  chat_id,
  coalesce(
    max_by(chat_title, CASE WHEN chat_title IS NOT NULL THEN update_id END),
    max_by(user_first_name, CASE WHEN chat_id = user_id THEN update_id END)
  ) AS chat_title,
  max_by(chat_type, update_id) AS chat_type,
  count(*) AS message_amount,
  count(DISTINCT user_id) AS user_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY chat_id
ORDER BY message_amount DESC, chat_id
LIMIT 100
