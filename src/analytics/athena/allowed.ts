/**
 * What a query may use: what Athena (Trino) and DuckDB mean alike, with the macros of macros.ts in
 * place. An allow-list, so that what nobody has compared fails instead of giving another number.
 */

/** Functions that mean the same in both engines. */
export const SHARED_FUNCTIONS: ReadonlySet<string> = new Set([
  // Times
  ...['date', 'day', 'hour', 'minute', 'month', 'quarter', 'second', 'week', 'year'],
  // Texts
  ...['concat_ws', 'length', 'lower', 'lpad', 'position', 'rpad', 'starts_with'],
  ...['strpos'],
  // Numbers
  ...['abs', 'ceil', 'ceiling', 'exp', 'floor', 'ln', 'log10', 'log2', 'pow', 'power', 'round'],
  ...['sign', 'sqrt'],
  // Others
  ...['nullif'],
]);

/** Aggregates that mean the same in both engines. */
export const AGGREGATES: ReadonlySet<string> = new Set([
  ...['avg', 'bool_and', 'bool_or', 'count', 'count_star', 'max', 'min'],
  ...['stddev', 'stddev_pop', 'stddev_samp', 'sum', 'var_pop', 'var_samp', 'variance'],
]);

/** What else may stand before OVER. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['cume_dist', 'dense_rank', 'first_value', 'lag', 'last_value', 'lead', 'nth_value'],
  ...['ntile', 'percent_rank', 'rank', 'row_number'],
]);

/** `~~` is LIKE. */
export const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '||', '~~', '!~~']);

/** What EXTRACT(… FROM …) may take. */
export const FIELDS: ReadonlySet<string> = new Set([
  ...['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'],
  ...['dow', 'day_of_week', 'doy'],
]);

/** Units that date_add, date_diff and date_trunc take. */
export const UNITS: ReadonlySet<string> = new Set([
  ...['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'],
]);

/** Letters that date_format takes after `%`; the others Trino refuses as well. */
export const FORMAT_LETTERS = 'abcdefHhIijklMmprSsTvWxYy%';

/** Types one may cast to. */
export const CASTS: ReadonlySet<string> = new Set([
  ...['BIGINT', 'DATE', 'DOUBLE', 'INTEGER', 'TIMESTAMP'],
]);

/** Calls whose result is whole, so that a cast to an integer has nothing to round. */
export const WHOLE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['ceil', 'ceiling', 'count', 'count_if', 'count_star', 'floor', 'length', 'round'],
  ...['truncate'],
]);

/** Kinds of expression, in the words of DuckDB's parser. */
export const EXPRESSIONS: ReadonlySet<string> = new Set([
  ...['BETWEEN', 'CASE', 'CAST', 'COLUMN_REF', 'COMPARISON', 'CONJUNCTION', 'CONSTANT'],
  ...['FUNCTION', 'OPERATOR', 'STAR', 'SUBQUERY', 'WINDOW'],
]);

/** Kinds of OPERATOR, in the words of DuckDB's parser. */
export const OPERATOR_TYPES: ReadonlySet<string> = new Set([
  ...['COMPARE_IN', 'COMPARE_NOT_IN', 'OPERATOR_COALESCE', 'OPERATOR_IS_NOT_NULL'],
  ...['OPERATOR_IS_NULL', 'OPERATOR_NOT'],
]);

/** What may stand in FROM, in the words of DuckDB's parser. */
export const TABLE_TYPES: ReadonlySet<string> = new Set([
  ...['BASE_TABLE', 'EMPTY', 'EXPRESSION_LIST', 'JOIN', 'SUBQUERY'],
]);

/** Better ways to say what is refused; Athena knows each of them. */
export const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['any_value', 'use min(…) or max(…), which give the same on every run'],
  ['approx_count_distinct', 'use count(DISTINCT …)'],
  ['approx_distinct', 'use count(DISTINCT …)'],
  ['arbitrary', 'use min(…) or max(…), which give the same on every run'],
  ['arg_max', 'use max_by(value, key)'],
  ['arg_min', 'use min_by(value, key)'],
  ['char_length', 'use length(text)'],
  ['datediff', "use date_diff('day', earlier, later)"],
  ['datesub', "use date_diff('day', earlier, later)"],
  ['dayofweek', 'use day_of_week(moment)'],
  ['dayofyear', 'use day_of_year(moment)'],
  ['isodow', 'use day_of_week(moment)'],
  ['isoyear', 'use year_of_week(moment)'],
  ['now', 'use current_date'],
  ['list_contains', 'use contains(list, element)'],
  ['list_distinct', 'use array_distinct(list)'],
  ['len', 'use cardinality(list), or length(text)'],
  ['percentile_cont', 'number the rows by row_number(), as decision_time_per_day.sql does'],
  ['quantile_cont', 'number the rows by row_number(), as decision_time_per_day.sql does'],
  ['approx_percentile', 'number the rows by row_number(), as decision_time_per_day.sql does'],
  ['median', 'number the rows by row_number(), as decision_time_per_day.sql does'],
  ['regexp_matches', 'use regexp_like(text, pattern)'],
  ['strftime', "use date_format(moment, '%Y-%m-%d')"],
  ['date_parse', 'use CAST(text AS TIMESTAMP)'],
  ['string_split', 'use split(text, delimiter)'],
  ['strptime', 'use CAST(text AS TIMESTAMP)'],
  ['timezone', 'AT TIME ZONE is not needed: local_time is in the zone of the lake'],
  ['unnest', 'write FROM … CROSS JOIN UNNEST(list) AS items (item)'],
  ['weekofyear', 'use week(moment)'],
  ['~~*', "use lower(text) LIKE '…'"],
  ['!~~*', "use lower(text) NOT LIKE '…'"],
]);
