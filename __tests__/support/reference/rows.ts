import type { ResultValue } from '../../../src/analytics/result.ts';

/** A row of a result, by column. */
export type Row = Readonly<Record<string, ResultValue>>;

/** Items that share a key, in the order in which the keys came. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  key: (item: Item) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const own = key(item);
    const group = groups.get(own);
    if (group) group.push(item);
    else groups.set(own, [item]);
  }
  return groups;
}

/** How many different ones; what is null is none. */
export function countDistinct<Item>(
  items: readonly Item[],
  value: (item: Item) => number | string | null | undefined,
): number {
  return new Set(items.map(value).filter((one) => one !== null && one !== undefined)).size;
}

/** By code points, as SQL compares texts; JavaScript compares halves of them. */
function compareTexts(a: string, b: string): number {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return Buffer.compare(first, second);
}

function compare(a: ResultValue, b: ResultValue): number {
  return typeof a === 'string' || typeof b === 'string'
    ? compareTexts(String(a), String(b))
    : Number(a) - Number(b);
}

/**
 * Sorts rows by columns, `-name` from high to low. Null comes last either way, as in Trino.
 *
 * @throws Error when two rows are alike in all of them: the order would not be total
 */
export function sortRows(rows: readonly Row[], ...columns: readonly string[]): Row[] {
  const keys = columns.map((column) => ({
    name: column.replace(/^-/, ''),
    sign: column.startsWith('-') ? -1 : 1,
  }));
  const order = (a: Row, b: Row): number => {
    for (const { name, sign } of keys) {
      const [first = null, second = null] = [a[name], b[name]];
      if (first === second) continue;
      if (first === null) return 1;
      if (second === null) return -1;
      const found = compare(first, second);
      if (found !== 0) return sign * found;
    }
    return 0;
  };
  const sorted = rows.toSorted(order);
  for (const [index, row] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && order(row, next) === 0) {
      throw new Error(`Two rows are alike in ${columns.join(', ')}: ${JSON.stringify(row)}`);
    }
  }
  return sorted;
}

/** The value at rank ⌈percent/100 · n⌉ of n sorted values; null of none. */
export function nearestRank(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? null;
}

/** A part of a whole; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The one with the highest number. @throws RangeError when there is none */
export function latest<Item>(items: readonly Item[], number: (item: Item) => number): Item {
  const [first, ...others] = items;
  if (first === undefined) throw new RangeError('There is no latest of nothing.');
  return others.reduce((last, item) => (number(item) > number(last) ? item : last), first);
}
