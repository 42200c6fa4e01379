import { AGGREGATES, SHARED_FUNCTIONS, WINDOW_FUNCTIONS } from './allowed.ts';
import { MACRO_NAMES } from './macros.ts';

/** How DuckDB's parser calls what is written count(*) and EXTRACT(… FROM …). */
const PARSERS: ReadonlySet<string> = new Set(['count_star', 'date_part']);

/** Names of all functions that a query may call, sorted. */
export const FUNCTIONS: readonly string[] = [
  ...new Set([...SHARED_FUNCTIONS, ...AGGREGATES, ...WINDOW_FUNCTIONS, ...MACRO_NAMES]),
]
  .filter((name) => !PARSERS.has(name))
  .sort();
