import { createHash } from 'node:crypto';

import { pMapIterable, pMapSkip } from 'p-map';
import * as z from 'zod';

import type { Day } from './days.ts';
import { rejectedPrefix } from './keys.ts';
import { NotFoundError, type ObjectStore, readBytes } from './objectStore.ts';

const rejectedSchema = z.object({
  v: z.literal(1),
  from: z.enum(['webhook', 'etl', 'import']),
  /**
   * Raw object that it was read from, or the imported lake's object; null for what the webhook
   * refused, which never was one.
   */
  source_key: z.string().nullable(),
  /** 0-based line of an NDJSON object; null when it is the whole object, or a request's body. */
  line: z.int().min(0).nullable(),
  /** Why it could not be read, in English, for people. */
  reason: z.string(),
  /** ISO 8601, UTC. */
  received_at: z.iso.datetime(),
  /** The bytes as they came. */
  body_base64: z.base64(),
});

/** What could not be read, with the reason: an object under `rejected/` in the raw store. */
export type Rejected = Readonly<z.infer<typeof rejectedSchema>>;

/** A rejected record and where it lies. */
export interface RejectedObject {
  readonly key: string;
  readonly record: Rejected;
}

/** Reading takes one request each; more at a time would help little and hold many bodies. */
const CONCURRENCY = 16;

/**
 * Key of a rejected record: the same for the same bytes at the same place, so that a second run
 * writes the same object.
 */
export function rejectedKey(
  day: Day,
  sourceKey: string | null,
  line: number | null,
  body: Uint8Array,
): string {
  const hash = createHash('sha256')
    .update(`${sourceKey ?? ''}\n${line ?? ''}\n`)
    .update(body)
    .digest('hex');
  return `${rejectedPrefix(day)}${hash}.json`;
}

/** The bytes that a record keeps. */
export function rejectedBody(record: Rejected): Uint8Array {
  return Buffer.from(record.body_base64, 'base64');
}

/**
 * Keeps what could not be read.
 *
 * @param store the raw store
 * @param day folder it is kept in: the day of the raw object, or that the request was received on
 * @param rejected.receivedAt Unix milliseconds
 * @returns the record's key
 */
export async function writeRejected(
  store: ObjectStore,
  day: Day,
  rejected: {
    readonly from: Rejected['from'];
    readonly sourceKey: string | null;
    readonly line: number | null;
    readonly reason: string;
    readonly receivedAt: number;
    readonly body: Uint8Array;
  },
): Promise<string> {
  const { from, sourceKey, line, reason, receivedAt, body } = rejected;
  const key = rejectedKey(day, sourceKey, line, body);
  const record: Rejected = {
    v: 1,
    from,
    source_key: sourceKey,
    line,
    reason,
    received_at: new Date(receivedAt).toISOString(),
    body_base64: Buffer.from(body).toString('base64'),
  };
  await store.put(key, Buffer.from(`${JSON.stringify(record)}\n`));
  return key;
}

/** An object under `rejected/` that is no such record: somebody else put it there. */
export class NotARejectedRecordError extends Error {
  override readonly name = 'NotARejectedRecordError';

  constructor(key: string, options?: ErrorOptions) {
    super(`"${key}" is no record of a rejected object.`, options);
  }
}

/**
 * Reads one record.
 *
 * @param versionId see `ObjectStore.get`
 * @throws NotFoundError, NotARejectedRecordError
 */
export async function readRejected(
  store: ObjectStore,
  key: string,
  versionId?: string | null,
): Promise<Rejected> {
  const bytes = await readBytes(store, key, versionId);
  try {
    return rejectedSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    throw new NotARejectedRecordError(key, { cause: error });
  }
}

/** Keys of the rejected records of a day, in their order. */
export async function rejectedKeys(store: ObjectStore, day: Day): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(rejectedPrefix(day))) keys.push(key);
  return keys;
}

/**
 * The rejected records of a day, or of all days, in the order of their keys. What goes while they
 * are read, or is no such record, is left out.
 */
export function listRejected(store: ObjectStore, day?: Day): AsyncIterable<RejectedObject> {
  const prefix = day === undefined ? 'rejected/' : rejectedPrefix(day);
  return pMapIterable(
    store.list(prefix),
    async ({ key }) => {
      try {
        return { key, record: await readRejected(store, key) };
      } catch (error) {
        if (error instanceof NotFoundError || error instanceof NotARejectedRecordError) {
          return pMapSkip;
        }
        throw error;
      }
    },
    { concurrency: CONCURRENCY },
  );
}
