-- title:
--   en: Retention by weekly cohort
--   pt: Retenção por semana de chegada
-- question:
--   en: Of those who came in a week, how many still write some weeks later?
--   pt: De quem chegou em uma semana, quantos ainda escrevem semanas depois?
-- order: 9
-- section: people
-- time_zone: lake
-- columns:
--   - name: cohort_week
--     type: date
--     unit: week # its Monday
--     title: { en: First week, pt: Primeira semana }
--   - name: weeks_later
--     type: bigint
--     unit: weeks # 0 is the first week itself; weeks in which nobody of them wrote have no row
--     title: { en: Weeks later, pt: Semanas depois }
--   - name: cohort_users
--     type: bigint
--     unit: users # first seen in that week, and wrote in it, within the period
--     title: { en: Came, pt: Chegaram }
--   - name: active_users
--     type: bigint
--     unit: users
--     title: { en: Wrote, pt: Escreveram }
--   - name: share
--     type: double
--     unit: share
--     title: { en: Share, pt: Proporção }
-- chart: { kind: heatmap, x: weeks_later, y: cohort_week, series: share }
-- rows:
--   of: messages
--   where: user_id IS NOT NULL
--   join: users
--   by:
--     cohort_week: "date_trunc('week', CAST(first_seen AS DATE))"
--     weeks_later: "date_diff('week', date_trunc('week', CAST(first_seen AS DATE)), date_trunc('week', context_date))"
--   numbers:
--     cohort_users:
--       by: [cohort_week]
--       where: "date_trunc('week', CAST(first_seen AS DATE)) = date_trunc('week', context_date)"

WITH active AS (
  SELECT DISTINCT
    user_id,
    date_trunc('week', context_date) AS week
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND user_id IS NOT NULL
),
seen AS (
  SELECT
    active.user_id,
    active.week,
    date_trunc('week', CAST(users.first_seen AS DATE)) AS cohort_week
  FROM active
  JOIN users ON users.user_id = active.user_id
),
members AS (
  SELECT
    *,
    bool_or(week = cohort_week) OVER (PARTITION BY user_id) AS is_member
  FROM seen
),
counted AS (
  SELECT
    cohort_week,
    date_diff('week', cohort_week, week) AS weeks_later,
    count(*) AS active_users
  FROM members
  WHERE is_member
  GROUP BY 1, 2
),
measured AS (
  SELECT
    *,
    first_value(active_users) OVER (PARTITION BY cohort_week ORDER BY weeks_later) AS cohort_users
  FROM counted
)
SELECT
  cohort_week,
  weeks_later,
  cohort_users,
  active_users,
  1e0 * active_users / NULLIF(cohort_users, 0) AS share
FROM measured
ORDER BY cohort_week, weeks_later
