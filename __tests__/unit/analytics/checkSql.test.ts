import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { checkSql } from '../../../scripts/check-sql.ts';
import { temporaryFolder } from '../../support/folders.ts';

const HEADER = `-- title: { en: Days, pt: Dias }
-- question: { en: How many?, pt: Quantos? }
-- section: activity
-- time_zone: lake
-- columns:
--   - { name: context_date, type: date, unit: day, title: { en: Day, pt: Dia } }
--   - { name: message_amount, type: bigint, unit: messages, title: { en: Sent, pt: Enviadas } }
-- chart: { kind: line, x: context_date, y: message_amount }
-- rows:
--   of: messages
--   where: user_id IS NOT NULL
--   by: { context_date: context_date }
--   numbers: { message_amount: { of: telegram, where: answer_ms > 1 } }
`;
const QUERY = `
SELECT context_date, count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
GROUP BY 1
ORDER BY 1
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
  await cp('sql/views', join(folder.path, 'views'), { recursive: true });
});

afterEach(async () => {
  await folder.remove();
});

/** What is wrong with a file, after one change to it. */
async function mistakesAfter(from: string, to: string): Promise<readonly string[]> {
  const sql = HEADER + QUERY;
  expect(sql.split(from)).toHaveLength(from === '' ? sql.length : 2);
  await writeFile(join(folder.path, 'days.sql'), from === '' ? sql : sql.replace(from, () => to));
  return checkSql(folder.path);
}

describe('checkSql', () => {
  test('finds nothing in the files of sql/', async () => {
    expect(await checkSql('sql')).toEqual([]);
  });

  test('finds nothing in a file as it should be', async () => {
    expect(await mistakesAfter('', '')).toEqual([]);
  });

  test.each([
    ['kind: line', 'kind: pie', /^days\.sql:8: chart\.kind is no chart; use bar, .*ranking/],
    [', x: context_date', '', /^days\.sql:8: chart has no x, which a chart of kind "line" needs/],
    ['y: message_amount', 'y: [sent]', /^days\.sql:8: chart\.y names "sent", which is not among/],
    ['unit: messages', 'unit: letters', /^days\.sql:7: columns\.1\.unit is no unit; use one of /],
    ['activity', 'sales', /^days\.sql:3: section is no section; use activity, people/],
    ['of: messages', 'of: users', /^days\.sql:10: rows\.of is nothing that rows are shown of/],
    ['by: { context_date:', 'by: { day:', /^days\.sql:12: rows\.by\.day is not among the columns/],
    ['numbers: { message_amount', 'numbers: { sum', /^days\.sql:13: rows\.numbers\.sum is not/],
    // What only the query tells
    [
      'AS message_amount',
      'AS amount',
      /^days\.sql:7: columns\.1 is "message_amount", and the query gives "amount" there; declare/,
    ],
    [
      'type: bigint',
      'type: double',
      /^days\.sql:7: columns\.1 \("message_amount"\) is declared double, and the query gives bigint; declare that\.$/,
    ],
    [
      'count(*) AS',
      'count(*), count(*) AS',
      /^days\.sql:7: columns\.1 is "message_amount", and the query gives "count/,
    ],
    [
      'AS message_amount',
      'AS message_amount, 1 AS one',
      /^days\.sql:6: columns\.2 is missing: the query gives "one" there; add it\.$/,
    ],
    [
      'SELECT context_date, count(*) AS message_amount',
      'SELECT context_date',
      /^days\.sql:7: columns\.1 is "message_amount", and the query gives no column there/,
    ],
    // Mistakes of the query
    [
      'count(*) AS',
      'count(texto) AS',
      /^days\.sql:15:28: .*"texto" not found.*; correct the query, or the header\.$/s,
    ],
    ['GROUP BY 1', 'GROUP 1', /^days\.sql:19:7: syntax error at or near "1"; correct the query\.$/],
    [
      'count(*) AS',
      'approx_distinct(user_id) AS',
      /^days\.sql:15:22: function approx_distinct\(\) is not understood alike by Athena and DuckDB; use count\(DISTINCT …\)\.$/,
    ],
    // Rows that may change places
    ['ORDER BY 1', 'ORDER BY message_amount DESC', /^days\.sql:20: .*; add context_date\.$/],
    ['ORDER BY 1', 'ORDER BY 2 LIMIT 9', /^days\.sql:20: rows that tie .*; add context_date\.$/],
    [
      'ORDER BY 1\n',
      '',
      /^days\.sql:19: the query does not end in an ORDER BY of columns; add one/,
    ],
    [' -- period', '', /^days\.sql: 0 lines end in "-- period"; let exactly one do so/],
    // Mistakes of the way to the rows behind
    ['where: user_id IS', 'where: userid IS', /^days\.sql:11: rows\.where: .*"userid" not found/s],
    [
      '{ context_date: context_date }',
      '{ context_date: hour( }',
      /^days\.sql:12: rows\.by\.context_date: .*syntax error/s,
    ],
    [
      '{ context_date: context_date }',
      '{ message_amount: text }',
      /^days\.sql:12: rows\.by\.message_amount is varchar, and the column is bigint; make it that\.$/,
    ],
    [
      'answer_ms > 1',
      'answer_seconds > 1',
      /^days\.sql:13: rows\.numbers\.message_amount: .*"answer_seconds" not found/s,
    ],
  ])('%s → %s', async (from, to, message) => {
    const mistakes = await mistakesAfter(from, to);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(message);
  });

  test.each(['chats', 'topics'])('a mark for %s in another form is named', async (mark) => {
    expect(await mistakesAfter('GROUP BY 1', `  AND 1 = 1 -- ${mark}\nGROUP BY 1`)).toEqual([
      `days.sql: lines ending in "-- ${mark}" are 1, of which 0 have the form ` +
        `"AND true -- ${mark}"; let at most one line end so, in that form.`,
    ]);
  });

  test('names all files with a mistake, not only the first', async () => {
    await writeFile(join(folder.path, 'b.sql'), HEADER.replace('line', 'pie') + QUERY);
    await writeFile(join(folder.path, 'a.sql'), QUERY.trimStart());
    expect(await checkSql(folder.path)).toEqual([
      expect.stringMatching(/^a\.sql:1: there is no header/),
      expect.stringMatching(/^b\.sql:8: chart\.kind/),
    ]);
  });

  test('names a view with a mistake', async () => {
    const file = join(folder.path, 'views/users.sql');
    const sql = await readFile(file, 'utf8');
    await writeFile(file, sql.replace('GROUP BY user_id', 'GROUP BY user'));
    expect(await mistakesAfter('', '')).toEqual([
      expect.stringMatching(/^views\/users\.sql: line \d+, column \d+: /),
    ]);
  });

  test('names a view that Athena and DuckDB would not understand alike', async () => {
    const file = join(folder.path, 'views/users.sql');
    const sql = await readFile(file, 'utf8');
    await writeFile(file, sql.replace('max(local_time)', 'any_value(local_time)'));
    expect(await mistakesAfter('', '')).toEqual([
      expect.stringMatching(/^views\/users\.sql:\d+:\d+: function any_value\(\)/),
    ]);
  });
});
