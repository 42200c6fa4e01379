import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openAnalytics } from '../../../src/analytics/duckdb.ts';
import { explainDuckDbError } from '../../../src/analytics/duckdbError.ts';
import type { Engine } from '../../../src/analytics/engine.ts';
import { temporaryFolder } from '../../support/folders.ts';

describe('a query that fails', () => {
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

  test.each([
    [
      "SELECT 'é',\n  nothing FROM telegram",
      /^line 2, column 3: Referenced column "nothing" not found/,
    ],
    ['SELECT\n  user_id,\n  count(*)\nFROM messages', /^line 2, column 3: column "user_id" must/],
    ["SELECT length('a', 'b')", /^line 1, column 8: No function matches/],
    ["SELECT 'é', CAST('x' AS DATE)", /^line 1, column 13: invalid date field/],
    // What is inside a macro stands nowhere in the text.
    ["SELECT replace('a', '', 'b')", /^replace\(\) searches for an empty text/],
    ['SELECT day_of_week(1)', /^No function matches/],
    // The dialect's own.
    ['SELECT\n  1 +', /^line 2, column 6: syntax error at end of input/],
    ['SELECT 1,\n  median(update_id) FROM telegram', /^line 2, column 3: function median\(\)/],
  ])('%s', async (sql, says) => {
    await expect(analytics.run(sql)).rejects.toThrow(says);
  });

  test('gives no more rows than are wanted', async () => {
    const sql = 'SELECT x FROM (VALUES (1), (2), (3)) AS t (x) ORDER BY x';
    await expect(analytics.run(sql, { maxRows: 2 })).resolves.toMatchObject({
      rows: [[1], [2]],
      more: true,
    });
    expect(await analytics.run(sql, { maxRows: 3 })).not.toHaveProperty('more');
    expect((await analytics.run(sql)).rows).toHaveLength(3);
  });
});

test('a position that is none of the query is left out', () => {
  const complaint = (position: number) =>
    JSON.stringify({ exception_message: 'No.', position: String(position) });
  expect(explainDuckDbError('SELECT abc', complaint(7))).toBe('line 1, column 8: No.');
  // Within a word, or beyond the end.
  expect(explainDuckDbError('SELECT abc', complaint(8))).toBe('No.');
  expect(explainDuckDbError('SELECT abc', complaint(99))).toBe('No.');
  expect(explainDuckDbError('SELECT abc', 'Just words.')).toBe('Just words.');
});
