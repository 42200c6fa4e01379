import pMap from 'p-map';

import type { ObjectInfo, ObjectStore } from '../lake/objectStore.ts';
import { NotFoundError } from '../lake/objectStore.ts';
import { dayPrefix } from '../lake/keys.ts';
import { parseRecord, readRawObject, UnreadableError } from '../lake/rawRecords.ts';
import type { RecordRef } from './api.ts';
import { firstDeliveries } from './firstDeliveries.ts';
import { listDays } from './listDays.ts';
import type { RecentRecord } from './recentRecord.ts';
import type { RecentRecords } from './recentRecords.ts';

/** Objects read at a time: a folder's disk is kept busy, its file handles are not used up. */
const CONCURRENCY = 32;

/** Reads the records of one object; what cannot be read is left to the ETL, which says why. */
async function readRecords(store: ObjectStore, object: ObjectInfo): Promise<RecentRecord[]> {
  const records: RecentRecord[] = [];
  try {
    for await (const line of readRawObject(store, object.key)) {
      try {
        records.push({ ...parseRecord(line, object), ref: { key: object.key, line: line.line } });
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableError) && !(error instanceof NotFoundError)) throw error;
  }
  return records;
}

/** Reads the records of some objects, in their order; what cannot be read is left out. */
export async function readObjects(
  store: ObjectStore,
  objects: readonly ObjectInfo[],
): Promise<RecentRecord[]> {
  const records = await pMap(objects, (object) => readRecords(store, object), {
    concurrency: CONCURRENCY,
  });
  return records.flat();
}

/**
 * Reads one record.
 *
 * @throws NotFoundError; UnreadableError when it is no update
 */
export async function loadRecord(store: ObjectStore, ref: RecordRef): Promise<RecentRecord> {
  for await (const object of store.list(ref.key)) {
    if (object.key !== ref.key) continue;
    for await (const line of readRawObject(store, ref.key)) {
      if (line.line === ref.line) return { ...parseRecord(line, object), ref };
    }
  }
  throw new NotFoundError(ref.key);
}

/**
 * Fills the memory with a lake's newest days.
 *
 * @param limit.days how many days that hold something
 * @param limit.records no further day is begun beyond this many
 */
export async function loadRecent(
  store: ObjectStore,
  into: RecentRecords,
  limit: { readonly days: number; readonly records: number },
): Promise<void> {
  const days = (await listDays(store)).slice(-limit.days).reverse();
  const loaded: RecentRecord[][] = [];
  let count = 0;
  for (const day of days) {
    if (count >= limit.records) break;
    const objects: ObjectInfo[] = [];
    for await (const object of store.list(dayPrefix(day))) objects.push(object);
    loaded.unshift(await readObjects(store, objects));
    count += loaded[0]?.length ?? 0;
  }
  for (const record of firstDeliveries(loaded.flat())) into.add(record);
}
