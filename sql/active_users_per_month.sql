-- title:
--   en: Active people per month
--   pt: Pessoas ativas por mês
-- question:
--   en: How many people write each month, and how many of them are new?
--   pt: Quantas pessoas escrevem a cada mês, e quantas delas são novas?
-- order: 8
-- section: people
-- time_zone: lake
-- columns:
--   - name: month
--     type: date
--     unit: month # its first day; the first and the last may lie only partly in the period
--     title: { en: Month, pt: Mês }
--   - name: active_users
--     type: bigint
--     unit: users # who wrote; channels and anonymous administrators are nobody
--     title: { en: People, pt: Pessoas }
--   - name: new_users
--     type: bigint
--     unit: users # seen that month for the first time
--     title: { en: New, pt: Novas }
--   - name: returning_users
--     type: bigint
--     unit: users # the others
--     title: { en: Returning, pt: De volta }
-- chart: { kind: stacked-bar, x: month, y: [returning_users, new_users] }
-- rows:
--   of: messages
--   where: user_id IS NOT NULL
--   join: users
--   by: { month: "date_trunc('month', context_date)" }
--   numbers:
--     new_users:
--       where: "user_id IS NOT NULL AND date_trunc('month', CAST(first_seen AS DATE)) = date_trunc('month', context_date)"
--     returning_users:
--       where: "user_id IS NOT NULL AND date_trunc('month', CAST(first_seen AS DATE)) <> date_trunc('month', context_date)"

WITH active AS (
  SELECT DISTINCT
    date_trunc('month', context_date) AS month,
    user_id
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
    AND user_id IS NOT NULL
)
SELECT
  active.month,
  count(*) AS active_users,
  count_if(date_trunc('month', CAST(first_seen AS DATE)) = active.month) AS new_users,
  count_if(date_trunc('month', CAST(first_seen AS DATE)) <> active.month) AS returning_users
FROM active
JOIN users ON users.user_id = active.user_id
GROUP BY active.month
ORDER BY active.month DESC
