import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { ChatGate } from '../../src/lake/chatGate.ts';
import { type Day, dayOf, eventTime } from '../../src/lake/days.ts';
import { dayOfKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import type { ObjectStore } from '../../src/lake/objectStore.ts';
import { UnreadableError, isNdjson, parseRecord } from '../../src/lake/rawRecords.ts';
import { writeRecord } from '../../src/lake/rawWrite.ts';
import { type Rejected, type RejectedObject, rejectedBody } from '../../src/lake/rejected.ts';
import {
  NotAnUpdateError,
  type ParsedUpdate,
  parseUpdate,
} from '../../src/telegram/parseUpdate.ts';

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

/**
 * Stores what the webhook or an import had to refuse, at the key that the webhook would have given
 * it: the body is an update by now, since the program has learnt to read it or somebody has mended
 * it. What was imported has passed no gate, and needs none.
 *
 * @throws UnreadableError when it still is none, or its chat is not one of ours
 */
async function storeBody(
  { raw, zone }: Lake,
  gate: ChatGate,
  record: Rejected,
  body: Uint8Array,
): Promise<PutBack> {
  const parsed = readUpdate(body);
  const { updateId, ownTime } = parsed.facts;
  const isImport = record.from === 'import';
  if (!isImport) {
    const admission = await gate.admit(parsed.facts);
    if (!admission.isOurs) throw new UnreadableError(admission.reason);
  }
  const receivedAt = Date.parse(record.received_at);
  const day = dayOf(eventTime(ownTime, receivedAt), zone);
  const written = await writeRecord(raw, {
    ...parsed,
    day,
    source: isImport ? 'import' : 'telegram',
    receivedAt,
    answer: null,
  });
  if (!written) throw new UnreadableError(`other objects lie at the keys of number ${updateId}`);
  return { day, rawKey: written.key };
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
  const day = dayOfKey(key);
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
 * @param gate decides whose updates are stored; what the webhook refused has not passed it yet
 * @param mended what shall stand in its place; without it what was rejected is tried again
 * @throws UnreadableError when it is still no update, or its raw object is gone
 */
export async function putBack(
  lake: Lake,
  gate: ChatGate,
  rejected: RejectedObject,
  mended: Uint8Array | undefined,
): Promise<PutBack> {
  const { key, record } = rejected;
  if (record.from === 'etl') return mendObject(lake.raw, rejected, mended);
  const stored = await storeBody(lake, gate, record, mended ?? rejectedBody(record));
  await lake.raw.delete([key]);
  return stored;
}
