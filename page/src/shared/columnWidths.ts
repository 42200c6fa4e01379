import type { SqlResult } from '../../../src/local/api.ts';

/** Rows looked at: widths must not change while one scrolls. */
const SAMPLE = 200;

/** Pixels: of a character, of the space around it, and what is too narrow or too wide. */
const CHARACTER = 7.5;
const PADDING = 28;
const NARROWEST = 64;
const WIDEST = 360;

/** Width of each column in pixels, by its name and its first values. */
export function columnWidths({ columns, rows }: Pick<SqlResult, 'columns' | 'rows'>): number[] {
  const sample = rows.slice(0, SAMPLE);
  return columns.map((name, index) => {
    const longest = sample.reduce(
      (most, row) => Math.max(most, String(row[index] ?? 'null').length),
      name.length,
    );
    return Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(longest * CHARACTER + PADDING)));
  });
}
