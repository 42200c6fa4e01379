import { randomBytes } from 'node:crypto';

import { type Day, previousDay } from '../../../src/lake/days.ts';
import { idRangeOf } from '../../../src/lake/idRange.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import type { ObjectStore } from '../../../src/lake/objectStore.ts';
import { rejectedKeys } from '../../../src/lake/rejected.ts';
import type { DayFile } from '../dayFile.ts';
import { ListingHash, streamDay } from '../listing.ts';
import type { RangeOf } from './namelessObjects.ts';
import { type Share, type SharedObject, sharesOf, takenToHold } from './share.ts';
import type { Survey } from './survey.ts';
import { type ListName, ObjectList, Staging } from './staging.ts';

/** A day that is too large for one run. */
export interface LargeDay {
  readonly day: Day;
  /** As it is now: it is replaced only if it still is when the shards are done. */
  readonly file: DayFile | null;
  readonly survey: Pick<Survey, 'cut' | 'listing'>;
}

/** A run that is planned. */
export interface Planned {
  readonly staging: Staging;
  /** Numbers of its shards. */
  readonly shards: readonly number[];
}

/** Lists that are written at a time. */
const WRITES = 16;

/** Lists the objects of a day, for each share those that may hold its updates. */
async function shareOut(
  raw: ObjectStore,
  day: Day,
  shares: readonly Share[],
  { strays, rangeOf }: { readonly strays: ReadonlySet<string>; readonly rangeOf: RangeOf },
): Promise<{ readonly lists: readonly ObjectList[]; readonly listing: string }> {
  const lists = shares.map(() => new ObjectList(day));
  const hash = new ListingHash();
  for await (const found of streamDay(raw, day)) {
    hash.add(found);
    const { key } = found;
    const isStray = strays.has(key);
    const ids = isStray || idRangeOf(key) ? null : rangeOf(key);
    const object: SharedObject = ids ? { ...found, ids } : found;
    const [first, last] = sharesOf(shares, isStray ? null : takenToHold(object));
    for (let index = first; index <= last; index++) lists[index]?.add(object);
  }
  return { lists, listing: hash.digest() };
}

async function putLists(
  staging: Staging,
  name: ListName,
  lists: readonly ObjectList[],
): Promise<void> {
  for (let start = 0; start < lists.length; start += WRITES) {
    await Promise.all(
      lists.slice(start, start + WRITES).map((list, at) => staging.putList(name, start + at, list)),
    );
  }
}

/**
 * Plans a run of a day in shards: the day is listed once for all of them, so that they have the same
 * objects before them, however long they take.
 *
 * @throws UnavailableError
 */
export async function planShards(
  { raw, enriched }: Lake,
  { day, file, survey }: LargeDay,
): Promise<Planned> {
  const { shares, rangeOf } = await survey.cut();
  const staging = new Staging(enriched, day, randomBytes(6).toString('hex'));
  await staging.putRejectedBefore(await rejectedKeys(raw, day));
  const strays = await staging.strays();
  const today = await shareOut(raw, day, shares, { strays, rangeOf });
  await putLists(staging, 'objects', today.lists);
  const earlier = await shareOut(raw, previousDay(day), shares, {
    strays: new Set(),
    rangeOf: () => null,
  });
  await putLists(staging, 'earlier', earlier.lists);
  await staging.putPlan({
    v: 1,
    etag: file?.etag ?? null,
    listing: today.listing,
    earlierListing: earlier.listing,
    shares: [...shares],
  });
  return { staging, shards: [...shares.keys()] };
}
