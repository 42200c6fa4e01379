-- Sessions: messages of one person in one chat, each no more than 30 minutes after the one before.
-- A session belongs to the day on which it began, and is followed to the end of the next. So that a
-- filter on context_date reaches the table and prunes its days, each day is looked at by itself, with
-- the day after beside it, and of the day before the last hour: did a session begin there already?

WITH seen AS (
  SELECT context_date, context_date AS own_day, chat_id, user_id, "date", update_id, local_time
  FROM messages
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT date_add('day', -1, context_date), context_date, chat_id, user_id, "date", update_id, local_time
  FROM messages
  WHERE user_id IS NOT NULL
  UNION ALL
  SELECT date_add('day', 1, context_date), context_date, chat_id, user_id, "date", update_id, local_time
  FROM messages
  -- A lake's folders may have been cut by another clock than its own: what lies beyond midnight, too.
  WHERE user_id IS NOT NULL AND (hour(local_time) = 23 OR CAST(local_time AS DATE) > context_date)
),
compared AS (
  SELECT
    *,
    "date" - lag("date") OVER (
      PARTITION BY context_date, chat_id, user_id
      ORDER BY "date", update_id
    ) AS seconds_before
  FROM seen
),
numbered AS (
  SELECT
    *,
    sum(CASE WHEN seconds_before <= 1800 THEN 0 ELSE 1 END) OVER (
      PARTITION BY context_date, chat_id, user_id
      ORDER BY "date", update_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS session_number
  FROM compared
)
SELECT
  chat_id,
  user_id,
  context_date,
  min_by(local_time, "date") AS started_at,
  max_by(local_time, "date") AS ended_at,
  count(*) AS message_amount,
  max("date") - min("date") AS duration
FROM numbered
GROUP BY context_date, chat_id, user_id, session_number
HAVING min(own_day) = context_date
