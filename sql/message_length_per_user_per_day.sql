-- title:
--   en: Message length per user per day
--   pt: Tamanho das mensagens por usuário por dia
-- question:
--   en: How long are each user's messages on average, each day?
--   pt: Qual é o tamanho médio das mensagens de cada usuário, a cada dia?
-- order: 3
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
--   - name: average_message_length
--     type: integer
--     unit: characters # Unicode code points of text or caption; empty: nothing written that day
--     title: { en: Average length, pt: Tamanho médio }
-- chart: { kind: line, x: context_date, y: average_message_length, series: user_first_name }
-- rows: { of: messages, by: { user_id: user_id, context_date: context_date } }

WITH per_user_per_day AS (
  SELECT
    user_id,
    max_by(user_first_name, update_id) AS user_first_name,
    context_date,
    CAST(round(avg(text_length)) AS INTEGER) AS average_message_length
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
  average_message_length
FROM per_user_per_day
ORDER BY context_date DESC, average_message_length DESC, user_id
