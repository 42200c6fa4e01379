-- title:
--   en: Overview
--   pt: Visão geral
-- question:
--   en: What happened, in a few numbers?
--   pt: O que aconteceu, em poucos números?
-- order: 5
-- section: activity
-- time_zone: lake
-- columns:
--   - name: message_amount
--     type: bigint
--     unit: messages
--     title: { en: Messages, pt: Mensagens }
--   - name: user_amount
--     type: bigint
--     unit: users # who wrote
--     title: { en: People, pt: Pessoas }
--   - name: question_amount
--     type: bigint
--     unit: questions # what the bot had an answer, a suggestion or an excuse for; a flood is none
--     title: { en: Questions, pt: Perguntas }
--   - name: answered_rate
--     type: double
--     unit: share # of the questions; empty: there was none
--     title: { en: Answered, pt: Respondidas }
--   - name: fallback_rate
--     type: double
--     unit: share # of the questions; empty: there was none
--     title: { en: Not understood, pt: Não entendidas }
--   - name: decision_time_p50
--     type: double
--     unit: ms # half of the answers took no longer (nearest rank), commands and taps included
--     title: { en: Typical decision time, pt: Tempo de decisão típico }
--   - name: decision_time_p95
--     type: double
--     unit: ms # 95 of 100 answers took no longer (nearest rank)
--     title: { en: Slow decision time, pt: Tempo de decisão lento }
-- chart:
--   kind: tiles
--   y: [message_amount, user_amount, question_amount, answered_rate, fallback_rate, decision_time_p50, decision_time_p95]
-- rows:
--   of: messages
--   by: {}
--   numbers:
--     question_amount: { of: telegram, where: answer_outcome <> 'none' }
--     answered_rate: { of: telegram, where: answer_outcome = 'answered' }
--     fallback_rate: { of: telegram, where: answer_outcome = 'fallback' }
--     decision_time_p50: { of: telegram, where: answer_ms IS NOT NULL }
--     decision_time_p95: { of: telegram, where: answer_ms IS NOT NULL }

WITH events AS (
  SELECT
    *,
    answer_outcome IS NOT NULL AND answer_outcome <> 'none' AS is_question,
    row_number() OVER (PARTITION BY answer_ms IS NULL ORDER BY answer_ms) AS place,
    count(answer_ms) OVER () AS answer_amount
  FROM (
    SELECT
      context_date,
      chat_id,
      user_id,
      answer_intent,
      answer_outcome,
      answer_ms,
      false AS is_message
    FROM telegram
    WHERE answer_outcome IS NOT NULL OR answer_ms IS NOT NULL
    UNION ALL
    SELECT context_date, chat_id, user_id, answer_intent, NULL, NULL, true
    FROM messages
  ) AS messages_and_answers
  WHERE
    context_date >= current_date - INTERVAL '89' DAY -- period
    AND true -- chats
    AND true -- topics
)
SELECT
  count_if(is_message) AS message_amount,
  count(DISTINCT CASE WHEN is_message THEN user_id END) AS user_amount,
  count_if(is_question) AS question_amount,
  1e0 * count_if(answer_outcome = 'answered') / NULLIF(count_if(is_question), 0) AS answered_rate,
  1e0 * count_if(answer_outcome = 'fallback') / NULLIF(count_if(is_question), 0) AS fallback_rate,
  max(CASE WHEN place = (answer_amount * 50 + 99) / 100 THEN answer_ms END) AS decision_time_p50,
  max(CASE WHEN place = (answer_amount * 95 + 99) / 100 THEN answer_ms END) AS decision_time_p95
FROM events
ORDER BY 1
