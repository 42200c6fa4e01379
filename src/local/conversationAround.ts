import { isDeepStrictEqual } from 'node:util';

import { type Day, wallClock } from '../lake/days.ts';
import { NotFoundError } from '../lake/objectStore.ts';
import type { ConversationAround, RecordRef } from './api.ts';
import { type ChatRules, describeChat } from './chats.ts';
import { conversation } from './conversation.ts';
import { firstDeliveries } from './firstDeliveries.ts';
import { findRecords, ofChat } from './findRecords.ts';
import { loadRecord } from './loadRecent.ts';
import type { LocalLake } from './localLake.ts';
import { byTime, conversationId, type RecentRecord, timeOf } from './recentRecord.ts';
import { createRecentRecords } from './recentRecords.ts';

/** Updates shown on each side of the one asked for. */
export interface Span {
  readonly before: number;
  readonly after: number;
}

/** Where an update's row stands. */
interface Place {
  readonly day: Day;
  readonly updateId: number;
}

/** Rows of the chat next to an update, nearest first: itself, as many as asked for, and one more. */
async function neighbours(
  { analytics, lake }: LocalLake,
  record: RecentRecord,
  chatId: number,
  side: 'after' | 'before',
  count: number,
): Promise<Place[]> {
  const moment = new Date(wallClock(timeOf(record), lake.zone)).toISOString();
  const [comparison, order] = side === 'before' ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const { rows } = await analytics.run(
    `SELECT context_date, update_id FROM telegram
WHERE ${ofChat(chatId)}
  AND local_time ${comparison} TIMESTAMP '${moment.slice(0, 23).replace('T', ' ')}'
ORDER BY local_time ${order}, update_id ${order}
LIMIT ${count + 2}`,
  );
  return rows.map(([day, updateId]) => ({ day: String(day), updateId: Number(updateId) }));
}

/**
 * What was said in a chat around one update, however old that is: the table tells which updates are
 * next to it, the raw layer what they say. Updates of days that are not closed come from memory.
 *
 * @throws NotFoundError when the update is not there, or not of this chat; UnreadableError
 */
export async function conversationAround(
  local: LocalLake,
  chatId: number,
  ref: RecordRef,
  span: Span,
  rules: ChatRules,
): Promise<ConversationAround> {
  // The key comes from outside: only updates are read, nothing else that lies in the folder.
  if (!ref.key.startsWith('telegram/')) throw new NotFoundError(ref.key);
  const record = local.records.get(ref) ?? (await loadRecord(local.lake.raw, ref));
  if (conversationId(record) !== chatId) throw new NotFoundError(`${ref.key} of chat ${chatId}`);

  const [before, after] = await Promise.all([
    neighbours(local, record, chatId, 'before', span.before),
    neighbours(local, record, chatId, 'after', span.after),
  ]);
  const wanted = new Map<Day, Set<number>>();
  for (const { day, updateId } of [...before, ...after]) {
    wanted.set(day, (wanted.get(day) ?? new Set()).add(updateId));
  }
  const all = new Map<string, RecentRecord>();
  const stored = await findRecords(local, chatId, wanted);
  for (const one of [record, ...stored, ...local.records.ofChat(chatId)]) {
    const name = `${one.ref.key}#${one.ref.line}`;
    if (!all.has(name)) all.set(name, one);
  }
  // The one asked for is shown, though another delivery of it may have been the first.
  const others = [...all.values()].filter(
    ({ facts, update }) =>
      facts.updateId !== record.facts.updateId || !isDeepStrictEqual(update, record.update),
  );
  const sorted = [record, ...firstDeliveries(others)].sort(byTime);
  const at = sorted.indexOf(record);
  const first = Math.max(0, at - span.before);
  const shown = sorted.slice(first, at + span.after + 1);

  const memory = createRecentRecords(shown.length + 1);
  for (const one of shown) memory.add(one);
  return {
    chat: describeChat(memory, chatId, rules),
    entries: conversation(shown),
    earlier: first > 0 || before.length > span.before + 1,
    later: shown.length + first < sorted.length || after.length > span.after + 1,
  };
}
