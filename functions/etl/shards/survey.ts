import { idRangeOf } from '../../../src/lake/idRange.ts';
import type { ObjectInfo, ObjectStore } from '../../../src/lake/objectStore.ts';
import { isNdjson } from '../../../src/lake/rawRecords.ts';
import type { Day } from '../../../src/lake/days.ts';
import { NumberList } from '../idTable.ts';
import { ListingHash, streamDay } from '../listing.ts';
import { NamelessObjects, type RangeOf } from './namelessObjects.ts';
import { type Share, sharesBetween } from './share.ts';

/** Bytes that an update takes in an object of many: less is guessed rather than more. */
const BYTES = { plain: 1000, packed: 200 };

/** Numbers that are noted of each share: enough to cut a day into shares of one size. */
const NOTED = 10_000;

/** Shares of a day at most: a Map of Step Functions notes eight events of each, of 25,000. */
const MOST_SHARES = 1000;

/** How many updates an object holds, by its name and size; exact for an object of one. */
function guessUpdates({ key, size }: ObjectInfo): number {
  if (!isNdjson(key)) return 1;
  return Math.max(1, Math.round(size / (key.endsWith('.gz') ? BYTES.packed : BYTES.plain)));
}

/** What the listing of a day tells before anything is read. */
export interface Survey {
  /** Hash of the listing, see listing.ts. */
  readonly listing: string;
  /** Updates, as far as names and sizes tell. */
  readonly updates: number;
  /** Whether it holds more updates than a share should. */
  readonly isLarge: boolean;
  /**
   * Cuts the day so that no share holds more updates than wanted. Looks into objects whose names do not
   * tell what they hold.
   *
   * @throws UnavailableError
   */
  readonly cut: () => Promise<Cutting>;
}

/** A day as it is cut. */
export interface Cutting {
  /** One where all updates have the same number, or none is known. */
  readonly shares: readonly Share[];
  /** Of objects whose names do not tell. */
  readonly rangeOf: RangeOf;
}

/**
 * Lists a day to see how many shares it needs.
 *
 * @param updatesPerShard see the setting of this name
 * @param sample small objects to look into where names do not tell, see NamelessObjects
 * @throws UnavailableError
 */
export async function surveyDay(
  raw: ObjectStore,
  day: Day,
  updatesPerShard: number,
  sample?: number,
): Promise<Survey> {
  const hash = new ListingHash();
  const noted = new NumberList();
  const nameless = new NamelessObjects(sample);
  /** One number is noted of so many updates. */
  const distance = Math.max(1, updatesPerShard / NOTED);
  let [updates, sinceNoted] = [0, 0];
  for await (const object of streamDay(raw, day)) {
    hash.add(object);
    const count = guessUpdates(object);
    updates += count;
    const range = idRangeOf(object.key);
    if (range === null) {
      nameless.add(object, count);
      continue;
    }
    const first = distance - sinceNoted;
    let at = first;
    for (; at <= count; at += distance) {
      // Numbers of a batch follow each other.
      const offset = ((at - 1) / count) * (range.to - range.from);
      noted.push(range.from + Math.round(offset));
    }
    sinceNoted = count - (at - distance);
  }
  const wanted = Math.min(MOST_SHARES, Math.ceil(updates / updatesPerShard));
  const note = (id: number, count: number): void => {
    for (sinceNoted += count; sinceNoted >= distance; sinceNoted -= distance) noted.push(id);
  };
  return {
    listing: hash.digest(),
    updates,
    isLarge: wanted > 1,
    cut: async () => {
      const rangeOf = await nameless.look(raw, note);
      return { shares: cut(noted.sorted(), wanted), rangeOf };
    },
  };
}

/** Cuts where the same amount of numbers lies before, between and behind. */
function cut(sorted: Float64Array, count: number): Share[] {
  const cuts = new Set<number>();
  for (let index = 1; index < count; index++) {
    const number = sorted[Math.floor((index * sorted.length) / count)];
    if (number !== undefined && number !== sorted[0]) cuts.add(number);
  }
  return sharesBetween([...cuts]);
}
