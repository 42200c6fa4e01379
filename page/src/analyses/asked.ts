import type { AnalysisResult, ResultValue } from '../../../src/local/api.ts';
import type { PointedAt } from '../../../src/charts/drawing.ts';
import type { Analysis } from './analysis.ts';

/** A number of the dashboard, behind which rows are asked for. */
export interface Asked {
  readonly analysis: string;
  /** Values that tell the number's rows, by column. */
  readonly values: Readonly<Record<string, ResultValue>>;
  /** Column that the number stands in; null when it is in none. */
  readonly number: string | null;
}

/** What somebody points at, narrowed to what tells its rows; null where there are none to show. */
export function asked(analysis: Analysis, { values, number }: PointedAt): Asked | null {
  if (!analysis.rows) return null;
  const { by, numbers } = analysis.rows;
  return {
    analysis: analysis.name,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => by.includes(name))),
    number: number !== null && numbers.includes(number) ? number : null,
  };
}

/** The rows of a result's row. */
export function askedOfRow(
  analysis: Analysis,
  result: Pick<AnalysisResult, 'columns'>,
  row: readonly ResultValue[],
): Asked | null {
  const values = Object.fromEntries(result.columns.map((name, at) => [name, row[at] ?? null]));
  return asked(analysis, { values, number: null });
}

/** Reads from the query which rows are open. */
export function askedIn(params: URLSearchParams): Asked | null {
  const analysis = params.get('rows');
  if (!analysis) return null;
  return { analysis, values: valuesIn(params.get('at')), number: params.get('number') };
}

function valuesIn(text: string | null): Asked['values'] {
  if (text === null) return {};
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Asked['values']) : {};
  } catch {
    // Somebody changed the URL by hand: all rows are shown.
    return {};
  }
}

/** Query parameters that open rows; all null closes them. */
export function askedParams(
  ask: Asked | null,
): Readonly<Record<'at' | 'number' | 'rows', string | null>> {
  if (!ask) return { rows: null, at: null, number: null };
  const isWhole = Object.keys(ask.values).length === 0;
  return {
    rows: ask.analysis,
    at: isWhole ? null : JSON.stringify(ask.values),
    number: ask.number,
  };
}
