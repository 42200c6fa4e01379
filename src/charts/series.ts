import type { ChartResult } from './drawing.ts';

/** Key of the series that holds all the small ones. */
export const OTHERS = 'others';

/** One line or part of a chart: a value for each place on the axis, null where there is none. */
export interface Series {
  readonly key: string;
  readonly label: string | null;
  readonly values: readonly (number | null)[];
}

interface Growing {
  readonly key: string;
  readonly label: string | null;
  readonly values: (number | null)[];
  weight: number;
}

/**
 * Sorts an analysis's rows into series over days (or the first days of weeks or months), the
 * heaviest first.
 *
 * @param request.x,y,split places of the day, the amount and the series' label in a row
 * @param request.identity places of the columns that tell series apart, so that two people of one
 *   name stay two
 * @param request.additive whether amounts of several series can be added to `OTHERS`; days without a
 *   row then count zero, from the first day that has one to the last that was closed
 * @param request.lastClosed later days are not known yet
 * @param request.most how many series at most, `OTHERS` not counted
 * @returns the series, and how many there are in all
 */
export function seriesOf(request: {
  readonly result: ChartResult;
  readonly days: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly split: number | null;
  readonly identity: readonly number[];
  readonly additive: boolean;
  readonly lastClosed: string;
  readonly most: number;
}): { readonly series: readonly Series[]; readonly count: number } {
  const { result, days, x, y, split, identity, additive, lastClosed, most } = request;
  const places = new Map(days.map((day, index) => [day, index]));
  const first = result.rows
    .map((row) => String(row[x]))
    .reduce((a, b) => (a < b ? a : b), lastClosed);
  const isZero = (day: string) => additive && day >= first && day <= lastClosed;
  const found = new Map<string, Growing>();
  for (const row of result.rows) {
    const at = places.get(String(row[x]));
    const amount = row[y];
    if (at === undefined || typeof amount !== 'number') continue;
    const key = identity.map((index) => String(row[index] ?? '')).join('\n');
    const one = found.get(key) ?? {
      key,
      label: nameOf(split === null ? null : row[split]),
      values: days.map((day) => (isZero(day) ? 0 : null)),
      weight: 0,
    };
    found.set(key, one);
    one.values[at] = (one.values[at] ?? 0) + amount;
    // Averages weigh by the number of days that have one.
    one.weight += additive ? amount : 1;
  }
  const sorted = [...found.values()].sort((a, b) => b.weight - a.weight);
  const shown: Series[] = sorted.slice(0, most);
  const rest = sorted.slice(most);
  if (additive && rest.length > 0) {
    const values = days.map((day, at) =>
      isZero(day) ? rest.reduce((sum, one) => sum + (one.values[at] ?? 0), 0) : null,
    );
    shown.push({ key: OTHERS, label: null, values });
  }
  return { series: shown, count: sorted.length };
}

function nameOf(value: boolean | number | string | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
