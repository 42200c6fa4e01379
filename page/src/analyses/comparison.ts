import type { AnalysisResult, ResultValue } from '../../../src/local/api.ts';
import { lengthOf, shift } from '../shared/period.ts';
import type { Analysis } from './analysis.ts';

/** Units that are places in a calendar: the period before has others. */
const CALENDAR = ['week', 'month', 'iso_year', 'iso_week'];

/** Columns whose numbers can be set beside those of the period before. */
export function comparedColumns(analysis: Analysis): readonly string[] {
  const key = keyOf(analysis);
  if (!key) return [];
  return analysis.columns
    .filter(({ name, type, unit }) => {
      return unit !== null && /^(bigint|integer|double)$/.test(type) && !key.includes(name);
    })
    .map(({ name }) => name);
}

/**
 * Finds, for each row, the one of the period before: the one with the same label, or the day as many
 * days earlier.
 *
 * @returns rows in the order of the result's, null where there is none; null when nothing is compared
 */
export function rowsBefore(
  analysis: Analysis,
  result: AnalysisResult,
): readonly (readonly ResultValue[] | null)[] | null {
  const { before } = result;
  const key = keyOf(analysis);
  if (!before || !key) return null;
  const length = lengthOf(before);
  const places = key.map((name) => ({
    at: result.columns.indexOf(name),
    isDay: analysis.columns.some((column) => column.name === name && column.unit === 'day'),
  }));
  const nameOf = (row: readonly ResultValue[], days: number) =>
    JSON.stringify(
      places.map(({ at, isDay }) => {
        const value = row[at] ?? null;
        return isDay && typeof value === 'string' ? shift(value, days) : value;
      }),
    );
  const earlier = new Map(before.rows.map((row) => [nameOf(row, 0), row]));
  return result.rows.map((row) => earlier.get(nameOf(row, -length)) ?? null);
}

/** Columns that say what a row is about; null where the calendar tells rows apart. */
function keyOf({ rows, columns }: Analysis): readonly string[] | null {
  if (!rows || rows.by.length === 0) return null;
  const isCalendar = columns.some(
    ({ name, unit }) => rows.by.includes(name) && CALENDAR.includes(unit ?? ''),
  );
  return isCalendar ? null : rows.by;
}
