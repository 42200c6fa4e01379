import { isUtf8 } from 'node:buffer';

import type { Day } from '../lake/days.ts';
import { dayOfKey, dayPrefix } from '../lake/keys.ts';
import { NotFoundError, type ObjectInfo, type ObjectStore } from '../lake/objectStore.ts';
import {
  type RawLine,
  UnreadableError,
  isNdjson,
  parseRecord,
  readRawObject,
} from '../lake/rawRecords.ts';
import type { LakeObject, LineContent, ObjectLine, ObjectLines, UpdateLine } from './api.ts';
import { personOf } from './conversation.ts';
import { type RecentRecord, conversationId, timeOf } from './recentRecord.ts';

/** Letters of a text that a list shows. */
const PREVIEW = 160;

/** Bytes of a text that is shown as a whole: more would make a browser slow. */
const SHOWN = 1024 * 1024;

/** A part of a list. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** Text of bytes, at most a megabyte of them. */
export function shownText(bytes: Uint8Array): {
  readonly text: string;
  readonly isText: boolean;
  readonly isCut: boolean;
} {
  return {
    text: Buffer.from(bytes.subarray(0, SHOWN)).toString('utf8'),
    isText: isUtf8(bytes),
    isCut: bytes.length > SHOWN,
  };
}

function describeUpdate(record: RecentRecord): UpdateLine {
  const { facts, answer } = record;
  const said = facts.text ?? facts.caption ?? facts.callbackData ?? facts.reaction;
  return {
    updateId: facts.updateId,
    updateType: facts.updateType,
    contentType: facts.contentType,
    at: new Date(timeOf(record)).toISOString(),
    chatId: conversationId(record),
    author: personOf(record)?.firstName ?? facts.chat?.title ?? null,
    text: said === null || said === '' ? null : Array.from(said).slice(0, PREVIEW).join(''),
    outcome: answer?.outcome ?? null,
    source: record.source,
  };
}

function describeLine(raw: RawLine, object: ObjectInfo): ObjectLine {
  const ref = { key: object.key, line: raw.line };
  const bytes = raw.bytes.length;
  try {
    const update = describeUpdate({ ...parseRecord(raw, object), ref });
    return { ...ref, bytes, update, problem: null };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { ...ref, bytes, update: null, problem: error.reason };
  }
}

/** The one record of an object; null when it is gone meanwhile. */
async function onlyLine(store: ObjectStore, object: ObjectInfo): Promise<ObjectLine | null> {
  try {
    for await (const raw of readRawObject(store, object.key)) return describeLine(raw, object);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    if (!(error instanceof UnreadableError)) throw error;
    const { key, size: bytes } = object;
    return { key, line: 0, bytes, update: null, problem: error.reason };
  }
  return null;
}

/** Raw objects of a day in the order of their keys, each with what it says. */
export async function dayObjects(
  store: ObjectStore,
  day: Day,
  { offset, limit }: Slice,
): Promise<LakeObject[]> {
  const found: ObjectInfo[] = [];
  let index = 0;
  for await (const object of store.list(dayPrefix(day))) {
    // The console's "create folder" leaves an empty object whose key ends so.
    if (object.key.endsWith('/')) continue;
    if (index++ < offset) continue;
    found.push(object);
    if (found.length === limit) break;
  }
  const objects: LakeObject[] = [];
  for (const object of found) {
    const { key, size, modified } = object;
    const line = isNdjson(key) ? null : await onlyLine(store, object);
    objects.push({ key, size, modified: modified.toISOString(), line });
  }
  return objects;
}

/** @throws NotFoundError, also for what is no raw object */
async function objectAt(store: ObjectStore, key: string): Promise<ObjectInfo> {
  // The key comes from outside: only updates are read, nothing else that lies in the folder.
  const day = dayOfKey(key);
  if (day === undefined || !key.startsWith(dayPrefix(day))) throw new NotFoundError(key);
  for await (const object of store.list(key)) if (object.key === key) return object;
  throw new NotFoundError(key);
}

/**
 * Records of an object that holds one a line; where the object is damaged, those that come before
 * and then the damage.
 *
 * @throws NotFoundError
 */
export async function objectLines(
  store: ObjectStore,
  key: string,
  { offset, limit }: Slice,
): Promise<ObjectLines> {
  const object = await objectAt(store, key);
  const lines: ObjectLine[] = [];
  let total = 0;
  try {
    for await (const raw of readRawObject(store, key)) {
      if (total >= offset && lines.length < limit) lines.push(describeLine(raw, object));
      total++;
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const damage = { key, line: total, bytes: 0, update: null, problem: error.reason };
    if (total >= offset && lines.length < limit) lines.push(damage);
    total++;
  }
  return { lines, total };
}

/**
 * One record as it is stored.
 *
 * @throws NotFoundError; UnreadableError when it cannot even be unpacked
 */
export async function lineContent(
  store: ObjectStore,
  key: string,
  line: number,
): Promise<LineContent> {
  const object = await objectAt(store, key);
  for await (const raw of readRawObject(store, key)) {
    if (raw.line !== line) continue;
    const { text, isCut } = shownText(raw.bytes);
    return { line: describeLine(raw, object), text: text.replace(/^\ufeff/, '').trim(), isCut };
  }
  throw new NotFoundError(`${key}, line ${line}`);
}
