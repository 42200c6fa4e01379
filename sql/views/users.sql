-- Everybody who ever did anything here, with the time of the first and of the last they did, on the
-- wall clock of the lake's zone. It reads all days: only for what needs history.

SELECT
  user_id,
  min(local_time) AS first_seen,
  max(local_time) AS last_seen
FROM telegram
WHERE user_id IS NOT NULL AND NOT coalesce(user_is_bot, false)
GROUP BY user_id
