-- title:
--   en: Reactions
--   pt: Reações
-- question:
--   en: How do people react to messages?
--   pt: Como as pessoas reagem às mensagens?
-- order: 22
-- section: bot
-- time_zone: lake
-- columns:
--   - name: reaction
--     type: varchar
--     unit: null # an emoji, custom:<id> or paid
--     title: { en: Reaction, pt: Reação }
--   - name: reaction_amount
--     type: bigint
--     unit: reactions # changes after which it stands
--     title: { en: Reactions, pt: Reações }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: People, pt: Pessoas }
-- chart: { kind: ranking, x: reaction, y: reaction_amount }
-- rows:
--   of: telegram
--   where: update_type = 'message_reaction' AND reaction <> ''
--   by:
--     reaction: "contains(split(reaction, ','), $value)"

SELECT
  one_reaction AS reaction,
  count(*) AS reaction_amount,
  count(DISTINCT user_id) AS user_amount
FROM telegram
CROSS JOIN UNNEST(split(reaction, ',')) AS reactions (one_reaction)
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND update_type = 'message_reaction'
  AND one_reaction <> ''
GROUP BY one_reaction
ORDER BY reaction_amount DESC, 1
