-- title:
--   en: Active people per day
--   pt: Pessoas ativas por dia
-- question:
--   en: How many people write each day, and how many of them are new?
--   pt: Quantas pessoas escrevem a cada dia, e quantas delas são novas?
-- order: 6
-- section: people
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: active_users
--     type: bigint
--     unit: users # who wrote; channels and anonymous administrators are nobody
--     title: { en: People, pt: Pessoas }
--   - name: new_users
--     type: bigint
--     unit: users # of whom anything at all was seen that day for the first time
--     title: { en: New, pt: Novas }
--   - name: returning_users
--     type: bigint
--     unit: users # the others
--     title: { en: Returning, pt: De volta }
-- chart: { kind: stacked-bar, x: context_date, y: [returning_users, new_users] }
-- rows:
--   of: messages
--   where: user_id IS NOT NULL
--   join: users
--   by: { context_date: context_date }
--   numbers:
--     new_users:
--       where: "user_id IS NOT NULL AND CAST(first_seen AS DATE) = context_date"
--     returning_users:
--       where: "user_id IS NOT NULL AND CAST(first_seen AS DATE) <> context_date"

WITH active AS (
  SELECT DISTINCT
    context_date,
    user_id
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
    AND user_id IS NOT NULL
)
SELECT
  active.context_date,
  count(*) AS active_users,
  count_if(CAST(first_seen AS DATE) = active.context_date) AS new_users,
  count_if(CAST(first_seen AS DATE) <> active.context_date) AS returning_users
FROM active
JOIN users ON users.user_id = active.user_id
GROUP BY active.context_date
ORDER BY active.context_date DESC
