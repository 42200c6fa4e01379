import pMap from 'p-map';

import type { IdRange } from '../../../src/lake/idRange.ts';
import type { ObjectInfo, ObjectStore } from '../../../src/lake/objectStore.ts';
import { readIds } from './readIds.ts';

/*
 * What objects hold whose names do not tell: imports, the course's objects, what somebody put there.
 * Large ones are looked through. Of small ones, of which there may be millions, a sample is; the others
 * are taken to hold numbers like those around them in the listing, which is so where names are times.
 */

/** How many small objects are looked into, at least when there are so many; twice as many at most. */
const SAMPLE = 1000;

/** Bytes from which on an object is looked through in any case. */
const LARGE = 1024 * 1024;

/** Objects that are looked through at a time. */
const AT_A_TIME = 16;

/** An object to look into, and how many updates it and those that it stands for hold. */
interface Chosen {
  readonly key: string;
  updates: number;
}

/** What was found in an object. */
interface Found {
  readonly key: string;
  readonly range: IdRange;
}

/** The numbers that an object may hold, as far as is known; null when it may hold any. */
export type RangeOf = (key: string) => IdRange | null;

/** Objects whose names tell no numbers, in the order of their listing. */
export class NamelessObjects {
  readonly #size: number;
  readonly #large: Chosen[] = [];
  #sample: Chosen[] = [];
  /** One of so many small objects is in the sample. */
  #distance = 1;
  #small = 0;

  /** @param sample see SAMPLE */
  constructor(sample = SAMPLE) {
    this.#size = sample;
  }

  /** @param updates that it holds, a guess */
  add({ key, size }: ObjectInfo, updates: number): void {
    if (size >= LARGE) {
      this.#large.push({ key, updates });
      return;
    }
    if (this.#small++ % this.#distance !== 0) {
      const last = this.#sample.at(-1);
      if (last) last.updates += updates;
      return;
    }
    this.#sample.push({ key, updates });
    if (this.#sample.length > 2 * this.#size) this.#thin();
  }

  /** Every second one goes, and the one before stands for it. */
  #thin(): void {
    const kept: Chosen[] = [];
    for (const [index, { key, updates }] of this.#sample.entries()) {
      const last = kept.at(-1);
      if (last && index % 2 === 1) last.updates += updates;
      else kept.push({ key, updates });
    }
    this.#sample = kept;
    this.#distance *= 2;
  }

  /**
   * Looks into the objects.
   *
   * @param note is called with numbers, and for how many updates each stands
   * @throws UnavailableError
   */
  async look(raw: ObjectStore, note: (id: number, updates: number) => void): Promise<RangeOf> {
    const look = (chosen: readonly Chosen[]) =>
      pMap(chosen, (one) => lookInto(raw, one, note), { concurrency: AT_A_TIME });
    const large = new Map(
      (await look(this.#large)).flatMap((found) => (found ? [[found.key, found.range]] : [])),
    );
    const largeKeys = new Set(this.#large.map(({ key }) => key));
    const around = rangeAround((await look(this.#sample)).filter((found) => found !== null));
    return (key) => (largeKeys.has(key) ? (large.get(key) ?? null) : around(key));
  }
}

/** Numbers of an object that are noted at most. */
const NOTED = 1000;

async function lookInto(
  raw: ObjectStore,
  { key, updates }: Chosen,
  note: (id: number, updates: number) => void,
): Promise<Found | null> {
  let ids: number[] = [];
  let [distance, seen] = [1, 0];
  const range = await readIds(raw, key, (id) => {
    if (seen++ % distance !== 0) return;
    ids.push(id);
    if (ids.length < 2 * NOTED) return;
    ids = ids.filter((_, index) => index % 2 === 0);
    distance *= 2;
  });
  for (const id of ids) note(id, updates / ids.length);
  return range && { key, range };
}

/**
 * What objects hold that lie among those of a sample: numbers between the least that comes from the
 * second before them on, and the greatest that has come by the second behind them. Where numbers do not
 * rise with names, this is nearly all of them.
 */
function rangeAround(sample: readonly Found[]): RangeOf {
  const least: number[] = [];
  const greatest: number[] = [];
  for (const { range } of sample) greatest.push(Math.max(range.to, greatest.at(-1) ?? range.to));
  for (const { range } of sample.toReversed()) {
    least.push(Math.min(range.from, least.at(-1) ?? range.from));
  }
  least.reverse();
  const exact = new Map(sample.map(({ key, range }) => [key, range]));
  const first = (key: string): number => {
    let [low, high] = [0, sample.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sample[middle]?.key ?? key) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (key) => {
    const known = exact.get(key);
    if (known || sample.length === 0) return known ?? null;
    const behind = first(key);
    // Beyond the ends anything may come.
    const from = least[behind - 2] ?? Number.MIN_SAFE_INTEGER;
    const to = greatest[behind + 1] ?? Number.MAX_SAFE_INTEGER;
    return { from: Math.min(from, to), to };
  };
}
