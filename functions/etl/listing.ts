import { createHash } from 'node:crypto';

import type { Day } from '../../src/lake/days.ts';
import { dayPrefix } from '../../src/lake/keys.ts';
import { idRangeOf } from '../../src/lake/idRange.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import { lowerBound } from './idTable.ts';

/** The raw objects of a day, in the order of their keys. */
export async function* streamDay(raw: ObjectStore, day: Day): AsyncGenerator<ObjectInfo> {
  for await (const object of raw.list(dayPrefix(day))) {
    // The console's "create folder" leaves an empty object whose key ends so.
    if (!object.key.endsWith('/')) yield object;
  }
}

/** The raw objects of a day, all at once: 200 bytes and more for each. */
export async function listDay(raw: ObjectStore, day: Day): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const object of streamDay(raw, day)) objects.push(object);
  return objects;
}

/**
 * Whether an object can hold one of some updates, by its name.
 *
 * @param sortedIds numbers of the updates, in order
 */
export function mayHold({ key }: ObjectInfo, sortedIds: Float64Array): boolean {
  const range = idRangeOf(key);
  if (range === null) return true;
  const next = sortedIds[lowerBound(sortedIds, range.from)];
  return next !== undefined && next <= range.to;
}

/** A listing in 43 characters: it changes when an object comes, goes or is replaced. */
export class ListingHash {
  readonly #hash = createHash('sha256');

  /** Takes the next object of the listing. */
  add({ key, size, etag }: ObjectInfo): void {
    this.#hash.update(`${key}\n${size}\n${etag}\n`);
  }

  /** The hash of all that were added so far. */
  digest(): string {
    return this.#hash.copy().digest('base64url');
  }
}

/** The hash of a listing. */
export function listingHash(objects: readonly ObjectInfo[]): string {
  const hash = new ListingHash();
  for (const object of objects) hash.add(object);
  return hash.digest();
}

/** The hash of a day's listing as it is now. */
export async function hashDay(raw: ObjectStore, day: Day): Promise<string> {
  const hash = new ListingHash();
  for await (const object of streamDay(raw, day)) hash.add(object);
  return hash.digest();
}
