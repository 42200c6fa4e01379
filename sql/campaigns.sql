-- title:
--   en: Campaigns
--   pt: Campanhas
-- question:
--   en: Which links bring people, and do they ask something?
--   pt: Que links trazem pessoas, e elas perguntam algo?
-- order: 24
-- section: people
-- time_zone: lake
-- columns:
--   - name: start_payload
--     type: varchar
--     unit: null # what follows ?start= in the link
--     title: { en: Campaign, pt: Campanha }
--   - name: user_amount
--     type: bigint
--     unit: users
--     title: { en: Came, pt: Chegaram }
--   - name: asking_users
--     type: bigint
--     unit: users # wrote something that is no command, in the same chat, within 24 hours and the period
--     title: { en: Asked, pt: Perguntaram }
--   - name: asking_share
--     type: double
--     unit: share
--     title: { en: Asked (share), pt: Perguntaram (proporção) }
--   - name: median_seconds_to_question
--     type: bigint
--     unit: seconds # half of those who asked took no longer (nearest rank)
--     title: { en: Until the question, pt: Até a pergunta }
-- chart: { kind: ranking, x: start_payload, y: [user_amount, asking_users] }
-- rows: { of: messages, where: start_payload IS NOT NULL, by: { start_payload: start_payload } }

WITH written AS (
  SELECT
    user_id,
    chat_id,
    update_id,
    "date",
    command,
    start_payload
  FROM messages
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND user_id IS NOT NULL
),
arrivals AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY user_id, start_payload
      ORDER BY "date", update_id
    ) AS place
  FROM written
  WHERE start_payload IS NOT NULL
),
came AS (
  SELECT
    arrival.user_id,
    arrival.start_payload,
    min(question."date") - min(arrival."date") AS seconds
  FROM arrivals AS arrival
  LEFT JOIN written AS question
    ON question.user_id = arrival.user_id
    AND question.chat_id = arrival.chat_id
    AND question.command IS NULL
    AND question.update_id > arrival.update_id
    AND question."date" BETWEEN arrival."date" AND arrival."date" + 86400
  WHERE arrival.place = 1
  GROUP BY 1, 2
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY start_payload ORDER BY seconds) AS place,
    count(seconds) OVER (PARTITION BY start_payload) AS asking_users
  FROM came
)
SELECT
  start_payload,
  count(*) AS user_amount,
  count(seconds) AS asking_users,
  1e0 * count(seconds) / NULLIF(count(*), 0) AS asking_share,
  max(
    CASE WHEN place = (asking_users * 50 + 99) / 100 THEN seconds END
  ) AS median_seconds_to_question
FROM placed
GROUP BY start_payload
ORDER BY user_amount DESC, start_payload
