-- Each message as it reads now: of a message and its edits, the last. For reading; it needs a window
-- over all days, so no analysis uses it. Messages of a business connection have numbers of their
-- own, which may equal those of the bot's chat with the same person.

WITH versions AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY chat_id, message_id, update_type IN ('business_message', 'edited_business_message')
      ORDER BY coalesce(edit_date, "date") DESC, update_id DESC
    ) AS version_from_last
  FROM telegram
  WHERE
    update_type IN (
      'message', 'edited_message', 'channel_post', 'edited_channel_post',
      'business_message', 'edited_business_message'
    )
    AND NOT coalesce(is_service, false)
    AND NOT coalesce(user_is_bot, false)
)
SELECT
  message_id,
  user_id,
  user_is_bot,
  user_first_name,
  chat_id,
  chat_type,
  text,
  "date",
  update_id,
  update_type,
  received_at,
  local_time,
  edit_date,
  content_type,
  is_service,
  text_length,
  caption,
  source,
  user_username,
  user_language_code,
  sender_chat_id,
  chat_title,
  message_thread_id,
  reply_to_message_id,
  media_group_id,
  is_forward,
  via_bot_id,
  command,
  start_payload,
  callback_data,
  reaction,
  member_user_id,
  member_status_old,
  member_status_new,
  migrate_to_chat_id,
  migrate_from_chat_id,
  question_key,
  answer_intent,
  answer_score,
  answer_outcome,
  answer_text,
  answer_ms,
  context_date
FROM versions
WHERE version_from_last = 1
