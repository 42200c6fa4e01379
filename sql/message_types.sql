-- title:
--   en: Types of messages
--   pt: Tipos de mensagens
-- question:
--   en: What do people send?
--   pt: O que as pessoas enviam?
-- order: 14
-- section: activity
-- time_zone: lake
-- columns:
--   - name: content_type
--     type: varchar
--     unit: content_type # by the field name of the Bot API
--     title: { en: Type, pt: Tipo }
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
--   - name: share
--     type: double
--     unit: share
--     title: { en: Share, pt: Proporção }
-- chart: { kind: ranking, x: content_type, y: message_amount }
-- rows: { of: messages, by: { content_type: content_type } }

SELECT
  content_type,
  count(*) AS message_amount,
  1e0 * count(*) / NULLIF(sum(count(*)) OVER (), 0) AS share
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
GROUP BY content_type
ORDER BY message_amount DESC, content_type
