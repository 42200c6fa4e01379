-- title:
--   en: Data quality per day
--   pt: Qualidade dos dados por dia
-- question:
--   en: What became of the updates that were stored each day?
--   pt: O que foi feito das atualizações guardadas a cada dia?
-- order: 25
-- section: quality
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: stored
--     type: bigint
--     unit: updates # rows, duplicates and rejected ones together
--     title: { en: Stored, pt: Guardadas }
--   - name: row_amount
--     type: bigint
--     unit: updates
--     title: { en: Rows, pt: Linhas }
--   - name: duplicates
--     type: bigint
--     unit: updates # stored more than once, beyond the first
--     title: { en: Duplicates, pt: Duplicadas }
--   - name: rejected
--     type: bigint
--     unit: updates # could not be read
--     title: { en: Rejected, pt: Rejeitadas }
--   - name: late
--     type: bigint
--     unit: updates # rows received after the day had ended
--     title: { en: Late, pt: Atrasadas }
--   - name: finished_at
--     type: timestamp
--     unit: time
--     title: { en: Last run (UTC), pt: Última execução (UTC) }
-- chart: { kind: stacked-bar, x: context_date, y: [row_amount, duplicates, rejected] }
-- rows: { of: runs, by: { context_date: context_date } }

WITH placed AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY context_date
      ORDER BY finished_at DESC, stored DESC, "rows" DESC, duplicates DESC, rejected DESC, late DESC
    ) AS place
  FROM runs
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
)
SELECT
  context_date,
  stored,
  "rows" AS row_amount,
  duplicates,
  rejected,
  late,
  finished_at
FROM placed
WHERE place = 1
ORDER BY context_date DESC
