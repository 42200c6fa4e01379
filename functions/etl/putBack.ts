import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { type Day, dayOf, eventTime } from '../../src/lake/days.ts';
import { writeEnvelope } from '../../src/lake/envelope.ts';
import { rawKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { type ObjectStore, PreconditionFailedError } from '../../src/lake/objectStore.ts';
import {
  UnreadableError,
  isNdjson,
  parseRecord,
  readRawObject,
} from '../../src/lake/rawRecords.ts';
import { type Rejected, type RejectedObject, rejectedBody } from '../../src/lake/rejected.ts';
import {
  NotAnUpdateError,
  type ParsedUpdate,
  parseUpdate,
} from '../../src/telegram/parseUpdate.ts';
import { contentHash } from './wrangle.ts';

/** Where something was put, and the day that has to be run for it. */
export interface PutBack {
  readonly day: Day;
  readonly rawKey: string;
}

/** An update from a body. @throws UnreadableError when it is none */
function readUpdate(body: Uint8Array): ParsedUpdate & { readonly json: string } {
  if (!isUtf8(body)) throw new UnreadableError('it is not UTF-8');
  const json = Buffer.from(body).toString('utf8');
  try {
    return { json, ...parseUpdate(json) };
  } catch (error) {
    if (!(error instanceof NotAnUpdateError)) throw error;
    throw new UnreadableError(error.reason, { cause: error });
  }
}

/** Whether a raw object holds this very update. */
async function holds(raw: ObjectStore, key: string, update: unknown): Promise<boolean> {
  for await (const line of readRawObject(raw, key)) {
    const stored = parseRecord(line, { key, modified: new Date(0) });
    if (contentHash(stored.update) === contentHash(update)) return true;
  }
  return false;
}

/**
 * Stores what the webhook had to refuse, at the key that it would have had: the body is an update
 * by now, since the program has learnt to read it or somebody has mended it.
 *
 * @throws UnreadableError when it still is none
 */
async function storeBody(lake: Lake, record: Rejected, body: Uint8Array): Promise<PutBack> {
  const { json, update, facts } = readUpdate(body);
  const received_at = record.received_at;
  const day = dayOf(eventTime(facts.ownTime, Date.parse(received_at)), lake.zone);
  const envelope = writeEnvelope({ source: 'telegram', received_at, answer: null }, json);
  const sha256 = createHash('sha256').update(body).digest('hex');
  for (const hash of [undefined, sha256]) {
    const key = rawKey(day, facts.updateId, hash);
    try {
      await lake.raw.put(key, Buffer.from(envelope), { ifNoneMatch: '*' });
      return { day, rawKey: key };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      if (await holds(lake.raw, key, update)) return { day, rawKey: key };
    }
  }
  throw new UnreadableError(`other updates lie under its number ${facts.updateId}`);
}

/** Puts one line of an NDJSON object in place of what stood there. */
async function replaceLine(
  raw: ObjectStore,
  key: string,
  line: number,
  body: Uint8Array,
): Promise<void> {
  const { stream, etag } = await raw.get(key);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const isPacked = key.endsWith('.gz');
  const content = isPacked ? gunzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks);
  // latin1 keeps every byte as it is, also of lines that are no UTF-8.
  const lines = content.toString('latin1').split('\n');
  if (line >= lines.length) throw new UnreadableError(`${key} has no line ${line} any more`);
  lines[line] = Buffer.from(body)
    .toString('latin1')
    .trim()
    .replaceAll(/[\r\n]+/g, ' ');
  const mended = Buffer.from(lines.join('\n'), 'latin1');
  await raw.put(key, isPacked ? gzipSync(mended) : mended, { ifMatch: etag });
}

/** @throws UnreadableError when the bytes are no record */
function checkRecord(body: Uint8Array, key: string): void {
  parseRecord(
    { bytes: body, json: Buffer.from(body).toString('utf8') },
    { key, modified: new Date(0) },
  );
}

async function exists(store: ObjectStore, key: string): Promise<boolean> {
  for await (const object of store.list(key)) return object.key === key;
  return false;
}

/** Mends the raw object that the ETL could not read. Without a mended body it is taken as it is. */
async function mendObject(
  raw: ObjectStore,
  { key, record }: RejectedObject,
  mended: Uint8Array | undefined,
): Promise<PutBack> {
  const { source_key: source, line } = record;
  const day = /context_date=([^/]+)\//.exec(key)?.[1];
  if (source === null || day === undefined) {
    throw new UnreadableError('its record does not say where it comes from');
  }
  const isThere = await exists(raw, source);
  if (line !== null) {
    if (!isThere) throw new UnreadableError(`its raw object ${source} is gone`);
    if (mended) {
      checkRecord(mended, source);
      await replaceLine(raw, source, line, mended);
    }
  } else if (mended !== undefined || !isThere) {
    const body = mended ?? rejectedBody(record);
    if (!isNdjson(source)) checkRecord(body, source);
    await raw.put(source, body);
  }
  return { day, rawKey: source };
}

/**
 * Puts a rejected object back into the raw layer.
 *
 * @param mended what shall stand in its place; without it what was rejected is tried again
 * @throws UnreadableError when it is still no update, or its raw object is gone
 */
export async function putBack(
  lake: Lake,
  rejected: RejectedObject,
  mended: Uint8Array | undefined,
): Promise<PutBack> {
  if (rejected.record.from === 'etl') return mendObject(lake.raw, rejected, mended);
  const stored = await storeBody(lake, rejected.record, mended ?? rejectedBody(rejected.record));
  await lake.raw.delete([rejected.key]);
  return stored;
}
