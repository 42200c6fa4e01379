import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { ParsedUpdate } from '../telegram/parseUpdate.ts';
import type { Day } from './days.ts';
import { type Answer, type Source, writeEnvelope } from './envelope.ts';
import { rawKey } from './keys.ts';
import { type ObjectStore, PreconditionFailedError } from './objectStore.ts';
import { type RawRecord, UnreadableError, parseRecord, readRawObject } from './rawRecords.ts';

/** An update to be stored. */
export interface NewRecord extends ParsedUpdate {
  /** The update's JSON text as it came. */
  readonly json: string;
  readonly day: Day;
  readonly source: Source;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly answer: Answer | null;
}

/** The line of the raw layer that a record becomes, with a line break at its end. */
export function lineOf({ json, source, receivedAt, answer }: NewRecord): string {
  const received_at = new Date(receivedAt).toISOString();
  return writeEnvelope({ source, received_at, answer }, json);
}

/** Where an update lies, and the answer that is stored with it. */
export interface WrittenRecord {
  readonly key: string;
  /** Whether it lay there already; the answer is then the one of the first delivery. */
  readonly isDuplicate: boolean;
  readonly answer: Answer | null;
}

/** @returns null when what lies there cannot be read: then it is not this update */
async function readRecord(raw: ObjectStore, key: string): Promise<RawRecord | null> {
  try {
    for await (const line of readRawObject(raw, key)) {
      // A bare update's time of receipt matters to the ETL only.
      return parseRecord(line, { key, modified: new Date(0) });
    }
    return null;
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
}

/**
 * Writes an update once. The key is made of its number; where another update lies there (of another
 * bot, or Telegram restarted its numbering) it is kept beside it, under its hash as well.
 *
 * @returns null when neither key is free nor holds this update
 */
export async function writeRecord(
  raw: ObjectStore,
  record: NewRecord,
): Promise<WrittenRecord | null> {
  const { json, update, facts, day, answer } = record;
  const body = Buffer.from(lineOf(record));
  const hash = createHash('sha256').update(json).digest('hex');
  for (const contentHash of [undefined, hash]) {
    const key = rawKey(day, facts.updateId, contentHash);
    try {
      await raw.put(key, body, { ifNoneMatch: '*' });
      return { key, isDuplicate: false, answer };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
    }
    const stored = await readRecord(raw, key);
    if (stored !== null && isDeepStrictEqual(stored.update, update)) {
      return { key, isDuplicate: true, answer: stored.answer };
    }
  }
  return null;
}
