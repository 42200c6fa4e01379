/**
 * Functions of Trino (the engine of Athena) that DuckDB lacks or means otherwise, as DuckDB macros:
 * by name, one line per signature. They shadow what DuckDB has under the same name, which stays in
 * reach as `system.main.*`. Meanings are from Trino's documentation, "Functions and operators".
 */
const MACROS: Readonly<Record<string, readonly string[]>> = {
  // Times. An instant is shown in UTC, as Athena's session does.
  from_unixtime: ['(seconds) AS epoch_ms(CAST(round(CAST(seconds AS DOUBLE) * 1000) AS BIGINT))'],
  to_unixtime: ['(moment) AS epoch(moment)'],
  // ISO: weeks start on Monday; DuckDB's own dow counts from Sunday, 0.
  day_of_week: ['(moment) AS isodow(moment)'],
  dow: ['(moment) AS isodow(moment)'],
  day_of_month: ['(moment) AS day(moment)'],
  day_of_year: ['(moment) AS dayofyear(moment)'],
  doy: ['(moment) AS dayofyear(moment)'],
  week_of_year: ['(moment) AS week(moment)'],
  year_of_week: ['(moment) AS isoyear(moment)'],
  yow: ['(moment) AS isoyear(moment)'],
  last_day_of_month: ['(moment) AS last_day(moment)'],
  // DuckDB's includes the seconds.
  millisecond: ['(moment) AS system.main.millisecond(moment) % 1000'],
  // EXTRACT(… FROM …) is this function to DuckDB's parser.
  date_part: [
    `(field, moment) AS CASE lower(field)
      WHEN 'dow' THEN isodow(moment)
      WHEN 'day_of_week' THEN isodow(moment)
      WHEN 'doy' THEN dayofyear(moment)
      ELSE system.main.date_part(field, moment) END`,
  ],
  // Whole units that have passed; DuckDB's date_diff counts the borders crossed.
  date_diff: ['(unit, earlier, later) AS datesub(unit, earlier, later)'],
  // The type of the moment is kept, which DuckDB's own does not do for dates.
  date_add: [
    `(unit, amount, moment DATE) AS CAST(moment + ${interval('amount')} AS DATE)`,
    `(unit, amount, moment TIMESTAMP) AS moment + ${interval('amount')}`,
  ],
  date_trunc: [
    '(unit, moment DATE) AS CAST(system.main.date_trunc(unit, moment) AS DATE)',
    '(unit, moment TIMESTAMP) AS system.main.date_trunc(unit, moment)',
  ],
  date_format: [`(moment, format) AS strftime(moment, ${strftimeFormat('format')})`],

  // null when any argument is; DuckDB's skip nulls.
  concat: arities(2, 8, (names) => names.join(' || ')),
  greatest: arities(2, 5, (names) => strict('system.main.greatest', names)),
  least: arities(2, 5, (names) => strict('system.main.least', names)),
  // 0 of no rows; DuckDB's gives null.
  count_if: ['(condition) AS count(CASE WHEN condition THEN 1 END)'],
  // The value at the highest (lowest) key even if it is null; DuckDB's pass over nulls.
  max_by: ['(value, key) AS arg_max_null(value, key)'],
  min_by: ['(value, key) AS arg_min_null(value, key)'],

  // All white space, not only blanks.
  trim: [`(string) AS system.main.trim(string, ${whiteSpace()})`],
  ltrim: [`(string) AS system.main.ltrim(string, ${whiteSpace()})`],
  rtrim: [`(string) AS system.main.rtrim(string, ${whiteSpace()})`],
  // Positions start at 1; before the string there is nothing.
  substr: substrings(),
  substring: substrings(),
  replace: [
    "(string, search) AS system.main.replace(string, search, '')",
    // Trino would put the replacement around every character; nobody means that.
    `(string, search, replacement) AS CASE WHEN search = ''
      THEN error('replace() searches for an empty text; name what to replace')
      ELSE system.main.replace(string, search, replacement) END`,
  ],
  // ß stays one letter.
  upper: [
    `(string) AS system.main.replace(
      system.main.upper(system.main.replace(string, 'ß', chr(1))), chr(1), 'ß')`,
  ],
  regexp_like: ['(string, pattern) AS regexp_matches(string, pattern)'],
  // Whole matches only; groups have other numbers of arguments.
  regexp_extract_all: ['(string, pattern) AS system.main.regexp_extract_all(string, pattern)'],
  split: [
    `(string, delimiter) AS CASE WHEN delimiter = ''
      THEN error('split() has an empty delimiter; name what separates')
      ELSE string_split(string, delimiter) END`,
  ],
  // null where there is no such part; DuckDB gives an empty text, and counts from the end below 0.
  split_part: [
    `(string, delimiter, index) AS CASE
      WHEN delimiter = '' OR index < 1
        THEN error('split_part() takes a delimiter that is not empty, and counts from 1')
      ELSE list_extract(string_split(string, delimiter), index) END`,
  ],

  // Lists are made by split() and regexp_extract_all() alone, so none holds a null.
  array_distinct: ['(list) AS list_distinct(list)'],
  cardinality: ['(list) AS len(list)'],
  contains: ['(list, element) AS list_contains(list, element)'],
  truncate: ['(x) AS trunc(x)'],
};

/** Names of the functions that the macros bring. */
export const MACRO_NAMES: ReadonlySet<string> = new Set(Object.keys(MACROS));

/** The statements that bring the macros. */
export function macroStatements(): readonly string[] {
  return Object.entries(MACROS).map(
    ([name, signatures]) => `CREATE OR REPLACE MACRO "${name}" ${signatures.join(', ')}`,
  );
}

function interval(amount: string): string {
  return `CASE lower(unit)
    WHEN 'second' THEN to_seconds(${amount})
    WHEN 'minute' THEN to_minutes(${amount})
    WHEN 'hour' THEN to_hours(${amount})
    WHEN 'day' THEN to_days(CAST(${amount} AS INTEGER))
    WHEN 'week' THEN to_weeks(CAST(${amount} AS INTEGER))
    WHEN 'month' THEN to_months(CAST(${amount} AS INTEGER))
    WHEN 'quarter' THEN to_months(CAST(3 * ${amount} AS INTEGER))
    WHEN 'year' THEN to_years(CAST(${amount} AS INTEGER))
    END`;
}

/** Translates a format of MySQL, which Trino speaks, into one of strftime. */
function strftimeFormat(format: string): string {
  const letters: readonly (readonly [mysql: string, strftime: string])[] = [
    // The order matters: %M is read before %i becomes one, %S before %s does.
    ['%M', '%B'],
    ['%i', '%M'],
    ['%s', '%S'],
    ['%W', '%A'],
    ['%e', '%-d'],
    ['%c', '%-m'],
    ['%k', '%-H'],
    ['%l', '%-I'],
    ['%h', '%I'],
    ['%r', '%I:%M:%S %p'],
    ['%T', '%H:%M:%S'],
    // Milliseconds are as fine as it gets.
    ['%f', '%g000'],
    ['%v', '%V'],
    ['%x', '%G'],
  ];
  const escaped = `system.main.replace(${format}, '%%', chr(1))`;
  const translated = letters.reduce(
    (sql, [mysql, strftime]) => `system.main.replace(${sql}, '${mysql}', '${strftime}')`,
    escaped,
  );
  return `system.main.replace(${translated}, chr(1), '%%')`;
}

function arities(
  from: number,
  to: number,
  body: (names: readonly string[]) => string,
): readonly string[] {
  const all = Array.from({ length: to }, (_, index) => `x${index + 1}`);
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const names = all.slice(0, from + index);
    return `(${names.join(', ')}) AS ${body(names)}`;
  });
}

/** A call whose result is null when any argument is. */
function strict(name: string, names: readonly string[]): string {
  const anyNull = names.map((argument) => `${argument} IS NULL`).join(' OR ');
  return `CASE WHEN ${anyNull} THEN NULL ELSE ${name}(${names.join(', ')}) END`;
}

function substrings(): readonly string[] {
  const outside = 'start = 0 OR start < -length(string)';
  return [
    `(string, start) AS CASE WHEN ${outside} THEN ''
      ELSE system.main.substr(string, start) END`,
    `(string, start, count) AS CASE WHEN ${outside} OR count <= 0 THEN ''
      ELSE system.main.substr(string, start, count) END`,
  ];
}

function whiteSpace(): string {
  const codePoints = [
    ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x1680],
    ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2008, 0x2009, 0x200a],
    ...[0x2028, 0x2029, 0x205f, 0x3000],
  ];
  return codePoints.map((codePoint) => `chr(${codePoint})`).join(' || ');
}
