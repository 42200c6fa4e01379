-- title:
--   en: Sessions per day
--   pt: Sessões por dia
-- question:
--   en: How many conversations begin each day, and how long do they last?
--   pt: Quantas conversas começam a cada dia, e quanto duram?
-- order: 10
-- section: activity
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: session_amount
--     type: bigint
--     unit: sessions # messages of one person in one chat, never more than 30 minutes apart
--     title: { en: Sessions, pt: Sessões }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
--   - name: messages_per_session
--     type: double
--     unit: messages # on average
--     title: { en: Messages per session, pt: Mensagens por sessão }
--   - name: median_duration
--     type: bigint
--     unit: seconds # half of the sessions were no longer (nearest rank); one message takes 0 seconds
--     title: { en: Typical duration, pt: Duração típica }
--   - name: p95_duration
--     type: bigint
--     unit: seconds # 95 of 100 sessions were no longer (nearest rank)
--     title: { en: Long duration, pt: Duração longa }
-- chart: { kind: line, x: context_date, y: session_amount }
-- rows: { of: sessions, by: { context_date: context_date } }

WITH placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY context_date ORDER BY duration) AS place,
    count(*) OVER (PARTITION BY context_date) AS session_amount
  FROM sessions
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
)
SELECT
  context_date,
  count(*) AS session_amount,
  count(DISTINCT user_id) AS user_amount,
  avg(message_amount) AS messages_per_session,
  max(CASE WHEN place = (session_amount * 50 + 99) / 100 THEN duration END) AS median_duration,
  max(CASE WHEN place = (session_amount * 95 + 99) / 100 THEN duration END) AS p95_duration
FROM placed
GROUP BY context_date
ORDER BY context_date DESC
