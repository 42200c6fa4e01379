import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { loadAnalyses } from '../../src/analytics/analyses.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import { Reference } from '../support/reference/analyses.ts';
import { difference } from '../support/reference/difference.ts';
import { SCOPES, canBeAsked } from '../support/reference/scopes.ts';
import { temporaryFolder } from '../support/folders.ts';
import { SEEDING } from '../support/seeded/events.ts';
import { makeSeededLake } from '../support/seeded/lake.ts';

/*
 * 200,000 events of 120 days, with everything that is awkward about updates, through the whole ETL;
 * each analysis then equals what plain TypeScript computes from the events themselves. The same on
 * Trino: __tests__/trino.
 */

const analyses = await loadAnalyses('sql');

describe('the analyses equal what TypeScript computes from 200,000 events', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let engine: Engine;
  let reference: Reference;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const lake = await makeSeededLake(folder.path, SEEDING);
    reference = new Reference(lake);
    engine = await openAnalytics({ enrichedFolder: lake.enriched, sqlFolder: 'sql' });
  });

  afterAll(async () => {
    engine.close();
    await folder.remove();
  });

  test('no analysis is without a computation', () => {
    expect(analyses.map(({ name }) => name).toSorted()).toEqual(Reference.names.toSorted());
  });

  test.each(analyses.map((analysis) => ({ name: analysis.name, analysis })))(
    '$name',
    async ({ name, analysis }) => {
      const found: Record<string, string | null> = {};
      for (const [asked, scope] of Object.entries(SCOPES)) {
        if (!canBeAsked(analysis, scope)) continue;
        const result = await engine.runAnalysis(name, scope);
        found[asked] = difference(analysis, result, reference.rows(analysis, scope));
      }
      expect(Object.values(found).filter((one) => one !== null)).toEqual([]);
    },
  );

  test('every analysis is narrowed by what the scopes ask for', () => {
    for (const { name, filters } of analyses) {
      const asked = Object.values(SCOPES).filter((scope) => canBeAsked({ filters }, scope));
      expect({ name, scopes: asked.length }).toEqual({ name, scopes: 4 + filters.length });
    }
  });

  test('the events are as many and as awkward as they should be', async () => {
    const { rows } = await engine.run(
      `SELECT count(*), count(DISTINCT update_type), count(DISTINCT content_type),
         count_if(user_is_bot), count_if(is_service), count_if(sender_chat_id IS NOT NULL),
         count_if(migrate_to_chat_id IS NOT NULL), count_if(media_group_id IS NOT NULL),
         count(*) - count(DISTINCT update_id), count_if(source = 'import')
       FROM telegram`,
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        [
          200000,
          15,
          17,
          2323,
          2421,
          4867,
          1,
          10520,
          39,
          645,
        ],
      ]
    `);
  });
});
