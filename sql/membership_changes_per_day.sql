-- title:
--   en: Joined, left and blocked per day
--   pt: Entradas, saídas e bloqueios por dia
-- question:
--   en: Who joins and leaves groups and channels, who blocks the bot?
--   pt: Quem entra em grupos e canais e sai deles, quem bloqueia o bot?
-- order: 23
-- section: people
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: joined
--     type: bigint
--     unit: users # a person who joined two chats counts twice
--     title: { en: Joined, pt: Entraram }
--   - name: left_amount
--     type: bigint
--     unit: users # by themselves or removed
--     title: { en: Left, pt: Saíram }
--   - name: blocked
--     type: bigint
--     unit: changes
--     title: { en: Blocked the bot, pt: Bloquearam o bot }
--   - name: unblocked
--     type: bigint
--     unit: changes
--     title: { en: Unblocked the bot, pt: Desbloquearam o bot }
-- chart: { kind: line, x: context_date, y: [joined, left_amount, blocked, unblocked] }
-- rows:
--   of: telegram
--   where: member_user_id IS NOT NULL
--   by: { context_date: context_date }
--   numbers:
--     joined:
--       where: "member_user_id IS NOT NULL AND (content_type = 'new_chat_members' OR (update_type = 'chat_member' AND member_status_old IN ('left', 'kicked') AND member_status_new IN ('member', 'restricted', 'administrator', 'creator')))"
--     left_amount:
--       where: "member_user_id IS NOT NULL AND (content_type = 'left_chat_member' OR (update_type = 'chat_member' AND member_status_old IN ('member', 'restricted', 'administrator', 'creator') AND member_status_new IN ('left', 'kicked')))"
--     blocked:
--       where: "update_type = 'my_chat_member' AND chat_type = 'private' AND member_status_new = 'kicked'"
--     unblocked:
--       where: "update_type = 'my_chat_member' AND chat_type = 'private' AND member_status_old = 'kicked' AND member_status_new = 'member'"

WITH told AS (
  SELECT
    context_date,
    chat_id,
    member_user_id,
    -- A change may be told twice, by a service message and by an update of its own.
    CASE
      WHEN update_type = 'my_chat_member' AND chat_type = 'private' THEN
        CASE
          WHEN member_status_new = 'kicked' THEN 'blocked'
          WHEN member_status_old = 'kicked' AND member_status_new = 'member' THEN 'unblocked'
        END
      WHEN content_type = 'new_chat_members' THEN 'joined'
      WHEN content_type = 'left_chat_member' THEN 'left'
      WHEN update_type = 'chat_member' THEN
        CASE
          WHEN
            member_status_old IN ('left', 'kicked')
            AND member_status_new IN ('member', 'restricted', 'administrator', 'creator')
            THEN 'joined'
          WHEN
            member_status_old IN ('member', 'restricted', 'administrator', 'creator')
            AND member_status_new IN ('left', 'kicked')
            THEN 'left'
        END
    END AS change
  FROM telegram
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND member_user_id IS NOT NULL
),
changes AS (
  SELECT
    context_date,
    change,
    count(*) AS update_amount
  FROM told
  WHERE change IS NOT NULL
  GROUP BY context_date, change, chat_id, member_user_id
)
SELECT
  context_date,
  count_if(change = 'joined') AS joined,
  count_if(change = 'left') AS left_amount,
  sum(CASE WHEN change = 'blocked' THEN update_amount ELSE 0 END) AS blocked,
  sum(CASE WHEN change = 'unblocked' THEN update_amount ELSE 0 END) AS unblocked
FROM changes
GROUP BY context_date
ORDER BY context_date DESC
