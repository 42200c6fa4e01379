import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { HOW_TO_GET_TRINO, type Trino, startTrino, whyNoTrino } from '../../localstack/trino.ts';
import { TrinoError } from '../../localstack/trinoClient.ts';
import { type Analysis, loadAnalyses } from '../../src/analytics/analyses.ts';
import { type Period, withScope } from '../../src/analytics/scope.ts';
import { addToDay } from '../../src/lake/days.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type InputRange, inputRanges } from '../support/inputRanges.ts';
import { onDemand } from '../support/onDemand.ts';
import { Reference } from '../support/reference/analyses.ts';
import { difference } from '../support/reference/difference.ts';
import { SCOPES, canBeAsked } from '../support/reference/scopes.ts';
import { requirement } from '../support/requirement.ts';
import { SEEDING } from '../support/seeded/events.ts';
import { makeSeededLake } from '../support/seeded/lake.ts';
import { createTables, createViews, readViews } from '../support/trinoTables.ts';

/*
 * The files of sql/ on a real Trino server, the engine under Athena, over Parquet files as the ETL
 * writes them. The same 200,000 events and the same computations as in
 * __tests__/integration/seeded.test.ts, where DuckDB is asked.
 */

const analyses = await loadAnalyses('sql');
const named = analyses.map((analysis) => ({ name: analysis.name, analysis }));

const describeWithTrino = onDemand('trino', 'the analyses on a Trino server', () =>
  requirement('Trino', whyNoTrino() === null, HOW_TO_GET_TRINO),
);

/** Those that ask when somebody was seen first, of whatever day that is. */
const READ_HISTORY = /^(active_users_per_|retention_)/;

describeWithTrino('on Trino, over files', () => {
  /** What ends what has been started, be it only in part. */
  const started: (() => Promise<void>)[] = [];
  let trino: Trino;
  let reference: Reference;
  let recent: Reference;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    started.push(folder.remove);
    reference = new Reference(await makeSeededLake(`${folder.path}/seeded`, SEEDING));
    // The last days, for the files as they stand.
    const from = addToDay(new Date().toISOString().slice(0, 10), -110);
    const seeding = { ...SEEDING, seed: 89, from, days: 112, count: 10_000 };
    recent = new Reference(await makeSeededLake(`${folder.path}/recent`, seeding));
    trino = await startTrino({ folder: folder.path });
    started.push(trino.stop);
    await createTables(trino.client, 'seeded/enriched', addToDay(SEEDING.from, -30));
    await createViews(trino.client);
    await trino.client.run("CREATE SCHEMA recent WITH (location = 'local:///')");
    const client = trino.client.inSchema('recent');
    await createTables(client, 'recent/enriched', addToDay(from, -30));
    await createViews(client);
  });

  afterAll(async () => {
    for (const end of started.reverse()) await end();
  });

  test.each(named)('$name equals what TypeScript computes', async ({ name, analysis }) => {
    const found: Record<string, string | null> = {};
    for (const [asked, scope] of Object.entries(SCOPES)) {
      if (!canBeAsked(analysis, scope)) continue;
      const result = await trino.client.run(withScope(analysis, scope));
      found[asked] = difference(analysis, result, reference.rows(analysis, scope));
    }
    expect(name && Object.entries(found).filter(([, one]) => one !== null)).toEqual([]);
  });

  /** The 90 days that a file reads as it stands. Athena's clock shows UTC. */
  async function lastDays(): Promise<Period> {
    const { rows } = await trino.client.run('SELECT current_date');
    const to = String(rows[0]?.[0]);
    return { from: addToDay(to, -89), to };
  }

  /** Asks between two looks at the calendar that show the same day. */
  async function onOneDay<Found>(
    ask: (period: Period) => Promise<Found>,
  ): Promise<{ readonly period: Period; readonly found: Found }> {
    for (;;) {
      const period = await lastDays();
      const found = await ask(period);
      if ((await lastDays()).to === period.to) return { period, found };
    }
  }

  test.each(named)(
    '$name, pasted as it stands, is about the last 90 days',
    async ({ analysis }) => {
      const { period, found: result } = await onOneDay(() =>
        trino.client.inSchema('recent').run(analysis.sql),
      );
      // What has no end reads the days to come, too; the lake has one.
      const scope = { period: { from: period.from, to: addToDay(period.to, 1) } };
      expect(difference(analysis, result, recent.rows(analysis, scope))).toBeNull();
      expect(result.rows.length).toBeGreaterThan(0);
    },
  );

  /** Reads of days outside of a period, of a query that is about it. */
  async function readsOutside(analysis: Analysis, sql: string, period: Period): Promise<string[]> {
    const { rows } = await trino.client.run(`EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`);
    const reads = inputRanges(String(rows[0]?.[0]));
    expect(reads.length).toBeGreaterThan(0);
    // A session may have begun the day before, or go on the day after.
    const margin = analysis.name.startsWith('sessions') ? 1 : 0;
    const [from, to] = [addToDay(period.from, -margin), addToDay(period.to, margin)];
    const isWithin = (read: InputRange): boolean =>
      read.from !== null && read.to !== null && from <= read.from && read.to <= to;
    return reads.filter((read) => !isWithin(read)).map(({ table }) => table);
  }

  test.each(named)(
    '$name, pasted as it stands, reads only the days of those',
    async ({ analysis }) => {
      // It names no end; the tables have tomorrow as theirs.
      const { found } = await onOneDay(({ from, to }) =>
        readsOutside(analysis, analysis.sql, { from, to: addToDay(to, 1) }),
      );
      expect(found).toEqual(READ_HISTORY.test(analysis.name) ? ['telegram'] : []);
    },
  );

  test.each(named)(
    '$name, asked for a period, reads no day outside of it',
    async ({ analysis }) => {
      const period = { from: '2018-12-24', to: '2019-01-07' };
      const found = await readsOutside(analysis, withScope(analysis, { period }), period);
      expect(found).toEqual(READ_HISTORY.test(analysis.name) ? ['telegram'] : []);
    },
  );

  test('every view and every analysis is valid', async () => {
    for (const { sql } of [...(await readViews()), ...analyses]) {
      const { rows } = await trino.client.run(`EXPLAIN (TYPE VALIDATE) ${sql}`);
      expect(rows).toEqual([[true]]);
    }
  });

  test('what Trino refuses comes with its place', async () => {
    const asked = trino.client.run('SELECT count(*)\nFROM messages\nWHERE no_such_column = 1');
    await expect(asked).rejects.toThrow(TrinoError);
    await expect(asked).rejects.toMatchObject({
      code: 'COLUMN_NOT_FOUND',
      location: { line: 3, column: 7 },
    });
  });

  test('few analyses look at all days', () => {
    expect(analyses.map(({ name }) => name).filter((name) => READ_HISTORY.test(name))).toEqual([
      'active_users_per_day',
      'active_users_per_week',
      'active_users_per_month',
      'retention_by_weekly_cohort',
    ]);
  });
});
