import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { readDayFile } from '../../functions/etl/dayFile.ts';
import type { Outcome } from '../../functions/etl/dayRun.ts';
import { Phases } from '../../functions/etl/phases.ts';
import { runDay } from '../../functions/etl/runDay.ts';
import { runInShards } from '../../functions/etl/shards/runInShards.ts';
import type { LargeDay } from '../../functions/etl/shards/planShards.ts';
import { sharesBetween } from '../../functions/etl/shards/share.ts';
import { surveyDay } from '../../functions/etl/shards/survey.ts';
import { nextDay } from '../../src/lake/days.ts';
import { rejectedPrefix, runsPrefix } from '../../src/lake/keys.ts';
import { PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { DAY, type MemoryLake, RUN, memoryLake, rowsOf } from '../support/lakes.ts';
import { type GivenObject, arbitraryDay } from '../support/rawDays.ts';
import { arbitraryDamagedUpdate, arbitraryUpdate } from '../support/updates/arbitraries.ts';

/*
 * However a day is shared out: the rows, what is counted and what is rejected are the same.
 */

/** How an object is named: after what it holds, after something else, or so that it tells nothing. */
type Naming = 'false' | 'none' | 'true';

interface Named {
  readonly object: GivenObject;
  readonly naming: Naming;
  readonly id: number;
}

/** Few numbers, so that they meet those of the updates. */
const id = fc.oneof(fc.nat({ max: 6 }), fc.nat());

function named(objects: fc.Arbitrary<GivenObject[]>): fc.Arbitrary<Named[]> {
  const naming = fc.array(
    fc.record({ naming: fc.constantFrom<Naming>('true', 'true', 'none', 'false'), id }),
    { minLength: 12, maxLength: 12 },
  );
  return fc
    .tuple(objects, naming)
    .map(([all, namings]) =>
      all.map((object, index) => ({ object, ...(namings[index] ?? { naming: 'none', id: 0 }) })),
    );
}

/** A name as the webhook, the writer, or somebody else gives it. */
function nameOf({ object, naming, id: other }: Named, index: number): string {
  const ids = naming === 'false' ? [other] : object.updates.map(({ update_id }) => update_id);
  if (naming === 'none' || ids.length === 0) return `object-${index}${object.name}`;
  const hash = index.toString(16).padStart(12, '0');
  if (object.name === '.json') return `${Math.min(...ids)}-${hash}.json`;
  if (object.name !== '.ndjson.gz') return `object-${index}${object.name}`;
  return `${Math.min(...ids)}-${Math.max(...ids)}-0000${hash}.ndjson.gz`;
}

async function fill(lake: MemoryLake, day: string, objects: readonly Named[]): Promise<void> {
  for (const [index, one] of objects.entries()) {
    await lake.raw.put(
      `telegram/context_date=${day}/${nameOf(one, index)}`,
      Buffer.from(one.object.body),
    );
  }
}

/** Runs a day in the shards that a survey cuts, again where it has to begin anew. */
async function runSurveyed(
  lake: MemoryLake,
  day: string,
  survey: () => Promise<LargeDay['survey']>,
): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const file = await readDayFile(lake.enriched, day);
    try {
      const options = { ...RUN, phases: new Phases() };
      return await runInShards(lake, { day, file, survey: await survey() }, options);
    } catch (error) {
      // Once only: then every name that tells something else than what is there is known.
      if (!(error instanceof PreconditionFailedError) || tries === 2) throw error;
    }
  }
}

/** Runs a day in the shards that some numbers cut. */
function runCut(lake: MemoryLake, day: string, cuts: readonly number[]): Promise<Outcome> {
  const cutting = { shares: sharesBetween(cuts), rangeOf: () => null };
  const cut = () => Promise.resolve(cutting);
  return runSurveyed(lake, day, () => Promise.resolve({ listing: '', cut }));
}

const counts = ({ stored, rows, duplicates, rejected, late }: Outcome) => ({
  ...{ stored, rows, duplicates, rejected, late },
});

const anyUpdate = fc.oneof(arbitraryUpdate(), arbitraryDamagedUpdate());
const cutting = fc
  .uniqueArray(fc.oneof(fc.nat({ max: 6 }), fc.nat()), { maxLength: 4 })
  .map((cuts) => cuts.toSorted((a, b) => a - b));

describe('a day in shards', () => {
  test('has the rows, counts and rejected objects of a day in one piece', async () => {
    const days = fc.tuple(named(arbitraryDay(anyUpdate)), named(arbitraryDay(anyUpdate)));
    await fc.assert(
      fc.asyncProperty(days, cutting, async ([first, second], cuts) => {
        const [whole, shared] = [memoryLake(), memoryLake()];
        // What the day before holds is looked for by name: such names are true, or tell nothing.
        const before = first.map((one) =>
          one.naming === 'false' ? { ...one, naming: 'none' as const } : one,
        );
        const day = nextDay(DAY);
        for (const lake of [whole, shared]) {
          await fill(lake, DAY, before);
          await fill(lake, day, second);
        }
        const run = await runDay(whole, day, RUN);
        const outcome = await runCut(shared, day, cuts);
        expect(counts(outcome)).toEqual(counts(run));
        expect(outcome.status).toBe(run.status);
        expect(await rowsOf(shared, day)).toEqual(await rowsOf(whole, day));
        expect(shared.raw.keys(rejectedPrefix(day))).toEqual(whole.raw.keys(rejectedPrefix(day)));
        const runsOf = async (lake: MemoryLake) => {
          const rows = lake.enriched
            .keys(runsPrefix(day))
            .map((key) => readRows(lake.enriched.bytes(key)));
          return (await Promise.all(rows)).flat().map((row) => ({ ...row, finished_at: null }));
        };
        expect(await runsOf(shared)).toEqual(await runsOf(whole));
        expect(
          shared.enriched.keys('staging/').filter((key) => !key.endsWith('/strays.json')),
        ).toEqual([]);
        // It is as it was made, and is left so.
        const again = await runDay(shared, day, RUN);
        expect(again.status).toBe(run.status === 'empty' ? 'empty' : 'unchanged');
        expect(counts(again)).toEqual(counts(run));
      }),
      { numRuns: 60 },
    );
  });

  test('also when the day is cut by what a sample of nameless objects holds', async () => {
    const naming = fc.array(fc.constantFrom<Naming>('none', 'none', 'none', 'true'), {
      minLength: 12,
      maxLength: 12,
    });
    const objects = fc
      .tuple(fc.tuple(arbitraryDay(anyUpdate), arbitraryDay(anyUpdate)), naming)
      .map(([both, namings]) =>
        // Twice as many, and some of them more than once.
        [...both[0], ...both[1], ...both[0].slice(0, 2)].map((object, index): Named => ({
          ...{ object, naming: namings[index % 12] ?? 'none', id: 0 },
        })),
      );
    const size = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(objects, size, fc.nat({ max: 3 }), async (given, perShard, sample) => {
        const [whole, shared] = [memoryLake(), memoryLake()];
        for (const lake of [whole, shared]) await fill(lake, DAY, given);
        const run = await runDay(whole, DAY, RUN);
        const survey = () => surveyDay(shared.raw, DAY, perShard, sample + 1);
        const outcome = await runSurveyed(shared, DAY, survey);
        expect(counts(outcome)).toEqual(counts(run));
        expect(await rowsOf(shared)).toEqual(await rowsOf(whole));
        expect(shared.raw.keys(rejectedPrefix(DAY))).toEqual(whole.raw.keys(rejectedPrefix(DAY)));
      }),
      { numRuns: 80 },
    );
  });
});
