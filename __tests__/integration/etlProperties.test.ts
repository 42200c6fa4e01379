import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { type DayRun, runDay } from '../../functions/etl/runDay.ts';
import { parquetKey, rejectedPrefix } from '../../src/lake/keys.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { DAY, RUN, envelope, memoryLake } from '../support/lakes.ts';
import {
  type AnyUpdate,
  arbitraryDamagedUpdate,
  arbitraryNotAnUpdate,
  arbitraryUpdate,
} from '../support/updates/arbitraries.ts';

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

const update = fc
  .tuple(fc.oneof(arbitraryUpdate(), arbitraryDamagedUpdate()), collidingId)
  .map(([one, update_id]): AnyUpdate => ({ ...one, update_id }));

/** JSON.stringify writes a broken surrogate as an escape, so that every text survives UTF-8. */
function bare(one: AnyUpdate): Given {
  return { json: JSON.stringify(one), update: one };
}

const received = fc
  .integer({ min: Date.UTC(2026, 0, 15), max: Date.UTC(2026, 0, 17) })
  .map((time) => new Date(time).toISOString());

const given: fc.Arbitrary<Given> = fc.oneof(
  { weight: 4, arbitrary: update.map(bare) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(update, received)
      .map(([one, at]): Given => ({ json: envelope(one, at).trim(), update: one })),
  },
  {
    weight: 1,
    arbitrary: arbitraryNotAnUpdate()
      // The reader leaves a byte order mark out, and in NDJSON an empty line is no record.
      .filter((json) => json.trim() !== '' && !json.startsWith('\ufeff'))
      .map((json): Given => ({ json, update: null })),
  },
);

function counted(records: readonly Given[]): Pick<GivenObject, 'broken' | 'updates'> {
  const updates = records.flatMap((record) => record.update ?? []);
  return { updates, broken: records.length - updates.length };
}

const single = given.map((record): GivenObject => ({
  name: '.json',
  body: Buffer.from(record.json),
  ...counted([record]),
}));

const pretty = update.map((one): GivenObject => ({
  name: '.json',
  body: Buffer.from(JSON.stringify(one, null, 2)),
  updates: [one],
  broken: 0,
}));

const lines = fc.array(given, { minLength: 1, maxLength: 6 });
const text = (records: readonly Given[]) => records.map(({ json }) => `${json}\n\n`).join('');

const ndjson = lines.map((records): GivenObject => ({
  name: '.ndjson',
  body: Buffer.from(text(records)),
  ...counted(records),
}));

const packed = lines.map((records): GivenObject => ({
  name: '.ndjson.gz',
  body: gzipSync(text(records)),
  ...counted(records),
}));

const rubbish = fc
  .tuple(fc.constantFrom('.json', '.ndjson.gz', '.parquet', ''), fc.uint8Array({ maxLength: 40 }))
  // So that it is no JSON and no gzip, and one line.
  .map(([name, bytes]): GivenObject => ({
    name,
    body: Buffer.from([0xff, ...bytes]),
    updates: [],
    broken: 1,
  }));

const day = fc.array(fc.oneof(single, pretty, ndjson, packed, rubbish), { maxLength: 12 });

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

describe('a day of any raw objects', () => {
  test('nothing throws, nothing is lost, and a second run gives the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (objects) => {
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
        expect({ ...again, ms: 0 }).toEqual({ ...run, ms: 0 });
        expect(file()?.toString('hex')).toBe(bytes?.toString('hex'));
      }),
      { numRuns: 150 },
    );
  });

  test('a packed object that is cut off anywhere loses nothing without saying so', async () => {
    await fc.assert(
      fc.asyncProperty(packed, fc.nat(), async ({ body, updates, broken }, cut) => {
        const lake = memoryLake();
        const part = body.subarray(0, cut % body.length);
        await lake.raw.put(`telegram/context_date=${DAY}/cut.ndjson.gz`, part);
        const run = await runDay(lake, DAY, RUN);
        expectBalance(run);
        expect(run.rejected).toBeGreaterThanOrEqual(1);
        expect(run.stored).toBeLessThanOrEqual(updates.length + broken + 1);
      }),
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
