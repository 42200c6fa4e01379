import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import { DayBusyError, readDayFile } from '../../../functions/etl/dayFile.ts';
import type { EtlEvent } from '../../../functions/etl/handler.ts';
import { Phases } from '../../../functions/etl/phases.ts';
import { runDay } from '../../../functions/etl/runDay.ts';
import { planShards } from '../../../functions/etl/shards/planShards.ts';
import { runInShards } from '../../../functions/etl/shards/runInShards.ts';
import { type StepResult, createStepHandler } from '../../../functions/etl/shards/steps.ts';
import { surveyDay } from '../../../functions/etl/shards/survey.ts';
import {
  dayPrefix,
  isPartKey,
  parquetKey,
  partKey,
  rawKey,
  rejectedPrefix,
  runsPrefix,
} from '../../../src/lake/keys.ts';
import {
  PreconditionFailedError,
  type PutOptions,
  UnavailableError,
} from '../../../src/lake/objectStore.ts';
import { readRows } from '../../../src/lake/readParquet.ts';
import {
  DAY,
  type MemoryLake,
  RUN,
  ZONE,
  envelope,
  memoryLake,
  putRaw,
  rowsOf,
} from '../../support/lakes.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const FILE = parquetKey(DAY);
const FOLDER = dayPrefix(DAY);
const MINUTE = 60_000;

/** The ids in the files of a day as they are now; broken ones would be seen as such. */
async function visible(store: MemoryStore): Promise<number[]> {
  const ids: number[] = [];
  for (const key of store.keys(FOLDER)) {
    for (const row of await readRows(store.bytes(key), ['update_id']))
      ids.push(Number(row['update_id']));
  }
  return ids.sort((a, b) => a - b);
}

/** A store that breaks off at a change of its choice, and looks at what a reader sees after each. */
class FragileStore extends MemoryStore {
  /** Changes that are left before one fails; Infinity for none. */
  left = Infinity;
  changes = 0;
  /** What readers saw, when it changed. */
  readonly seen: number[][] = [];

  #change(): void {
    if (this.left === 0) throw new UnavailableError('The connection broke.');
    this.left--;
    this.changes++;
  }

  async #look(key: string): Promise<void> {
    if (!key.startsWith(FOLDER)) return;
    const ids = await visible(this);
    if (String(ids) !== String(this.seen.at(-1))) this.seen.push(ids);
  }

  override async put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ) {
    const bytes: Uint8Array[] = [];
    if (body instanceof Uint8Array) bytes.push(body);
    else for await (const chunk of body) bytes.push(chunk);
    this.#change();
    const result = await super.put(key, Buffer.concat(bytes), options);
    await this.#look(key);
    return result;
  }

  override async delete(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    // One by one: S3 may have deleted some when it fails.
    for (const key of keys) {
      this.#change();
      await super.delete([key]);
      await this.#look(key);
    }
  }
}

function fragileLake(): MemoryLake & { readonly enriched: FragileStore } {
  return { raw: new MemoryStore(), enriched: new FragileStore(), zone: ZONE };
}

async function putUpdates(lake: MemoryLake, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await lake.raw.put(
      rawKey(DAY, id),
      Buffer.from(envelope({ ...UPDATES.message, update_id: id })),
    );
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const options = (updatesPerShard: number) => ({ ...RUN, updatesPerShard });

describe('a day that is too large', () => {
  test('is one file up to the size, parts beyond it, and one file again', async () => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(4));
    expect(await runDay(lake, DAY, options(4))).toMatchObject({ status: 'written', rows: 4 });
    expect(lake.enriched.keys(FOLDER)).toEqual([FILE]);

    await putUpdates(lake, [5]);
    const run = await runDay(lake, DAY, { ...options(2), now: RUN.now + MINUTE });
    const size = lake.enriched
      .keys(FOLDER)
      .filter(isPartKey)
      .reduce((sum, key) => sum + lake.enriched.bytes(key).length, 0);
    expect(run).toMatchObject({
      status: 'written',
      stored: 5,
      rows: 5,
      parquetKey: FILE,
      bytes: size,
    });
    const parts = lake.enriched.keys(FOLDER).filter(isPartKey);
    expect(lake.enriched.keys(FOLDER)).toEqual([FILE, ...parts]);
    const perPart = await Promise.all(
      parts.map(async (key) =>
        (await readRows(lake.enriched.bytes(key))).map((row) => Number(row['update_id'])),
      ),
    );
    expect(perPart).toEqual([[1], [2, 3], [4, 5]]);
    expect(await readDayFile(lake.enriched, DAY)).toMatchObject({
      rows: 5,
      size: size + lake.enriched.bytes(FILE).length,
      summary: { stored: 5, duplicates: 0, rejected: 0, late: 0 },
      rowKeys: parts,
    });

    expect(await runDay(lake, DAY, options(2))).toMatchObject({ status: 'unchanged', rows: 5 });
    // What is not too large any more by another setting stays as it is, as long as nothing changes.
    expect(await runDay(lake, DAY, options(100))).toMatchObject({ status: 'unchanged' });
    await putUpdates(lake, [6]);
    expect(await runDay(lake, DAY, options(100))).toMatchObject({ status: 'written', rows: 6 });
    expect(lake.enriched.keys(FOLDER)).toEqual([FILE]);
    expect(lake.enriched.keys(runsPrefix(DAY)).length).toBeGreaterThan(0);
  });

  test('keeps the record of what another run has rejected meanwhile', async () => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(4));
    lake.enriched.beforePut = async (key) => {
      if (!/\/result-\d+\.json$/.test(key)) return;
      lake.enriched.beforePut = undefined;
      await putRaw(lake, 'broken.json', '{');
      await runDay(lake, DAY, RUN);
    };
    expect(await runDay(lake, DAY, options(2))).toMatchObject({ status: 'unchanged', rejected: 1 });
    expect(lake.raw.keys(rejectedPrefix(DAY))).toHaveLength(1);
  });

  test('grows and shrinks; when all is gone, nothing is left', async () => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(9));
    await runDay(lake, DAY, options(2));
    for (const id of [1, 2, 3, 8]) await lake.raw.delete([rawKey(DAY, id)]);
    await runDay(lake, DAY, options(2));
    expect(await visible(lake.enriched)).toEqual([4, 5, 6, 7, 9]);
    lake.raw.objects.clear();
    expect(await runDay(lake, DAY, options(2))).toMatchObject({ status: 'empty', rows: 0 });
    expect(lake.enriched.keys(FOLDER)).toEqual([]);
    expect(lake.enriched.keys('staging/')).toEqual([]);
  });

  test('of nothing but broken objects is empty, and keeps them once', async () => {
    const lake = memoryLake();
    for (const id of numbers(4)) await lake.raw.put(rawKey(DAY, id), Buffer.from('{'));
    const run = await runDay(lake, DAY, options(2));
    expect(run).toMatchObject({ status: 'empty', stored: 4, rejected: 4, rows: 0 });
    expect(lake.enriched.keys().filter((key) => !key.startsWith('runs/'))).toEqual([]);
    await runDay(lake, DAY, options(2));
    expect(lake.enriched.keys(runsPrefix(DAY))).toHaveLength(1);
  });

  test('packed objects count by their size, and are read by all shards that they may concern', async () => {
    const lake = memoryLake();
    const lines = (ids: readonly number[]) =>
      ids.map((id) => envelope({ ...UPDATES.message, update_id: id })).join('');
    const name = (from: number, to: number) => `${FOLDER}${from}-${to}-${'0'.repeat(16)}.ndjson.gz`;
    await lake.raw.put(name(1, 40), gzipSync(lines([...numbers(20), 40])));
    await lake.raw.put(name(15, 60), gzipSync(lines([15, 30, 60])));
    const run = await runDay(lake, DAY, options(1));
    expect(run).toMatchObject({ stored: 24, rows: 23, duplicates: 1 });
    expect(lake.enriched.keys(FOLDER).filter(isPartKey).length).toBeGreaterThan(2);
    expect(await visible(lake.enriched)).toEqual([...numbers(20), 30, 40, 60]);
  });

  describe('of objects whose names tell no numbers', () => {
    /** Which objects each shard was given. */
    async function lists(lake: MemoryLake, updatesPerShard: number, sample?: number) {
      const survey = await surveyDay(lake.raw, DAY, updatesPerShard, sample);
      const { staging, shards } = await planShards(lake, { day: DAY, file: null, survey });
      return Promise.all(
        shards.map(async (shard) => {
          const keys: string[] = [];
          for await (const { key } of staging.list('objects', shard, DAY)) keys.push(key);
          return keys;
        }),
      );
    }

    test.each([
      ['all of them looked into', 1000, 12],
      // Every fourth is: those before and behind a share's ten may concern it, two samples far.
      ['a sample of them looked into', 20, 26],
    ])('is cut where their names are times, each read by few: %s', async (_, sample, most) => {
      const lake = memoryLake();
      for (const id of numbers(100)) {
        const key = `${FOLDER}20260115${String(id).padStart(12, '0')}.json`;
        await lake.raw.put(key, Buffer.from(envelope({ ...UPDATES.message, update_id: id })));
      }
      const given = await lists(lake, 10, sample);
      expect(given).toHaveLength(10);
      for (const keys of given) expect(keys.length).toBeLessThanOrEqual(most);
      expect(new Set(given.flat()).size).toBe(100);
      expect(await runDay(lake, DAY, options(10))).toMatchObject({ status: 'written', rows: 100 });
      expect(lake.enriched.keys(FOLDER).filter(isPartKey)).toHaveLength(10);
      expect(await visible(lake.enriched)).toEqual(numbers(100));
    });

    test.each(['.ndjson', '.ndjson.gz'])('is cut within one of them: %s', async (end) => {
      const lake = memoryLake();
      const text = numbers(2000)
        .map((id) => envelope({ ...UPDATES.message, update_id: id, pad: 'x'.repeat(900) }))
        .join('');
      const body = Buffer.from(text);
      await lake.raw.put(`${FOLDER}export${end}`, end.endsWith('.gz') ? gzipSync(body) : body);
      await lake.raw.put(`${FOLDER}other${end}`, Buffer.from('\n'));
      const size = end.endsWith('.gz') ? gzipSync(body).length / 200 : body.length / 1000;
      expect(await runDay(lake, DAY, options(Math.ceil(size / 4)))).toMatchObject({ rows: 2000 });
      const parts = lake.enriched.keys(FOLDER).filter(isPartKey);
      const rows = await Promise.all(parts.map((key) => readRows(lake.enriched.bytes(key))));
      expect(parts.length).toBeGreaterThanOrEqual(4);
      for (const part of rows) expect(part.length).toBeLessThan(600);
    });

    test('where one holds what was not to be expected is planned once more, and right', async () => {
      const lake = memoryLake();
      for (const place of numbers(100)) {
        const key = `${FOLDER}import-${String(place).padStart(3, '0')}.json`;
        const id = place === 51 ? 3 : place;
        await lake.raw.put(key, Buffer.from(envelope({ ...UPDATES.message, update_id: id })));
      }
      const run = async () => {
        const survey = await surveyDay(lake.raw, DAY, 10, 20);
        const large = { day: DAY, file: null, survey };
        return runInShards(lake, large, { ...RUN, phases: new Phases() });
      };
      await expect(run()).rejects.toThrow(PreconditionFailedError);
      expect(lake.enriched.keys('staging/')).toEqual([`staging/context_date=${DAY}/strays.json`]);
      expect(await run()).toMatchObject({ stored: 100, rows: 99, duplicates: 1 });
      expect(await visible(lake.enriched)).toEqual(numbers(100).filter((id) => id !== 51));
    });
  });

  test('older than retention is never shrunk, whichever form it has', async () => {
    const lake = memoryLake();
    const old = (updatesPerShard: number) => ({
      ...options(updatesPerShard),
      now: RUN.now + 400 * 24 * 60 * MINUTE,
    });
    await putUpdates(lake, numbers(6));
    await runDay(lake, DAY, options(2));
    await lake.raw.delete([rawKey(DAY, 1)]);
    expect(await runDay(lake, DAY, old(2))).toMatchObject({ status: 'kept' });
    expect(await runDay(lake, DAY, old(100))).toMatchObject({ status: 'kept' });
    expect(await visible(lake.enriched)).toEqual(numbers(6));
    expect(lake.enriched.keys('staging/')).toEqual([]);
    // What is new beside all that was there before is taken.
    await putUpdates(lake, [1, 7]);
    expect(await runDay(lake, DAY, old(2))).toMatchObject({ status: 'written', rows: 7 });
  });
});

test('the steps say how far they are, and where the time of each shard went', async () => {
  const lake = memoryLake();
  await putUpdates(lake, numbers(3));
  const events: EtlEvent[] = [];
  let time = RUN.now;
  const step = createStepHandler({
    lake,
    rawRetentionDays: 365,
    updatesPerShard: 2,
    // Each look at the clock is twenty seconds later.
    now: () => (time += 20_000),
    observe: (event) => events.push(event),
  });
  const planned = await step({ step: 'plan', day: DAY });
  const { run, shards } = planned as Extract<StepResult, { status: 'planned' }>;
  expect(shards).toHaveLength(2);
  for (const shard of shards) await step({ step: 'shard', day: DAY, run, shard });
  const told = events.filter(({ type }) => type === 'shard-run');
  expect(told).toMatchObject([
    { day: DAY, shard: 0, phases: { put: expect.any(Number) } },
    { day: DAY, shard: 1 },
  ]);
  expect(told.map((event) => 'rows' in event && event.rows).sort()).toEqual([1, 2]);
  expect(events.some(({ type }) => type === 'day-progress')).toBe(true);
  await step({ step: 'finish', day: DAY, run });
  expect(events.at(-1)).toMatchObject({ type: 'day-run', run: { status: 'written', rows: 3 } });
});

describe('a run that breaks off', () => {
  /** From one form to another: what was there, and how the next run is made. */
  const changes = [
    ['one file becomes parts', 100, 2],
    ['parts become other parts', 3, 2],
    ['parts become one file', 2, 100],
  ] as const;

  test.each(changes)(
    'anywhere while %s shows nothing twice, and the next one mends it',
    async (_, before, after) => {
      const prepare = async () => {
        const lake = fragileLake();
        await putUpdates(lake, numbers(6));
        await runDay(lake, DAY, options(before));
        await putUpdates(lake, [7, 8]);
        lake.enriched.changes = 0;
        return lake;
      };
      const whole = await prepare();
      await runDay(whole, DAY, options(after));
      const expected = await rowsOf(whole);
      const { changes: count } = whole.enriched;
      expect(count).toBeGreaterThan(1);
      for (let left = 0; left < count; left++) {
        const lake = await prepare();
        lake.enriched.left = left;
        await expect(runDay(lake, DAY, options(after))).rejects.toThrow('The connection broke.');
        lake.enriched.left = Infinity;
        // Later than any run that was under way can still be at work.
        await runDay(lake, DAY, { ...options(after), now: RUN.now + 16 * MINUTE });
        expect(await rowsOf(lake)).toEqual(expected);
        for (const ids of lake.enriched.seen) expect(new Set(ids).size).toBe(ids.length);
      }
    },
  );

  test('a shard that dies is run again, and so is the last step: nothing is lost or doubled', async () => {
    const lake = fragileLake();
    await putUpdates(lake, numbers(6));
    let time = RUN.now;
    const step = createStepHandler({
      lake,
      rawRetentionDays: 365,
      updatesPerShard: 2,
      now: () => time,
    });
    const planned = (await step({ step: 'plan', day: DAY })) as Extract<
      StepResult,
      { status: 'planned' }
    >;
    expect(planned).toMatchObject({ status: 'planned', shards: [0, 1, 2] });
    const { run } = planned;
    for (const shard of planned.shards) {
      // Each dies once before its part is there, and once before it has told so.
      for (const left of [0, 1]) {
        lake.enriched.left = left;
        await expect(step({ step: 'shard', day: DAY, run, shard })).rejects.toThrow(
          UnavailableError,
        );
        lake.enriched.left = Infinity;
      }
      await step({ step: 'shard', day: DAY, run, shard });
    }
    let result: unknown = null;
    for (let left = 0; result === null; left++) {
      lake.enriched.left = left;
      result = await step({ step: 'finish', day: DAY, run }).catch((error: unknown) => {
        if (error instanceof UnavailableError) return null;
        throw error;
      });
      lake.enriched.left = Infinity;
      time += MINUTE;
    }
    expect(result).toEqual({ day: DAY, status: 'done' });
    expect(await visible(lake.enriched)).toEqual(numbers(6));
    expect(lake.enriched.keys(runsPrefix(DAY))).toHaveLength(1);
    expect(lake.enriched.keys('staging/')).toEqual([]);
    for (const ids of lake.enriched.seen) expect(new Set(ids).size).toBe(ids.length);
    // The answer was lost on its way.
    expect(await step({ step: 'finish', day: DAY, run })).toEqual({ day: DAY, status: 'done' });
    expect(await step({ step: 'plan', day: DAY })).toEqual({ day: DAY, status: 'done' });
  });

  test('the last step is done by one more try, wherever it broke off, tidying up too', async () => {
    const prepare = async () => {
      const lake = fragileLake();
      await putUpdates(lake, numbers(4));
      const step = createStepHandler({ lake, rawRetentionDays: 365, updatesPerShard: 2 });
      const planned = await step({ step: 'plan', day: DAY });
      const { run, shards } = planned as Extract<StepResult, { status: 'planned' }>;
      for (const shard of shards) await step({ step: 'shard', day: DAY, run, shard });
      lake.enriched.changes = 0;
      return { lake, finish: () => step({ step: 'finish', day: DAY, run }) };
    };
    const whole = await prepare();
    await whole.finish();
    const { changes: count } = whole.lake.enriched;
    expect(count).toBeGreaterThan(10);
    for (let left = 0; left < count; left++) {
      const { lake, finish } = await prepare();
      lake.enriched.left = left;
      await expect(finish()).rejects.toThrow('The connection broke.');
      lake.enriched.left = Infinity;
      expect(await finish()).toEqual({ day: DAY, status: 'done' });
      expect(await visible(lake.enriched)).toEqual(numbers(4));
      expect(lake.enriched.keys(runsPrefix(DAY))).toHaveLength(1);
      expect(lake.enriched.keys('staging/')).toEqual([]);
    }
  });

  test.each(['empty', 'kept'] as const)(
    'the last step of a day that is %s is done by one more try, wherever it broke off',
    async (status) => {
      const prepare = async () => {
        const lake = fragileLake();
        const seen: EtlEvent[] = [];
        await putUpdates(lake, numbers(5));
        await runDay(lake, DAY, options(2));
        if (status === 'kept') await lake.raw.delete([rawKey(DAY, 1)]);
        else for (const id of numbers(5)) await lake.raw.put(rawKey(DAY, id), Buffer.from('{'));
        const step = createStepHandler({
          ...{ lake, rawRetentionDays: 365, updatesPerShard: 2 },
          now: () => RUN.now + (status === 'kept' ? 400 * 24 * 60 * MINUTE : 0),
          observe: (event) => seen.push(event),
        });
        const planned = await step({ step: 'plan', day: DAY });
        const { run, shards } = planned as Extract<StepResult, { status: 'planned' }>;
        for (const shard of shards) await step({ step: 'shard', day: DAY, run, shard });
        lake.enriched.changes = 0;
        return { lake, seen, finish: () => step({ step: 'finish', day: DAY, run }) };
      };
      const whole = await prepare();
      await whole.finish();
      const { changes: count } = whole.lake.enriched;
      expect(count).toBeGreaterThan(8);
      for (let left = 0; left < count; left++) {
        const { lake, seen, finish } = await prepare();
        lake.enriched.left = left;
        await expect(finish()).rejects.toThrow('The connection broke.');
        lake.enriched.left = Infinity;
        expect(await finish()).toEqual({ day: DAY, status: 'done' });
        expect(seen.at(-1)).toMatchObject({ type: 'day-run', run: { status } });
        expect(await visible(lake.enriched)).toEqual(status === 'kept' ? numbers(5) : []);
        expect(lake.enriched.keys('staging/')).toEqual([]);
      }
    },
  );

  test('the last step wants all shards', async () => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(4));
    const step = createStepHandler({ lake, rawRetentionDays: 365, updatesPerShard: 2 });
    const planned = await step({ step: 'plan', day: DAY });
    const { run } = planned as Extract<StepResult, { status: 'planned' }>;
    await step({ step: 'shard', day: DAY, run, shard: 1 });
    await expect(step({ step: 'finish', day: DAY, run })).rejects.toThrow(/result-000\.json/);
    await expect(step({ step: 'shard', day: DAY, run, shard: 2 })).rejects.toThrow(
      'The run has 2 shards, and none 2.',
    );
    expect(lake.enriched.keys(FOLDER)).toEqual([]);
  });
});

describe('runs that meet', () => {
  async function plannedTwice() {
    const lake = memoryLake();
    await putUpdates(lake, numbers(4));
    let time = RUN.now;
    const step = createStepHandler({
      lake,
      rawRetentionDays: 365,
      updatesPerShard: 2,
      now: () => time,
    });
    const plan = async (): Promise<string> => {
      const planned = (await step({ step: 'plan', day: DAY })) as Extract<
        StepResult,
        { status: 'planned' }
      >;
      for (const shard of planned.shards) {
        await step({ step: 'shard', day: DAY, run: planned.run, shard });
      }
      return planned.run;
    };
    return {
      lake,
      runs: [await plan(), await plan()] as const,
      step,
      pass: (ms: number) => {
        time += ms;
      },
    };
  }

  test('the second to finish plans anew, and finds the day done', async () => {
    const { lake, step, runs } = await plannedTwice();
    const [first, second] = runs;
    expect(await step({ step: 'finish', day: DAY, run: first })).toMatchObject({ status: 'done' });
    const files = lake.enriched.keys(FOLDER);
    expect(await step({ step: 'finish', day: DAY, run: second })).toMatchObject({
      status: 'again',
    });
    expect(lake.enriched.keys(FOLDER)).toEqual(files);
    expect(lake.enriched.keys('staging/')).toEqual([]);
    expect(await step({ step: 'plan', day: DAY })).toMatchObject({ status: 'done' });
  });

  test('while parts are put in place everybody waits, for a quarter of an hour', async () => {
    const { lake, step, runs, pass } = await plannedTwice();
    const [first, second] = runs;
    lake.enriched.beforePut = (key) => {
      if (isPartKey(key)) throw new UnavailableError('Dead.');
    };
    await expect(step({ step: 'finish', day: DAY, run: first })).rejects.toThrow('Dead.');
    lake.enriched.beforePut = undefined;
    pass(14 * MINUTE);
    for (const event of [
      { step: 'finish', day: DAY, run: second },
      { step: 'plan', day: DAY },
    ]) {
      await expect(step(event)).rejects.toThrow(DayBusyError);
    }
    await expect(runDay(lake, DAY, { ...RUN, now: RUN.now + 14 * MINUTE })).rejects.toThrow(
      /Another run has been putting the files of 2026-01-15 in place since 2026-01-16T04:00:00/,
    );
    pass(2 * MINUTE);
    const again = (await step({ step: 'plan', day: DAY })) as Extract<
      StepResult,
      { status: 'planned' }
    >;
    for (const shard of again.shards)
      await step({ step: 'shard', day: DAY, run: again.run, shard });
    expect(await step({ step: 'finish', day: DAY, run: again.run })).toMatchObject({
      status: 'done',
    });
    expect(await visible(lake.enriched)).toEqual(numbers(4));
  });

  test('whoever goes on after a quarter of an hour holds the day anew, and lets nobody in between', async () => {
    let between: (() => Promise<unknown>) | undefined;
    class SlowStore extends MemoryStore {
      override async put(
        key: string,
        body: Uint8Array | AsyncIterable<Uint8Array>,
        given: PutOptions = {},
      ) {
        const first = isPartKey(key) ? between : undefined;
        if (first) between = undefined;
        await first?.();
        return super.put(key, body, given);
      }
    }
    const lake = { raw: new MemoryStore(), enriched: new SlowStore(), zone: ZONE };
    await putUpdates(lake, numbers(4));
    let time = RUN.now;
    const step = createStepHandler({
      lake,
      rawRetentionDays: 365,
      updatesPerShard: 2,
      now: () => time,
    });
    const plan = async (): Promise<string> => {
      const planned = (await step({ step: 'plan', day: DAY })) as Extract<
        StepResult,
        { status: 'planned' }
      >;
      for (const shard of planned.shards) {
        await step({ step: 'shard', day: DAY, run: planned.run, shard });
      }
      return planned.run;
    };
    const first = await plan();
    between = () => Promise.reject(new UnavailableError('Dead.'));
    await expect(step({ step: 'finish', day: DAY, run: first })).rejects.toThrow('Dead.');
    time += 16 * MINUTE;
    const second = await plan();
    let met: unknown;
    between = async () => {
      time += MINUTE;
      met = await step({ step: 'finish', day: DAY, run: second }).catch((error: unknown) => error);
    };
    await step({ step: 'finish', day: DAY, run: first });
    expect(await visible(lake.enriched)).toEqual(numbers(4));
    expect(met).toBeInstanceOf(DayBusyError);
    expect(await step({ step: 'finish', day: DAY, run: second })).toMatchObject({
      status: 'again',
    });
    expect(await visible(lake.enriched)).toEqual(numbers(4));
  });

  test('a run in one piece that another overtakes leaves its parts alone', async () => {
    let overtake: (() => Promise<unknown>) | undefined;
    class SlowStore extends MemoryStore {
      override async put(
        key: string,
        body: Uint8Array | AsyncIterable<Uint8Array>,
        given: PutOptions = {},
      ) {
        const first = overtake;
        overtake = undefined;
        await first?.();
        return super.put(key, body, given);
      }
    }
    const lake = { raw: new MemoryStore(), enriched: new SlowStore(), zone: ZONE };
    await putUpdates(lake, numbers(4));
    await runDay(lake, DAY, options(2));
    await putUpdates(lake, [5]);
    overtake = () => runDay(lake, DAY, { ...options(2), force: true });
    const run = await runDay(lake, DAY, { ...RUN, force: true });
    expect(run).toMatchObject({ status: 'written', rows: 5 });
    expect(overtake).toBeUndefined();
    expect(await visible(lake.enriched)).toEqual(numbers(5));
    expect(lake.enriched.keys(FOLDER)).toEqual([FILE]);
  });

  test.each([
    ['one file', 100],
    ['parts', 2],
  ])('parts of another run beside %s are found, and gone with the next one', async (_, size) => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(4));
    const { parquetKey: key } = await runDay(lake, DAY, options(100));
    const stray = partKey(DAY, '0', 0);
    await runDay(lake, DAY, { ...options(size), force: true });
    await lake.enriched.put(stray, lake.enriched.bytes(key));
    expect(await runDay(lake, DAY, options(size))).toMatchObject({ status: 'written', rows: 4 });
    expect(lake.enriched.keys(FOLDER)).not.toContain(stray);
    expect(await visible(lake.enriched)).toEqual(numbers(4));
    expect(await runDay(lake, DAY, options(size))).toMatchObject({ status: 'unchanged' });
  });

  test('objects whose names tell something else are found out, and the day is planned anew', async () => {
    const lake = memoryLake();
    await putUpdates(lake, numbers(6));
    await lake.raw.put(rawKey(DAY, 7), Buffer.from(envelope({ ...UPDATES.message, update_id: 1 })));
    await lake.raw.put(rawKey(DAY, 8), Buffer.from(envelope({ ...UPDATES.poll, update_id: 2 })));
    const run = await runDay(lake, DAY, options(2));
    expect(run).toMatchObject({ stored: 8, rows: 7, duplicates: 1 });
    expect(await visible(lake.enriched)).toEqual([1, 2, 2, 3, 4, 5, 6]);
  });
});

test('what is no step is refused', async () => {
  const step = createStepHandler({ lake: memoryLake(), rawRetentionDays: 365 });
  for (const event of [
    { step: 'other', day: DAY },
    { step: 'plan', day: '2026-02-30' },
    { step: 'shard', day: DAY, run: '../x', shard: 0 },
    { step: 'finish', day: DAY },
  ]) {
    await expect(step(event)).rejects.toThrow();
  }
  await expect(step({ step: 'finish', day: DAY, run: 'ab' })).rejects.toThrow(/plan\.json/);
});
