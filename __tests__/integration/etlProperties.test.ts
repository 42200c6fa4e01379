import { isDeepStrictEqual } from 'node:util';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { DayRun } from '../../functions/etl/dayRun.ts';
import { type RunOptions, runDay } from '../../functions/etl/runDay.ts';
import { parquetKey, rejectedPrefix } from '../../src/lake/keys.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { DAY, type MemoryLake, RUN, envelope, memoryLake } from '../support/lakes.ts';
import { type GivenObject, arbitraryDay, arbitraryLines } from '../support/rawDays.ts';
import { describeWithTestData } from '../support/testData.ts';
import {
  type AnyUpdate,
  arbitraryDamagedUpdate,
  arbitraryUpdate,
} from '../support/updates/arbitraries.ts';
import { arbitraryUpdateByBotApi } from '../support/updates/botApiArbitraries.ts';

const anyUpdate = fc.oneof(arbitraryUpdate(), arbitraryDamagedUpdate());

/** How many different updates there are: by number and content, in the plainest way. */
function countDistinct(updates: readonly AnyUpdate[]): number {
  const distinct: unknown[] = [];
  for (const one of updates) {
    // As it reads back: what JSON cannot hold is gone.
    const value: unknown = JSON.parse(JSON.stringify(one));
    if (!distinct.some((other) => isDeepStrictEqual(other, value))) distinct.push(value);
  }
  return distinct.length;
}

function expectBalance({ stored, rows, duplicates, rejected }: DayRun): void {
  expect(stored).toBe(rows + duplicates + rejected);
}

/** Nothing throws, nothing is lost, a second run gives the same bytes. */
async function expectWhole(objects: readonly GivenObject[]): Promise<void> {
  const lake = memoryLake();
  for (const [index, { name, body }] of objects.entries()) {
    await lake.raw.put(`telegram/context_date=${DAY}/object-${index}${name}`, body);
  }
  const updates = objects.flatMap((object) => object.updates);
  const broken = objects.reduce((sum, object) => sum + object.broken, 0);
  const run = await runDay(lake, DAY, RUN);
  expectBalance(run);
  expect(run).toMatchObject({
    stored: updates.length + broken,
    rows: countDistinct(updates),
    rejected: broken,
  });
  expect(lake.raw.keys(rejectedPrefix(DAY))).toHaveLength(broken);

  const file = () => lake.enriched.objects.get(parquetKey(DAY))?.bytes;
  const bytes = file();
  const rows = bytes ? await readRows(bytes) : [];
  const ids = rows.map((row) => Number(row['update_id']));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(ids).toHaveLength(run.rows);
  expect(new Set(ids)).toEqual(new Set(updates.map(({ update_id }) => update_id)));

  const again = await runDay(lake, DAY, { ...RUN, force: true });
  const timeless = { ms: 0, phases: null };
  expect({ ...again, ...timeless }).toEqual({ ...run, ...timeless });
  expect(file()?.toString('hex')).toBe(bytes?.toString('hex'));
}

describe('a day of any raw objects', () => {
  test('nothing throws, nothing is lost, and a second run gives the same bytes', async () => {
    await fc.assert(fc.asyncProperty(arbitraryDay(anyUpdate), expectWhole), { numRuns: 150 });
  });

  test('a packed object that is cut off anywhere loses nothing without saying so', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryLines(anyUpdate, '.ndjson.gz'),
        fc.nat(),
        async ({ body, updates, broken }, cut) => {
          const lake = memoryLake();
          const part = body.subarray(0, cut % body.length);
          await lake.raw.put(`telegram/context_date=${DAY}/cut.ndjson.gz`, part);
          const run = await runDay(lake, DAY, RUN);
          expectBalance(run);
          expect(run.rejected).toBeGreaterThanOrEqual(1);
          expect(run.stored).toBeLessThanOrEqual(updates.length + broken + 1);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('two days that share updates count each of them once where it has no time of its own', async () => {
    const timeless = fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(timeless, fc.nat(), async (ids, split) => {
        const lake = memoryLake();
        const put = (date: string, id: number, at: string) =>
          lake.raw.put(
            `telegram/context_date=${date}/${id}.json`,
            Buffer.from(envelope({ update_id: id, poll: { id: `${id}` } }, at)),
          );
        const shared = ids.slice(0, split % (ids.length + 1));
        for (const id of ids) await put(DAY, id, '2026-01-16T02:59:00.000Z');
        for (const id of shared) await put('2026-01-16', id, '2026-01-16T03:01:00.000Z');
        const first = await runDay(lake, DAY, RUN);
        const second = await runDay(lake, '2026-01-16', RUN);
        expect(first).toMatchObject({ rows: ids.length, duplicates: 0 });
        expect(second).toMatchObject({ rows: 0, duplicates: shared.length });
        expectBalance(second);
      }),
      { numRuns: 50 },
    );
  });
});

const DAY_BEFORE = '2026-01-14';

/** Raw objects of several days, by their keys. */
type Raw = ReadonlyMap<string, Buffer>;

function keyed(objects: readonly GivenObject[], day: string): [string, Buffer][] {
  return objects.map(({ name, body }, index) => [
    `telegram/context_date=${day}/object-${index}${name}`,
    body,
  ]);
}

function lakeOf(raw: Raw): MemoryLake {
  const lake = memoryLake();
  const modified = new Date(lake.raw.now);
  for (const [key, bytes] of raw) lake.raw.objects.set(key, { bytes, modified });
  return lake;
}

/** What a run of the day gave: its counts and its rows, in an order of their own. */
async function outcomeOf(lake: MemoryLake, options: Partial<RunOptions> = {}) {
  const { stored, rows, duplicates, rejected, late } = await runDay(lake, DAY, {
    ...RUN,
    ...options,
  });
  const file = lake.enriched.objects.get(parquetKey(DAY))?.bytes;
  const read = file ? await readRows(file) : [];
  const texts = read.map((row) =>
    JSON.stringify(row, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  );
  return { stored, rows, duplicates, rejected, late, texts: texts.sort() };
}

/** Two days that share updates, some of which lie far apart. */
const twoDays = fc
  .tuple(arbitraryDay(anyUpdate), arbitraryDay(anyUpdate), fc.array(fc.nat(), { maxLength: 4 }))
  .map(([day, before, shared]): Raw => {
    const copies = shared.flatMap((index) => day[index % Math.max(1, day.length)] ?? []);
    return new Map([
      ...keyed(before, DAY_BEFORE),
      ...keyed([...day, ...copies], DAY),
      ...copies.map(({ name, body }, index): [string, Buffer] => [
        `telegram/context_date=${DAY_BEFORE}/shared-${index}${name}`,
        body,
      ]),
    ]);
  });

const smallGroup = fc.integer({ min: 1, max: 4 });

describe('row groups of any size', () => {
  test('hold the rows that one group would', async () => {
    await fc.assert(
      fc.asyncProperty(twoDays, smallGroup, async (raw, groupRows) => {
        const whole = await outcomeOf(lakeOf(raw));
        expect(await outcomeOf(lakeOf(raw), { groupRows })).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  test('lose nothing when objects come, go or change while the day is read', async () => {
    const change = fc.record({
      /** Before which listing of the day it happens. */
      listing: fc.integer({ min: 1, max: 6 }),
      objects: arbitraryDay(anyUpdate),
      removed: fc.array(fc.nat(), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(twoDays, change, smallGroup, async (raw, when, groupRows) => {
        const after = new Map(raw);
        const keys = [...raw.keys()];
        for (const index of when.removed) after.delete(keys[index % keys.length] ?? '');
        for (const [key, body] of keyed(when.objects, DAY)) after.set(key, body);

        const lake = lakeOf(raw);
        const list = lake.raw.list.bind(lake.raw);
        let listings = 0;
        lake.raw.list = (prefix, options) => {
          if (prefix.startsWith('telegram/') && ++listings === when.listing) {
            lake.raw.objects.clear();
            for (const [key, object] of lakeOf(after).raw.objects) {
              lake.raw.objects.set(key, object);
            }
          }
          return list(prefix, options);
        };
        await outcomeOf(lake, { groupRows });
        listings = when.listing;
        lake.raw.objects.clear();
        for (const [key, object] of lakeOf(after).raw.objects) lake.raw.objects.set(key, object);
        // The next daily run: what it finds done already must have been done well.
        expect(await outcomeOf(lake, { groupRows })).toEqual(await outcomeOf(lakeOf(after)));
      }),
      { numRuns: 150 },
    );
  });
});

describeWithTestData('a day of whatever the Bot API describes', ({ botApi }) => {
  test('nothing throws, nothing is lost, and a second run gives the same bytes', async () => {
    const updates = arbitraryUpdateByBotApi(botApi);
    await fc.assert(fc.asyncProperty(arbitraryDay(updates), expectWhole), { numRuns: 100 });
  });
});
