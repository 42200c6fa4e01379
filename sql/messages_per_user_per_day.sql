-- title:
--   en: Messages per user per day
--   pt: Mensagens por usuário por dia
-- question:
--   en: How many messages does each user send each day?
--   pt: Quantas mensagens cada usuário envia a cada dia?
-- order: 2
-- section: people
-- time_zone: lake
-- columns:
--   - name: user_id
--     type: bigint
--     unit: null # empty: channels and anonymous administrators, who speak as a chat
--     title: { en: User, pt: Usuário }
--   - name: user_first_name
--     type: varchar
--     unit: null # the latest of the period, so that a renamed user stays one
--     title: { en: First name, pt: Nome }
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
-- chart: { kind: stacked-bar, x: context_date, y: message_amount, series: user_first_name }
-- rows: { of: messages, by: { user_id: user_id, context_date: context_date } }

WITH per_user_per_day AS (
  SELECT
    user_id,
    max_by(user_first_name, update_id) AS user_first_name,
    context_date,
    count(*) AS message_amount
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
  GROUP BY user_id, context_date
)
SELECT
  user_id,
  first_value(user_first_name) OVER (
    PARTITION BY user_id
    ORDER BY context_date DESC
  ) AS user_first_name,
  context_date,
  message_amount
FROM per_user_per_day
ORDER BY context_date DESC, message_amount DESC, user_id
