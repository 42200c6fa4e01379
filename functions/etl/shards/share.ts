import { type IdRange, idRangeOf } from '../../../src/lake/idRange.ts';
import type { ObjectInfo } from '../../../src/lake/objectStore.ts';

/*
 * A day is shared out by the numbers of its updates: whatever is compared with each other has the same
 * number, so that each share can be made by itself, and the rows are the same for any number of them.
 */

/** Updates of a day whose numbers lie in a range. */
export type Share = IdRange;

/** An object, with the numbers that it is taken to hold where its name does not tell. */
export interface SharedObject extends ObjectInfo {
  readonly ids?: IdRange | undefined;
}

/** Which updates an object is taken to hold; null when it may hold any. */
export function takenToHold({ key, ids }: SharedObject): IdRange | null {
  return ids ?? idRangeOf(key);
}

/** Numbers of updates are integers of up to 53 bits. */
const [LEAST, GREATEST] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/**
 * The shares between some numbers, in order: every number is in exactly one.
 *
 * @param cuts the first number of each share but the first, in order and each once
 */
export function sharesBetween(cuts: readonly number[]): Share[] {
  const starts = [LEAST, ...cuts];
  return starts.map((from, index) => ({ from, to: (starts[index + 1] ?? GREATEST + 1) - 1 }));
}

/** Whether a number is in a range. */
export function isIn({ from, to }: IdRange, id: number): boolean {
  return id >= from && id <= to;
}

/**
 * Whether a share answers for what cannot be read in an object: exactly one does. It has no number of
 * its own, so the first that the object may hold decides.
 */
export function isHomeOf(share: Share, object: SharedObject): boolean {
  return isIn(share, takenToHold(object)?.from ?? LEAST);
}

/** The indexes, first and last, of the shares that an object may hold updates of. */
export function sharesOf(
  shares: readonly Share[],
  range: IdRange | null,
): readonly [number, number] {
  if (range === null) return [0, shares.length - 1];
  return [shareOf(shares, range.from), shareOf(shares, range.to)];
}

/** The index of the share that a number is in. */
function shareOf(shares: readonly Share[], id: number): number {
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((shares[middle]?.from ?? id) <= id) low = middle;
    else high = middle - 1;
  }
  return low;
}
