import type { Analysis } from './analyses.ts';
import { HeaderError } from './header.ts';

/** The ORDER BY with which a query ends, perhaps before a LIMIT. */
const LAST_ORDER = /\bORDER\s+BY\s+([^()]+?)(?:\s+LIMIT\s+\d+)?\s*$/i;

/**
 * Holds that no two rows of a result may change places: the query ends in an ORDER BY, and that names
 * all columns which `rows.by` tells rows apart by.
 *
 * @throws HeaderError naming file and line
 */
export function checkTotalOrder({ name, sql, columns, rows }: Analysis): void {
  const file = `${name}.sql`;
  const found = LAST_ORDER.exec(sql);
  if (found === null) {
    const line = sql.trimEnd().split('\n').length;
    throw new HeaderError(
      `${file}:${line}: the query does not end in an ORDER BY of columns; add one, so that rows keep their places.`,
    );
  }
  const ordered = new Set(
    (found[1] ?? '').split(',').map((term) => {
      const [column = ''] = term.trim().split(/\s/);
      return /^\d+$/.test(column)
        ? (columns[Number(column) - 1]?.name ?? '')
        : (column.split('.').at(-1) ?? '');
    }),
  );
  const missing = Object.keys(rows?.by ?? {}).filter((column) => !ordered.has(column));
  if (missing.length === 0) return;
  const line = sql.slice(0, found.index).split('\n').length;
  throw new HeaderError(
    `${file}:${line}: rows that tie in ORDER BY may change places; add ${missing.join(', ')}.`,
  );
}
