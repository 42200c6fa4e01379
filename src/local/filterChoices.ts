import type { QueryResult, ResultValue } from '../analytics/result.ts';
import { type Period, periodCondition } from '../analytics/scope.ts';
import type { Knowledge } from '../bot/knowledge.ts';
import type { FilterChoices } from './api.ts';
import type { LocalLake } from './localLake.ts';

/** Chats offered: more would not be looked through, and a search finds the ones beyond the first. */
const MOST_CHATS = 1_000;

type Row = Readonly<Record<string, ResultValue>>;

function rowsOf({ columns, rows }: QueryResult): Row[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])),
  );
}

/**
 * What the analyses of a period can be narrowed to.
 *
 * @param period without it, the 90 days that the analyses ask for
 */
export async function filterChoices(
  { analytics }: LocalLake,
  knowledge: Knowledge,
  period: Period | undefined,
  signal: AbortSignal,
): Promise<FilterChoices> {
  const days = period
    ? periodCondition(period)
    : "context_date >= current_date - INTERVAL '89' DAY";
  const [chats, topics] = await Promise.all([
    analytics.run(
      `SELECT
  chat_id,
  coalesce(max_by(chat_title, update_id), max_by(user_first_name, update_id)) AS title,
  max_by(chat_type, update_id) AS type,
  count(*) AS message_amount
FROM messages
WHERE ${days} AND chat_id IS NOT NULL
GROUP BY chat_id
ORDER BY message_amount DESC, chat_id
LIMIT ${MOST_CHATS}`,
      { signal },
    ),
    analytics.run(
      `SELECT answer_intent, count(*) AS question_amount
FROM telegram
WHERE ${days} AND answer_intent IS NOT NULL
GROUP BY answer_intent
ORDER BY question_amount DESC, answer_intent`,
      { signal },
    ),
  ]);

  const asked = new Map(
    rowsOf(topics).map((row) => [String(row['answer_intent']), Number(row['question_amount'])]),
  );
  const unasked = [...knowledge.topics.keys()].filter((intent) => !asked.has(intent)).sort();
  return {
    chats: rowsOf(chats).map((row) => ({
      id: Number(row['chat_id']),
      title: row['title'] === null ? null : String(row['title']),
      type: row['type'] === null ? null : String(row['type']),
      messages: Number(row['message_amount']),
    })),
    topics: [...asked.keys(), ...unasked].map((intent) => ({
      intent,
      title: knowledge.topics.get(intent)?.title ?? null,
      questions: asked.get(intent) ?? 0,
    })),
  };
}
