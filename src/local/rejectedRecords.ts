import pMap from 'p-map';

import type { Day } from '../lake/days.ts';
import { NotFoundError, type ObjectStore } from '../lake/objectStore.ts';
import {
  NotARejectedRecordError,
  type Rejected,
  readRejected,
  rejectedKeys,
  rejectedBody,
} from '../lake/rejected.ts';
import type { RejectedDetails, RejectedRecord, RejectedRecords } from './api.ts';
import { type Slice, shownText } from './dayObjects.ts';

/** Records read at a time. */
const CONCURRENCY = 16;

function describe(key: string, record: Rejected): RejectedRecord {
  return {
    key,
    from: record.from,
    sourceKey: record.source_key,
    line: record.line,
    reason: record.reason,
    receivedAt: record.received_at,
    bytes: rejectedBody(record).length,
  };
}

/** A record of which nothing can be told but that it is none. */
function foreign(key: string, { message }: Error): RejectedRecord {
  const nothing = { from: null, sourceKey: null, line: null, receivedAt: null, bytes: 0 };
  return { key, reason: message, ...nothing };
}

/** Rejected records of a day, in the order of their keys. */
export async function rejectedRecords(
  raw: ObjectStore,
  day: Day,
  { offset, limit }: Slice,
): Promise<RejectedRecords> {
  const keys = await rejectedKeys(raw, day);
  const records = await pMap(
    keys.slice(offset, offset + limit),
    async (key) => {
      try {
        return [describe(key, await readRejected(raw, key))];
      } catch (error) {
        if (error instanceof NotFoundError) return [];
        if (error instanceof NotARejectedRecordError) return [foreign(key, error)];
        throw error;
      }
    },
    { concurrency: CONCURRENCY },
  );
  return { records: records.flat(), total: keys.length };
}

/** Whether the record keeps only the beginning of its object. */
async function isBeginning(raw: ObjectStore, { line, source_key }: Rejected, bytes: number) {
  if (line !== null || source_key === null) return false;
  for await (const { key, size } of raw.list(source_key))
    if (key === source_key) return size > bytes;
  return false;
}

/**
 * One rejected record with what is kept of it.
 *
 * @throws NotFoundError; NotARejectedRecordError when somebody else put it there
 */
export async function rejectedDetails(raw: ObjectStore, key: string): Promise<RejectedDetails> {
  // The key comes from outside: nothing else that lies in the folder is read.
  if (!key.startsWith('rejected/')) throw new NotFoundError(key);
  const rejected = await readRejected(raw, key);
  const bytes = rejectedBody(rejected);
  const body = shownText(bytes);
  const isPacked = rejected.line === null && (rejected.source_key?.endsWith('.gz') ?? false);
  const isCut = body.isCut || (await isBeginning(raw, rejected, bytes.length));
  return {
    record: describe(key, rejected),
    body: { ...body, isCut },
    notMendable: isPacked ? 'packed' : isCut ? 'cut' : null,
  };
}
