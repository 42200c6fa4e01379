import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DialectError } from '../../../src/analytics/athena/dialect.ts';
import { openAnalytics } from '../../../src/analytics/duckdb.ts';
import type { Engine } from '../../../src/analytics/engine.ts';
import { temporaryFolder } from '../../support/folders.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let analytics: Engine;

beforeAll(async () => {
  folder = await temporaryFolder();
  analytics = await openAnalytics({ enrichedFolder: folder.path, sqlFolder: 'sql' });
});

afterAll(async () => {
  analytics.close();
  await folder.remove();
});

const MOMENT = "TIMESTAMP '2026-03-04 05:06:07.089'";

// Expectations are those of Trino's documentation, "Functions and operators"; a Trino 476 server
// gave each of them.
describe('means what Trino means', () => {
  test.each<[string, unknown]>([
    // Division of whole numbers, rounding of halves
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['round(2.5e0)', 3],
    ['round(-2.5e0)', -3],
    ['CAST(round(avg(x)) AS INTEGER) FROM (VALUES (2), (3)) AS t (x)', 3],
    ['truncate(-2.7e0)', -2],
    // Nulls
    ["concat('a', NULL)", null],
    ["concat('a', 'b', 'c')", 'abc'],
    ["'a' || NULL", null],
    ["concat_ws('-', 'a', NULL, 'b')", 'a-b'],
    ['greatest(1, NULL)', null],
    ['greatest(1, 3, 2)', 3],
    ['least(2, 1, NULL)', null],
    ['max_by(x, y) FROM (VALUES (1, 1), (NULL, 2)) AS t (x, y)', null],
    ['min_by(x, y) FROM (VALUES (1, 1), (NULL, 0)) AS t (x, y)', null],
    ['count_if(x > 1) FROM (VALUES (1), (2), (3)) AS t (x)', 2],
    ['count_if(x > 1) FROM (SELECT 1 AS x WHERE false) AS t', 0],
    ['if(1 = 2, 10, 20)', 20],
    // Texts
    ["length('👩‍👩‍👧‍👦🪴')", 8],
    ["substr('Trino', 2)", 'rino'],
    ["substr('Trino', -2)", 'no'],
    ["substr('Trino', 0)", ''],
    ["substr('Trino', -9)", ''],
    ["substring('Trino', 2, 3)", 'rin'],
    ["substr('Trino', 2, -1)", ''],
    ["trim(concat('  a b ', lower(' ')))", 'a b'],
    ["trim(' a\t\n')", 'a'],
    ["ltrim('\t a ')", 'a '],
    ["rtrim(' a \n')", ' a'],
    ["trim('\u3000a\u001f\u00a0')", 'a\u001f\u00a0'],
    ["upper('ação ß')", 'AÇÃO ß'],
    ["replace('abc', 'b', NULL)", null],
    ["replace('banana', 'an')", 'ba'],
    ["replace('banana', 'an', 'i')", 'biia'],
    ["strpos('banana', 'n')", 3],
    ["position('n' IN 'banana')", 3],
    ["regexp_like('1a 2b 14m', '\\d+b')", true],
    ["lpad('7', 3, '0')", '007'],
    ["split_part('pt-br', '-', 1)", 'pt'],
    ["split_part('pt-br', '-', 2)", 'br'],
    ["split_part('pt-br', '-', 3)", null],
    ["split_part(NULL, '-', 1)", null],
    ["split_part('', '-', 1)", ''],
    // Lists
    ["cardinality(split('a,b,', ','))", 3],
    ["cardinality(split('', ','))", 1],
    ["cardinality(split(NULL, ','))", null],
    ["cardinality(array_distinct(split('a,b,a', ',')))", 2],
    ["cardinality(regexp_extract_all('1a 2b 14m', '\\d+'))", 3],
    ["cardinality(regexp_extract_all('abc', '\\d+'))", 0],
    ["contains(split('a,b', ','), 'b')", true],
    ["contains(split('a,b', ','), 'c')", false],
    ["contains(split('a,b', ','), NULL)", null],
    ["contains(split(NULL, ','), 'a')", null],
    ["contains(regexp_extract_all('Olá, água! 1a', '[\\p{L}\\p{N}]{3,}'), 'água')", true],
    ["max(item) FROM UNNEST(split('a,c,b', ',')) AS items (item)", 'c'],
    ["count(*) FROM UNNEST(split('a,c,b', ',')) AS items (item)", 3],
    [
      "max(word) FROM (VALUES ('b d'), ('a c')) AS t (x) CROSS JOIN UNNEST(split(x, ' ')) AS words (word)",
      'd',
    ],
    // What there is nothing of disappears
    [
      "count(*) FROM (VALUES (NULL), ('a')) AS t (x) CROSS JOIN UNNEST(split(x, ' ')) AS w (word)",
      1,
    ],
    // Nulls come last, whichever way
    ['x FROM (VALUES (NULL), (1), (2)) AS t (x) ORDER BY x LIMIT 1', 1],
    ['x FROM (VALUES (NULL), (1), (2)) AS t (x) ORDER BY x DESC LIMIT 1', 2],
    [
      'row_number() OVER (ORDER BY x DESC) FROM (VALUES (NULL), (1), (2)) AS t (x) ORDER BY x DESC LIMIT 1',
      1,
    ],
    ['max_by(x, y) FROM (VALUES (1, 1), (2, NULL)) AS t (x, y)', 1],
    ["lower('ÁÉÎÕÇ ß Σ')", 'áéîõç ß σ'],
    ['bool_or(x) FROM (VALUES (true), (NULL)) AS t (x)', true],
    ['1e0 * 3 / NULLIF(4, 0)', 0.75],
    ['sum(x) OVER () FROM (VALUES (1), (2)) AS t (x)', 3],
    // Weeks are ISO's, weekdays go from 1 Monday to 7 Sunday
    ["day_of_week(DATE '2026-11-22')", 7],
    ["dow(DATE '2026-11-23')", 1],
    ["extract(dow FROM DATE '2026-11-22')", 7],
    ["extract(doy FROM DATE '2026-02-01')", 32],
    [`extract(hour FROM ${MOMENT})`, 5],
    ["day_of_year(DATE '2026-02-01')", 32],
    ["day_of_month(DATE '2026-02-03')", 3],
    ["week(DATE '2021-01-01')", 53],
    ["week_of_year(DATE '2021-01-04')", 1],
    ["year_of_week(DATE '2021-01-01')", 2020],
    ["yow(DATE '2018-12-31')", 2019],
    ["last_day_of_month(DATE '2024-02-10')", '2024-02-29'],
    [`millisecond(${MOMENT})`, 89],
    [`second(${MOMENT})`, 7],
    ["quarter(DATE '2026-11-22')", 4],
    // Instants are in UTC
    ['from_unixtime(0)', '1970-01-01T00:00:00'],
    ['from_unixtime(1760000000)', '2025-10-09T08:53:20'],
    ["to_unixtime(TIMESTAMP '2025-10-09 08:53:20')", 1_760_000_000],
    // Differences count whole units that have passed
    ["date_diff('day', TIMESTAMP '2020-03-01 23:00:00', TIMESTAMP '2020-03-02 01:00:00')", 0],
    [
      "date_diff('second', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')",
      86_400,
    ],
    ["date_diff('hour', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')", 24],
    ["date_diff('day', DATE '2020-03-01', DATE '2020-03-02')", 1],
    ["date_diff('day', DATE '2020-03-02', DATE '2020-03-01')", -1],
    ["date_diff('month', DATE '2020-01-15', DATE '2020-03-14')", 1],
    ["date_diff('month', DATE '2020-01-31', DATE '2020-02-29')", 1],
    ["date_diff('month', DATE '2020-03-31', DATE '2020-02-29')", -1],
    ["date_diff('month', TIMESTAMP '2020-01-31 12:00:00', TIMESTAMP '2020-02-29 11:00:00')", 0],
    ["date_diff('year', DATE '2020-02-29', DATE '2021-02-28')", 1],
    ["date_diff('week', DATE '2020-01-01', DATE '2020-01-14')", 1],
    ["date_diff('year', DATE '2019-12-31', DATE '2020-01-01')", 0],
    // The type of the moment is kept
    ["date_add('second', 86, TIMESTAMP '2020-03-01 00:00:00')", '2020-03-01T00:01:26'],
    ["date_add('hour', 9, TIMESTAMP '2020-03-01 00:00:00')", '2020-03-01T09:00:00'],
    ["date_add('day', -1, DATE '2020-03-01')", '2020-02-29'],
    ["date_add('week', 2, DATE '2020-03-01')", '2020-03-15'],
    ["date_add('month', 1, DATE '2026-01-31')", '2026-02-28'],
    ["date_add('quarter', 1, DATE '2026-01-31')", '2026-04-30'],
    ["date_add('year', 1, DATE '2024-02-29')", '2025-02-28'],
    ["date_trunc('month', DATE '2026-03-04')", '2026-03-01'],
    ["date_trunc('week', DATE '2026-11-22')", '2026-11-16'],
    [`date_trunc('hour', ${MOMENT})`, '2026-03-04T05:00:00'],
    ["date(TIMESTAMP '2026-03-04 05:06:07')", '2026-03-04'],
    // Formats are MySQL's
    [`date_format(${MOMENT}, '%Y-%m-%d %H:%i:%s')`, '2026-03-04 05:06:07'],
    [`date_format(${MOMENT}, '%W %a %M %b %y %e %c %k')`, 'Wednesday Wed March Mar 26 4 3 5'],
    ["date_format(TIMESTAMP '2026-03-04 15:06:07', '%h %I %l %p')", '03 03 3 PM'],
    [
      `date_format(${MOMENT}, '%T, %r, %j, %v %x, %f')`,
      '05:06:07, 05:06:07 AM, 063, 10 2026, 089000',
    ],
    [`date_format(${MOMENT}, '100 %%i')`, '100 %i'],
    ["context_date < current_date + INTERVAL '1' DAY FROM telegram WHERE false", undefined],
  ])('SELECT %s', async (expression, expected) => {
    const { rows } = await analytics.run(`SELECT ${expression}`);
    expect(rows[0]?.[0]).toBe(expected);
  });

  test("the course's own queries run, its last one with hours in UTC", async () => {
    const { rows, columns } = await analytics.run(`
      WITH
      parsed_date_cte AS (
        SELECT *, CAST(date_format(from_unixtime("date"), '%Y-%m-%d %H:%i:%s') AS timestamp) AS parsed_date
        FROM "telegram"
      ),
      hour_week_cte AS (
        SELECT *,
          EXTRACT(hour FROM parsed_date) AS parsed_date_hour,
          EXTRACT(dow FROM parsed_date) AS parsed_date_weekday,
          EXTRACT(week FROM parsed_date) AS parsed_date_weeknum
        FROM parsed_date_cte
      )
      SELECT parsed_date_hour, parsed_date_weekday, parsed_date_weeknum, count(1) AS "message_amount"
      FROM hour_week_cte
      GROUP BY parsed_date_hour, parsed_date_weekday, parsed_date_weeknum
      ORDER BY parsed_date_weeknum, parsed_date_weekday`);
    expect(rows).toEqual([]);
    expect(columns).toHaveLength(4);
  });
});

describe('refuses what Trino does not mean alike, and says what to write', () => {
  test.each([
    ['SELECT 1 / 0', /\/ by what may be 0 .* NULLIF\(…, 0\)/],
    ['SELECT count(*) / count(text) FROM messages', /NULLIF/],
    [
      'SELECT 100.0 * count(*) / NULLIF(count(text), 0) FROM messages',
      /to calculate with a decimal .* 1\.5e0/,
    ],
    ['SELECT CAST(avg(length(text)) AS INT) FROM telegram', /CAST\(round\(…\) AS INTEGER\)/],
    ['SELECT CAST(1.5e0 AS VARCHAR)', /CAST\(… AS VARCHAR\)/],
    ['SELECT avg(1.5)', /write 1\.5e0/],
    ['SELECT reverse(text) FROM messages', /function reverse\(\)/],
    ['SELECT CAST(1.555e0 AS DECIMAL(5, 2))', /round\(x, 2\)/],
    ["SELECT local_time AT TIME ZONE 'UTC' FROM messages", /AT TIME ZONE is not needed/],
    ["SELECT current_date - INTERVAL '7' DAY", /date_add\('day', -7, moment\)/],
    ["SELECT 1 FROM messages WHERE context_date = '2026-02-01'", /write DATE '2026-02-01'/],
    ["SELECT 1 FROM messages WHERE '2026-02-01' < messages.context_date", /DATE '2026-02-01'/],
    ["SELECT 1 FROM messages WHERE context_date IN (DATE '2026-02-01', '2026-02-02')", /DATE/],
    ["SELECT date_format(local_time, '%U') FROM messages", /%U in date_format\(\)/],
    ['SELECT date_format(local_time, text) FROM messages', /computed format/],
    ["SELECT date_diff('decade', local_time, local_time) FROM messages", /use one of second/],
    ['SELECT extract(epoch FROM local_time) FROM messages', /extract one of|use one of year/],
    ["SELECT isodow(DATE '2026-01-01')", /use day_of_week/],
    ["SELECT strftime(local_time, '%Y') FROM messages", /use date_format/],
    ["SELECT datediff('day', local_time, local_time) FROM messages", /use date_diff/],
    ['SELECT approx_distinct(user_id) FROM messages', /count\(DISTINCT …\)/],
    ['SELECT any_value(text) FROM messages', /min\(…\) or max\(…\)/],
    ["SELECT text ILIKE '%a%' FROM messages", /lower\(text\) LIKE/],
    ["SELECT text ~ 'a' FROM messages", /function regexp_full_match\(\)|operator ~/],
    ['SELECT max_by(text, update_id) OVER () FROM messages', /aggregate in a subquery/],
    ['SELECT max_by(text, update_id) FILTER (WHERE true) FROM messages', /filter in a subquery/],
    [
      'SELECT hour(local_time) AS h, count(*) FROM messages GROUP BY h',
      /new name "h" .* write its number/,
    ],
    ['SELECT text, count(*) FROM messages GROUP BY ALL', /GROUP BY ALL/],
    ['SELECT text FROM messages ORDER BY ALL', /ALL or COLUMNS/],
    ['SELECT * EXCLUDE (text) FROM messages', /EXCLUDE/],
    ['SELECT DISTINCT ON (user_id) * FROM messages', /DISTINCT ON/],
    ['SELECT 1 FROM messages QUALIFY row_number() OVER () = 1', /QUALIFY/],
    ['SELECT text FROM messages USING SAMPLE 5', /sample/],
    ['SELECT text FROM messages LIMIT 5%', /LIMIT with %/],
    ['SELECT [1, 2]', /function list_value\(\)/],
    ["SELECT {'a': 1}", /function struct_pack\(\)/],
    ['SELECT 1 UNION BY NAME SELECT 2', /BY NAME/],
    ['SELECT 1 FROM messages SEMI JOIN users USING (user_id)', /SEMI join/],
    ['WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x FROM a) SELECT * FROM a', /RECURSIVE/],
    ['SELECT system.main.greatest(1, NULL)', /function greatest\(\)/],
    ['SELECT no_such_function(1)', /function no_such_function\(\)/],
    [
      "SELECT unnest(split('a,b', ','))",
      /function unnest\(\) .* CROSS JOIN UNNEST\(list\) AS items/,
    ],
    ["SELECT 1 FROM UNNEST(split('a,b', ','))", /UNNEST without names/],
    ["SELECT 1 FROM UNNEST(split('a', ','), split('b', ',')) AS t (x, y)", /UNNEST of several/],
    ["SELECT 1 FROM UNNEST(split('a', ',')) WITH ORDINALITY AS t (x, n)", /UNNEST of several/],
    ["SELECT 1 FROM UNNEST(getenv('HOME')) AS t (x)", /function getenv\(\)/],
    ['SELECT median(answer_ms) FROM telegram', /number the rows by row_number\(\)/],
    ['SELECT approx_percentile(answer_ms, 0.5) FROM telegram', /row_number\(\)/],
    ["SELECT string_split(text, ' ') FROM telegram", /use split\(text, delimiter\)/],
    ["SELECT list_contains(split(text, ' '), 'a') FROM telegram", /use contains\(list, element\)/],
  ])('%s', async (sql, message) => {
    const run = analytics.run(sql);
    await expect(run).rejects.toThrow(DialectError);
    await expect(run).rejects.toThrow(message);
  });

  test('says where it stands, by characters a person sees', async () => {
    await expect(
      analytics.run("SELECT\n  'ação', isodow(local_time)\nFROM messages"),
    ).rejects.toThrow(/^line 2, column 11: function isodow\(\)/);
  });
});

describe('runs nothing but one SELECT over the lake', () => {
  test.each([
    ['DROP TABLE telegram_none', /Only SELECT/],
    ['SET threads = 1', /Only SELECT/],
    ["COPY (SELECT 1) TO '/tmp/x.csv'", /Only SELECT/],
    ['SELECT 1; SELECT 2', /There are 2 statements/],
    ['', /There are 0 statements/],
    ['SELEC 1', /^line 1, column 1: syntax error at or near "SELEC"/],
    ["SELECT * FROM '/etc/passwd'", /table "\/etc\/passwd"/],
    ["SELECT * FROM read_text('/etc/passwd')", /table function read_text\(\)/],
    ['SELECT * FROM duckdb_settings()', /table function duckdb_settings\(\)/],
    ['SELECT * FROM information_schema.tables', /table "information_schema\.tables"/],
    [
      'SELECT * FROM telegram_none',
      /there are telegram, runs, messages, latest_messages, sessions, users/,
    ],
    ["SELECT getenv('HOME')", /function getenv\(\)/],
    ["SELECT current_setting('threads')", /function current_setting\(\)/],
  ])('%s', async (sql, message) => {
    await expect(analytics.run(sql)).rejects.toThrow(message);
  });

  test('a decimal may be compared', async () => {
    const { rows } = await analytics.run('SELECT 1 FROM telegram WHERE answer_score > 0.5');
    expect(rows).toEqual([]);
  });

  test.each([
    ["split('a', '')", /empty delimiter/],
    ["split_part('a', '-', 0)", /counts from 1/],
    ["split_part('a', '-', -1)", /counts from 1/],
    ["split_part('a', '', 1)", /not empty/],
    // Trino looks for nothing in a text, and neither does this.
    ["contains('abc', 'b')", /VARCHAR\[\]/],
  ])('%s is an error, as in Trino', async (call, message) => {
    await expect(analytics.run(`SELECT ${call}`)).rejects.toThrow(message);
  });

  test('an empty search has no replacement', async () => {
    await expect(analytics.run("SELECT replace('abc', '', 'x')")).rejects.toThrow(/empty text/);
  });

  test('a column that there is not is named', async () => {
    await expect(analytics.run('SELECT texte FROM messages')).rejects.toThrow(/"texte" not found/);
  });
});
