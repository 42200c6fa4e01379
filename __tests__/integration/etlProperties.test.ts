import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { type DayRun, runDay } from '../../functions/etl/runDay.ts';
import { parquetKey, rejectedPrefix } from '../../src/lake/keys.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { DAY, RUN, envelope, memoryLake } from '../support/lakes.ts';
import { describeWithTestData } from '../support/testData.ts';
import {
  type AnyUpdate,
  arbitraryDamagedUpdate,
  arbitraryNotAnUpdate,
  arbitraryUpdate,
} from '../support/updates/arbitraries.ts';
import { arbitraryUpdateByBotApi } from '../support/updates/botApiArbitraries.ts';

/** A record as it is put into the raw layer; `update` is null when it is none. */
interface Given {
  readonly json: string;
  readonly update: AnyUpdate | null;
}

/** A raw object, and what it ought to count as. */
interface GivenObject {
  readonly name: string;
  readonly body: Buffer;
  readonly updates: readonly AnyUpdate[];
  readonly broken: number;
}

/** Few numbers, so that updates collide. */
const collidingId = fc.oneof(fc.nat({ max: 5 }), fc.nat());

/** JSON.stringify writes a broken surrogate as an escape, so that every text survives UTF-8. */
function bare(one: AnyUpdate): Given {
  return { json: JSON.stringify(one), update: one };
}

function counted(records: readonly Given[]): Pick<GivenObject, 'broken' | 'updates'> {
  const updates = records.flatMap((record) => record.update ?? []);
  return { updates, broken: records.length - updates.length };
}

const received = fc
  .integer({ min: Date.UTC(2026, 0, 15), max: Date.UTC(2026, 0, 17) })
  .map((time) => new Date(time).toISOString());

/** One to so many records, bare or in envelopes, some of which are none. */
function arbitraryRecords(
  updates: fc.Arbitrary<AnyUpdate>,
  maxLength: number,
): fc.Arbitrary<Given[]> {
  const update = fc
    .tuple(updates, collidingId)
    .map(([one, update_id]): AnyUpdate => ({ ...one, update_id }));
  const enveloped = fc
    .tuple(update, received)
    .map(([one, at]): Given => ({ json: envelope(one, at).trim(), update: one }));
  const none = arbitraryNotAnUpdate()
    // The reader leaves a byte order mark out, and in NDJSON an empty line is no record.
    .filter((json) => json.trim() !== '' && !json.startsWith('\ufeff'))
    .map((json): Given => ({ json, update: null }));
  const record = fc.oneof(
    { weight: 4, arbitrary: update.map(bare) },
    { weight: 4, arbitrary: enveloped },
    { weight: 1, arbitrary: none },
  );
  return fc.array(record, { minLength: 1, maxLength });
}

function arbitrarySingle(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject> {
  return arbitraryRecords(updates, 1).map((records) => ({
    name: '.json',
    body: Buffer.from(records[0]?.json ?? ''),
    ...counted(records),
  }));
}

function arbitraryPretty(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject> {
  return updates.map((one) => ({
    name: '.json',
    body: Buffer.from(JSON.stringify(one, null, 2)),
    updates: [one],
    broken: 0,
  }));
}

function arbitraryLines(
  updates: fc.Arbitrary<AnyUpdate>,
  name: '.ndjson' | '.ndjson.gz',
): fc.Arbitrary<GivenObject> {
  return arbitraryRecords(updates, 6).map((records) => {
    const text = records.map(({ json }) => `${json}\n\n`).join('');
    const body = name === '.ndjson' ? Buffer.from(text) : gzipSync(text);
    return { name, body, ...counted(records) };
  });
}

/** Bytes that are no JSON and no gzip, whatever the name says. */
const rubbish = fc
  .tuple(fc.constantFrom('.json', '.ndjson.gz', '.parquet', ''), fc.uint8Array({ maxLength: 40 }))
  .map(([name, bytes]): GivenObject => ({
    name,
    body: Buffer.from([0xff, ...bytes]),
    updates: [],
    broken: 1,
  }));

/** The raw objects of a day, in all the ways that updates can be stored. */
function arbitraryDay(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject[]> {
  return fc.array(
    fc.oneof(
      arbitrarySingle(updates),
      arbitraryPretty(updates),
      arbitraryLines(updates, '.ndjson'),
      arbitraryLines(updates, '.ndjson.gz'),
      rubbish,
    ),
    { maxLength: 12 },
  );
}

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

describeWithTestData('a day of whatever the Bot API describes', ({ botApi }) => {
  test('nothing throws, nothing is lost, and a second run gives the same bytes', async () => {
    const updates = arbitraryUpdateByBotApi(botApi);
    await fc.assert(fc.asyncProperty(arbitraryDay(updates), expectWhole), { numRuns: 100 });
  });
});
