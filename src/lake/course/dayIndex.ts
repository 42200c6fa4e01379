import pMap from 'p-map';

import { dayPrefix } from '../keys.ts';
import type { Day } from '../days.ts';
import { contentHash, identity } from '../identity.ts';
import { NotFoundError, type ObjectInfo, type ObjectStore } from '../objectStore.ts';
import type { RawRecord } from '../rawRecords.ts';
import { readObject } from '../readObject.ts';
import { messageKey } from './courseRow.ts';

/** What of a day's updates a lake holds, as far as an import must know. */
export interface DayIndex {
  /** Identities of the updates, and whether this run brought them. */
  readonly updates: Map<string, 'before' | 'now'>;
  /** Messages of which the update is here as Telegram sent it. */
  readonly messages: Set<string>;
  /** Messages whose update was rebuilt from a table. */
  readonly rebuilt: Set<string>;
}

/** Kinds of update that a row of a course's table can come from. */
const MESSAGES: ReadonlySet<string> = new Set([
  'message',
  'channel_post',
  'business_message',
] satisfies RawRecord['facts']['updateType'][]);

/** Objects read at a time. */
const CONCURRENCY = 64;

/** Identity of a record. */
export function identityOf({ update, facts }: Pick<RawRecord, 'facts' | 'update'>): string {
  return identity(facts.updateId, contentHash(update));
}

/** Whether an update was rebuilt from a table, see `rebuildUpdate`. */
function isRebuilt({ facts }: Pick<RawRecord, 'facts'>): boolean {
  return facts.updateId < 0;
}

/** The message that a record is about; null for edits and for what is no message. */
export function messageOf({ facts }: Pick<RawRecord, 'facts'>): string | null {
  if (!MESSAGES.has(facts.updateType)) return null;
  return messageKey({ ...facts, chatId: facts.chat?.id ?? null });
}

/** Notes a record. */
export function addToIndex(
  index: DayIndex,
  record: Pick<RawRecord, 'facts'>,
  id: string,
  origin: 'before' | 'now',
): void {
  if (!index.updates.has(id)) index.updates.set(id, origin);
  const message = messageOf(record);
  if (message !== null) (isRebuilt(record) ? index.rebuilt : index.messages).add(message);
}

/** Messages that are here as Telegram sent them and rebuilt as well. */
export function superseded(index: DayIndex): string[] {
  return [...index.rebuilt].filter((message) => index.messages.has(message));
}

/**
 * Reads what a lake holds of a day.
 *
 * @param written keys of objects that this run has written
 */
export async function readDayIndex(
  raw: ObjectStore,
  day: Day,
  written: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<DayIndex> {
  const index: DayIndex = { updates: new Map(), messages: new Set(), rebuilt: new Set() };

  async function read(object: ObjectInfo): Promise<void> {
    const origin = written.has(object.key) ? 'now' : 'before';
    const readings = readObject(raw, object, (record) => {
      addToIndex(index, record, identityOf(record), origin);
    });
    try {
      // What cannot be read is the ETL's to reject.
      while (!(await readings.next()).done);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  const objects: ObjectInfo[] = [];
  for await (const object of raw.list(dayPrefix(day))) objects.push(object);
  await pMap(objects, read, { concurrency: CONCURRENCY, ...(signal && { signal }) });
  return index;
}
