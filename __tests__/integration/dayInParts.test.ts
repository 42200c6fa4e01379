import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { runDay } from '../../functions/etl/runDay.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import { scannedParquet } from '../../src/analytics/scanned.ts';
import { rawKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { dayFileDetails } from '../../src/local/dayFileDetails.ts';
import { lakeFolders, openFolderLake } from '../../src/local/localLake.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, RUN, ZONE, envelope } from '../support/lakes.ts';
import { PROJECT } from '../support/stacks.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/*
 * A day in parts on this machine: its file without rows and the parts beside it are one table.
 */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let lake: Lake;
let analytics: Engine;

beforeAll(async () => {
  folder = await temporaryFolder();
  lake = await openFolderLake(folder.path, ZONE);
  for (let id = 1; id <= 9; id++) {
    const body = envelope({ ...UPDATES.message, update_id: id });
    await lake.raw.put(rawKey(DAY, id), Buffer.from(body));
  }
  analytics = await openAnalytics({
    enrichedFolder: lakeFolders(folder.path).enriched,
    sqlFolder: join(PROJECT, 'sql'),
  });
});

afterAll(async () => {
  analytics.close();
  await folder.remove();
});

test('is asked, described and replaced like any other', async () => {
  const ids = async () =>
    (await analytics.run('SELECT update_id FROM messages ORDER BY update_id')).rows.flat();
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  await runDay(lake, DAY, { ...RUN, updatesPerShard: 4 });
  expect(await ids()).toEqual(all);
  const parts = await dayFileDetails(lake.enriched, DAY);
  expect(parts).toMatchObject({ parts: 3, rows: 9 });
  expect(parts.rowGroups.map(({ rows, updateId }) => ({ rows, updateId }))).toEqual([
    { rows: 3, updateId: { min: 1, max: 3 } },
    { rows: 3, updateId: { min: 4, max: 6 } },
    { rows: 3, updateId: { min: 7, max: 9 } },
  ]);
  expect((await scannedParquet(lake.enriched, ['text'], [DAY])).objects).toBe(4);

  await runDay(lake, DAY, { ...RUN, force: true });
  expect(await ids()).toEqual(all);
  const whole = await dayFileDetails(lake.enriched, DAY);
  expect(whole).toMatchObject({ parts: 0, rows: 9, columns: expect.any(Array) });
  expect(whole.columns.map(({ name }) => name)).toEqual(parts.columns.map(({ name }) => name));
  expect((await scannedParquet(lake.enriched, ['text'], [DAY])).objects).toBe(1);
});
