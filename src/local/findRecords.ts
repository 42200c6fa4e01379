import { type Day, parseDay } from '../lake/days.ts';
import { idRangeOf } from '../lake/idRange.ts';
import { dayPrefix } from '../lake/keys.ts';
import { NotFoundError, type ObjectInfo } from '../lake/objectStore.ts';
import { firstDeliveries } from './firstDeliveries.ts';
import { readObjects } from './loadRecent.ts';
import type { LocalLake } from './localLake.ts';
import { conversationId, type RecentRecord } from './recentRecord.ts';

/** Numbers of updates, by the day whose folder they lie in. */
export type Wanted = ReadonlyMap<Day, ReadonlySet<number>>;

/**
 * Finds updates of a chat in the raw layer, however old: in memory, else by the names of the day's
 * objects, else in those that are not named after updates (other NDJSON, a course's objects).
 *
 * @returns those there are, day by day; two under one number when both are of the chat
 */
export async function findRecords(
  { lake, records }: Pick<LocalLake, 'lake' | 'records'>,
  chatId: number,
  wanted: Wanted,
): Promise<RecentRecord[]> {
  const found: RecentRecord[] = [];
  for (const [day, numbers] of wanted) {
    const isWanted = (record: RecentRecord) =>
      numbers.has(record.facts.updateId) &&
      conversationId(record) === chatId &&
      record.ref.key.startsWith(dayPrefix(day));
    const missing = new Set(numbers);
    const keep = (some: readonly RecentRecord[]) => {
      for (const record of some.filter(isWanted)) {
        found.push(record);
        missing.delete(record.facts.updateId);
      }
    };
    keep(records.ofChat(chatId));
    if (missing.size === 0) continue;

    const named: ObjectInfo[] = [];
    const others: ObjectInfo[] = [];
    for await (const object of lake.raw.list(dayPrefix(day))) {
      const range = idRangeOf(object.key);
      if (range === null) others.push(object);
      else if ([...missing].some((id) => id >= range.from && id <= range.to)) named.push(object);
    }
    keep(await readObjects(lake.raw, named));
    if (missing.size > 0) keep(await readObjects(lake.raw, others));
  }
  return firstDeliveries(found);
}

/** Condition for the rows of a conversation: as `partyOf` decides, in SQL. */
export function ofChat(chatId: number): string {
  return `coalesce(chat_id, user_id, sender_chat_id) = ${chatId}`;
}

/**
 * The number of a chat's first message on a day from a moment on.
 *
 * @param time on the wall clock of the lake's zone, YYYY-MM-DDTHH:MM:SS[.sss]
 * @throws NotFoundError
 */
export async function updateAt(
  { analytics }: Pick<LocalLake, 'analytics'>,
  chatId: number,
  day: Day,
  time: string,
): Promise<number> {
  const { rows } = await analytics.run(
    `SELECT update_id FROM messages
WHERE context_date = DATE '${day}'
  AND ${ofChat(chatId)}
  AND local_time >= TIMESTAMP '${time.replace('T', ' ')}'
ORDER BY local_time, update_id
LIMIT 1`,
  );
  const number = rows[0]?.[0];
  if (typeof number !== 'number') throw new NotFoundError(`a message of ${chatId} at ${time}`);
  return number;
}

/**
 * Finds one update of a chat.
 *
 * @param day whose folder it lies in: `context_date` of its row
 * @throws NotFoundError when the raw layer does not hold it (any more); DayError
 */
export async function findRecord(
  local: Pick<LocalLake, 'lake' | 'records'>,
  chatId: number,
  day: Day,
  updateId: number,
): Promise<RecentRecord> {
  const wanted = new Map([[parseDay(day), new Set([updateId])]]);
  const [record] = await findRecords(local, chatId, wanted);
  if (!record) throw new NotFoundError(`${dayPrefix(day)}${updateId}.json`);
  return record;
}
