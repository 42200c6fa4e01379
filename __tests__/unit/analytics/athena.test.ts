import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DialectError } from '../../../src/analytics/athena/dialect.ts';
import { openAnalytics } from '../../../src/analytics/duckdb.ts';
import type { Engine } from '../../../src/analytics/engine.ts';
import { DIALECT_CASES } from '../../support/dialectCases.ts';
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

// A Trino 476 server gives the same (npm run test:trino).
describe('means what Trino means', () => {
  test.each(DIALECT_CASES)('SELECT %s', async (expression, expected) => {
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
    ['', /There is no query; write one SELECT/],
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
    // Trino finds nothing in a text, only in a list.
    ["contains('abc', 'b')", /VARCHAR\[\]/],
  ])('%s is an error', async (call, message) => {
    await expect(analytics.run(`SELECT ${call}`)).rejects.toThrow(message);
  });

  test('an empty search has no replacement', async () => {
    await expect(analytics.run("SELECT replace('abc', '', 'x')")).rejects.toThrow(/empty text/);
  });

  test('a column that there is not is named', async () => {
    await expect(analytics.run('SELECT texte FROM messages')).rejects.toThrow(/"texte" not found/);
  });
});
