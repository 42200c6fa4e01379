import { type Day, previousDay } from '../../src/lake/days.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import { streamDay } from './listing.ts';
import type { Share } from './shards/share.ts';

/** Where the rows of a day come from. */
export interface DaySource {
  /** The day's raw objects, in the order of their keys. */
  readonly objects: () => AsyncIterable<ObjectInfo>;
  /** Those of the day before, or those among them that may hold updates of the share. */
  readonly earlier: () => AsyncIterable<ObjectInfo>;
  /** Which updates become rows; null for all. */
  readonly share: Share | null;
}

/** A day as it lies in the store. */
export function wholeDay(raw: ObjectStore, day: Day): DaySource {
  return {
    objects: () => streamDay(raw, day),
    earlier: () => streamDay(raw, previousDay(day)),
    share: null,
  };
}
