import { createHash } from 'node:crypto';

import type { Day } from '../../src/lake/days.ts';
import { dayPrefix } from '../../src/lake/keys.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';

/** The raw objects of a day. */
export async function listDay(raw: ObjectStore, day: Day): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const object of raw.list(dayPrefix(day))) {
    // The console's "create folder" leaves an empty object whose key ends so.
    if (!object.key.endsWith('/')) objects.push(object);
  }
  return objects;
}

/** A listing in 43 characters: it changes when an object comes, goes or is replaced. */
export function listingHash(objects: readonly ObjectInfo[]): string {
  const hash = createHash('sha256');
  for (const { key, size, etag } of objects) hash.update(`${key}\n${size}\n${etag}\n`);
  return hash.digest('base64url');
}
