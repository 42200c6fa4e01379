import { mkdir } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { HOW_TO_GET_TRINO, type Trino, startTrino, whyNoTrino } from '../../localstack/trino.ts';
import { loadAnalyses } from '../../src/analytics/analyses.ts';
import type { ResultValue } from '../../src/analytics/result.ts';
import { rowsBehindQuery } from '../../src/analytics/rowsBehind.ts';
import { TABLES } from '../../src/analytics/tables.ts';
import { DIALECT_CASES } from '../support/dialectCases.ts';
import { temporaryFolder } from '../support/folders.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { createTables, createViews } from '../support/trinoTables.ts';

/*
 * What docs/analyses.md lets a query use means on Trino what it means on DuckDB, and the ways to the
 * rows behind a number are ways there, too.
 */

const describeWithTrino = onDemand('trino', 'the dialect on a Trino server', () =>
  requirement('Trino', whyNoTrino() === null, HOW_TO_GET_TRINO),
);

/** Some value of each type. */
const SAMPLES: Readonly<Record<string, ResultValue>> = {
  ...{ bigint: 1, boolean: true, date: '2026-01-01', double: 0.5, integer: 1 },
  ...{ timestamp: '2026-01-01T12:00:00', varchar: 'a' },
};

const analyses = await loadAnalyses('sql');

describeWithTrino('on Trino', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let trino: Trino;

  beforeAll(async () => {
    folder = await temporaryFolder();
    // Tables without a row.
    for (const { name } of TABLES)
      await mkdir(`${folder.path}/enriched/${name}`, { recursive: true });
    trino = await startTrino({ folder: folder.path });
    await createTables(trino.client, 'enriched', '2026-01-01');
    await createViews(trino.client);
  });

  afterAll(async () => {
    await trino.stop();
    await folder.remove();
  });

  test.each(DIALECT_CASES)('SELECT %s', async (expression, expected) => {
    const { rows } = await trino.client.run(`SELECT ${expression}`);
    const value = rows[0]?.[0];
    // An instant comes with its zone.
    const instant = /^(\S+) (\S+)\.000 UTC$/.exec(String(value));
    expect(instant ? `${instant[1] ?? ''}T${instant[2] ?? ''}` : value).toBe(expected);
  });

  test.each(analyses.map((analysis) => ({ name: analysis.name, analysis })))(
    'the rows behind $name',
    async ({ analysis }) => {
      const values = Object.fromEntries(
        analysis.columns.map(({ name, type }) => [name, SAMPLES[type] ?? null]),
      );
      const scope = {
        ...(analysis.filters.includes('chats') && { chats: [1, -2] }),
        ...(analysis.filters.includes('topics') && { topics: ["d'água"] }),
      };
      for (const number of [undefined, ...Object.keys(analysis.rows?.numbers ?? {})]) {
        const query = rowsBehindQuery(analysis, scope, values, 10, number);
        expect((await trino.client.run(query)).rows).toEqual([]);
      }
    },
  );
});
