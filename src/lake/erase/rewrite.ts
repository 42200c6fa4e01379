import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { ObjectStore, ObjectVersion } from '../objectStore.ts';
import { isNdjson } from '../rawRecords.ts';
import type { Examined } from './examine.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * Writes an object anew with other lines in the place of some. A line that goes leaves an empty one,
 * which is no record: the numbers of the lines after it stay, and `rejected/` names them.
 *
 * @returns null when no record is left
 */
export async function withLines(
  key: string,
  bytes: Uint8Array,
  lines: Examined['lines'],
): Promise<Uint8Array | null> {
  const isPacked = key.endsWith('.gz');
  if (!isNdjson(key)) {
    const left = lines.get(0) ?? null;
    if (left === null) return null;
    const text = Buffer.from(`${left}\n`);
    return isPacked ? pack(text) : text;
  }
  // latin1 keeps every byte as it is, also of lines that are no UTF-8.
  const all = Buffer.from(isPacked ? await unpack(bytes) : bytes)
    .toString('latin1')
    .split('\n');
  for (const [line, left] of lines) {
    all[line] = left === null ? '' : Buffer.from(left).toString('latin1');
  }
  if (all.every((line) => line.trim() === '')) return null;
  const text = Buffer.from(all.join('\n'), 'latin1');
  return isPacked ? pack(text) : text;
}

/** Deletes the versions of an object that are not the latest, for good. @returns how many there were */
export async function purgeOlder(store: ObjectStore, key: string): Promise<number> {
  const older: ObjectVersion[] = [];
  for await (const version of store.versions(key)) {
    if (version.key === key && !version.isLatest) older.push(version);
  }
  await store.deleteVersions(older);
  return older.length;
}

/** Deletes an object with all its versions, for good. @returns how many older ones there were */
export async function purge(store: ObjectStore, key: string): Promise<number> {
  await store.delete([key]);
  const older = await purgeOlder(store, key);
  // Where a bucket keeps versions, the one that was deleted just now is among them.
  return Math.max(0, older - 1);
}
