-- title:
--   en: Answered and not understood per day
--   pt: Respondidas e não entendidas por dia
-- question:
--   en: How many questions does the bot answer each day, and how many does it not understand?
--   pt: Quantas perguntas o bot responde a cada dia, e quantas não entende?
-- order: 17
-- section: bot
-- time_zone: lake
-- columns:
--   - name: context_date
--     type: date
--     unit: day
--     title: { en: Day, pt: Dia }
--   - name: question_amount
--     type: bigint
--     unit: questions # what the bot had an answer, a suggestion or an excuse for; a flood is none
--     title: { en: Questions, pt: Perguntas }
--   - name: answered_amount
--     type: bigint
--     unit: questions
--     title: { en: Answered, pt: Respondidas }
--   - name: suggested_amount
--     type: bigint
--     unit: questions # topics were offered as buttons
--     title: { en: Suggested, pt: Com sugestões }
--   - name: fallback_amount
--     type: bigint
--     unit: questions
--     title: { en: Not understood, pt: Não entendidas }
--   - name: handoff_amount
--     type: bigint
--     unit: questions # to a person
--     title: { en: Handed over, pt: Encaminhadas }
--   - name: answered_rate
--     type: double
--     unit: share
--     title: { en: Answered (share), pt: Respondidas (proporção) }
--   - name: fallback_rate
--     type: double
--     unit: share
--     title: { en: Not understood (share), pt: Não entendidas (proporção) }
-- chart: { kind: line, x: context_date, y: [answered_rate, fallback_rate] }
-- rows:
--   of: telegram
--   where: answer_outcome <> 'none'
--   by: { context_date: context_date }
--   numbers:
--     answered_amount: { where: answer_outcome = 'answered' }
--     suggested_amount: { where: answer_outcome = 'suggested' }
--     fallback_amount: { where: answer_outcome = 'fallback' }
--     handoff_amount: { where: answer_outcome = 'handoff' }
--     answered_rate: { where: answer_outcome = 'answered' }
--     fallback_rate: { where: answer_outcome = 'fallback' }

SELECT
  context_date,
  count(*) AS question_amount,
  count_if(answer_outcome = 'answered') AS answered_amount,
  count_if(answer_outcome = 'suggested') AS suggested_amount,
  count_if(answer_outcome = 'fallback') AS fallback_amount,
  count_if(answer_outcome = 'handoff') AS handoff_amount,
  1e0 * count_if(answer_outcome = 'answered') / NULLIF(count(*), 0) AS answered_rate,
  1e0 * count_if(answer_outcome = 'fallback') / NULLIF(count(*), 0) AS fallback_rate
FROM telegram
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
  AND answer_outcome <> 'none'
GROUP BY context_date
ORDER BY context_date DESC
