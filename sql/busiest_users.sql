-- title:
--   en: Busiest people
--   pt: Pessoas mais ativas
-- question:
--   en: Who writes most?
--   pt: Quem escreve mais?
-- order: 12
-- section: people
-- time_zone: lake
-- columns:
--   - name: user_id
--     type: bigint
--     unit: null
--     title: { en: User, pt: Usuário }
--   - name: user_first_name
--     type: varchar
--     unit: null # the latest of the period
--     title: { en: First name, pt: Nome }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
--   - name: active_days
--     type: bigint
--     unit: days
--     title: { en: Active days, pt: Dias ativos }
--   - name: last_seen
--     type: timestamp
--     unit: time
--     title: { en: Last message, pt: Última mensagem }
-- chart: { kind: ranking, x: user_first_name, y: message_amount }
-- rows: { of: messages, by: { user_id: user_id } }

SELECT
  user_id,
  max_by(user_first_name, update_id) AS user_first_name,
  count(*) AS message_amount,
  count(DISTINCT context_date) AS active_days,
  max(local_time) AS last_seen
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
  AND user_id IS NOT NULL
GROUP BY user_id
ORDER BY message_amount DESC, user_id
LIMIT 100
