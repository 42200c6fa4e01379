-- What every analysis counts: messages and posts as they arrived, written by people.
-- Commands count, each item of an album counts, edits do not. No window function, so that a
-- filter on context_date reaches the table and prunes its days.

SELECT *
FROM telegram
WHERE
  update_type IN ('message', 'channel_post', 'business_message')
  AND NOT coalesce(is_service, false)
  AND NOT coalesce(user_is_bot, false)
