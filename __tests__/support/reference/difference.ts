import type { Analysis } from '../../../src/analytics/analyses.ts';
import type { QueryResult, ResultValue } from '../../../src/analytics/result.ts';
import type { Row } from './rows.ts';

/** As much as two doubles may differ that are the same sum in another order. */
const TOLERANCE = 1e-9;

function isSame(a: ResultValue | undefined, b: ResultValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
}

/**
 * How a result differs from what it should be: in its columns, their types as the file's header
 * declares them, or a row at its place.
 *
 * @returns what differs first, in words; null when nothing does
 */
export function difference(
  { columns }: Pick<Analysis, 'columns'>,
  result: Pick<QueryResult, 'columns' | 'rows' | 'types'>,
  expected: readonly Row[],
): string | null {
  const declared = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  const given = result.columns.map((name, index) => `${name} ${result.types[index]}`).join(', ');
  if (given !== declared) return `The columns are ${given}; the header declares ${declared}.`;
  for (let index = 0; index < Math.max(expected.length, result.rows.length); index++) {
    const row = result.rows[index];
    const wanted = expected[index] && columns.map(({ name }) => expected[index]?.[name] ?? null);
    if (row && wanted && row.every((value, place) => isSame(value, wanted[place]))) continue;
    return `Row ${index} is ${JSON.stringify(row)} and should be ${JSON.stringify(wanted)}.`;
  }
  return null;
}
