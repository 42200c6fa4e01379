-- title:
--   en: Active people per week
--   pt: Pessoas ativas por semana
-- question:
--   en: How many people write each week, and how many of them are new?
--   pt: Quantas pessoas escrevem a cada semana, e quantas delas são novas?
-- order: 7
-- section: people
-- time_zone: lake
-- columns:
--   - name: week
--     type: date
--     unit: week # its Monday; the first and the last may lie only partly in the period
--     title: { en: Week, pt: Semana }
--   - name: active_users
--     type: bigint
--     unit: users # who wrote; channels and anonymous administrators are nobody
--     title: { en: People, pt: Pessoas }
--   - name: new_users
--     type: bigint
--     unit: users # seen that week for the first time
--     title: { en: New, pt: Novas }
--   - name: returning_users
--     type: bigint
--     unit: users # the others
--     title: { en: Returning, pt: De volta }
-- chart: { kind: stacked-bar, x: week, y: [returning_users, new_users] }
-- rows:
--   of: messages
--   where: user_id IS NOT NULL
--   join: users
--   by: { week: "date_trunc('week', context_date)" }
--   numbers:
--     new_users:
--       where: "user_id IS NOT NULL AND date_trunc('week', CAST(first_seen AS DATE)) = date_trunc('week', context_date)"
--     returning_users:
--       where: "user_id IS NOT NULL AND date_trunc('week', CAST(first_seen AS DATE)) <> date_trunc('week', context_date)"

WITH active AS (
  SELECT DISTINCT
    date_trunc('week', context_date) AS week,
    user_id
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
    AND user_id IS NOT NULL
)
SELECT
  active.week,
  count(*) AS active_users,
  count_if(date_trunc('week', CAST(first_seen AS DATE)) = active.week) AS new_users,
  count_if(date_trunc('week', CAST(first_seen AS DATE)) <> active.week) AS returning_users
FROM active
JOIN users ON users.user_id = active.user_id
GROUP BY active.week
ORDER BY active.week DESC
