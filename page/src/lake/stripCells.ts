import type { LakeDay } from '../../../src/local/api.ts';
import { daysOf, lengthOf, shift } from '../shared/period.ts';

/** So many days without anything are one gap: a single old object must not make a strip of years. */
const LONGEST_BLANK = 31;

/** A place in the strip. */
export type StripCell =
  | { readonly kind: 'blank'; readonly day: string }
  | { readonly kind: 'day'; readonly day: string; readonly of: LakeDay }
  | { readonly kind: 'gap'; readonly day: string; readonly length: number };

/** A month of the strip. */
export interface StripMonth {
  /** YYYY-MM */
  readonly month: string;
  readonly cells: readonly StripCell[];
}

/** The cells between two days that the lake has. */
function between(before: string, after: string): readonly StripCell[] {
  const period = { from: shift(before, 1), to: shift(after, -1) };
  const length = lengthOf(period);
  if (length > LONGEST_BLANK) return [{ kind: 'gap', day: period.from, length }];
  return length > 0 ? daysOf(period).map((day) => ({ kind: 'blank', day })) : [];
}

/**
 * The calendar strip: every day from the first of the lake to the last, or to today, by months.
 *
 * @param days in order
 * @param today YYYY-MM-DD
 */
export function stripCells(days: readonly LakeDay[], today: string): readonly StripMonth[] {
  const cells: StripCell[] = [];
  let before: string | null = null;
  for (const of of days) {
    if (before !== null) cells.push(...between(before, of.day));
    cells.push({ kind: 'day', day: of.day, of });
    before = of.day;
  }
  if (before !== null && before < today) {
    cells.push(...between(before, today), { kind: 'blank', day: today });
  }
  const months = new Map<string, StripCell[]>();
  for (const cell of cells) {
    const month = cell.day.slice(0, 7);
    const known = months.get(month);
    if (known) known.push(cell);
    else months.set(month, [cell]);
  }
  return [...months].map(([month, ofMonth]) => ({ month, cells: ofMonth }));
}

/** What a day's bar stands for: its messages, or its objects while they are not counted yet. */
export function weightOf({ messages, objects }: LakeDay): number {
  return messages ?? objects;
}
