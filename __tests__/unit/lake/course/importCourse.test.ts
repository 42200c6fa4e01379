import { gunzipSync, gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { replay } from '../../../../functions/etl/replay.ts';
import { runDays } from '../../../../functions/etl/runDays.ts';
import { type CourseImport, importCourse } from '../../../../src/lake/course/importCourse.ts';
import { CourseError, surveyCourse } from '../../../../src/lake/course/survey.ts';
import { parquetKey } from '../../../../src/lake/keys.ts';
import { readBytes } from '../../../../src/lake/objectStore.ts';
import { readRows } from '../../../../src/lake/readParquet.ts';
import { listRejected } from '../../../../src/lake/rejected.ts';
import {
  type CourseUpdate,
  courseParquet,
  courseUpdate,
  putCourseRaw,
  putCourseTable,
} from '../../../support/courseLake.ts';
import { type MemoryLake, RUN, memoryLake } from '../../../support/lakes.ts';
import { MemoryStore } from '../../../support/memoryStore.ts';

const LATER = { ...RUN, now: Date.UTC(2026, 2, 1) };

function survey(...stores: readonly MemoryStore[]) {
  return surveyCourse(stores.map((store, n) => ({ store, prefix: '', name: `source ${n}` })));
}

async function bringIn(lake: MemoryLake, ...stores: readonly MemoryStore[]): Promise<CourseImport> {
  const result = await importCourse(lake, await survey(...stores));
  const { failures } = await runDays(lake, result.days, LATER);
  expect(failures).toEqual([]);
  return result;
}

/** Rows of the whole table with their days, in order. */
async function rowsOf(lake: MemoryLake): Promise<Record<string, unknown>[]> {
  const rows = [];
  for (const key of lake.enriched.keys('telegram/')) {
    const day = /=([^/]+)\//.exec(key)?.[1];
    const ofDay = await readRows(await readBytes(lake.enriched, key));
    rows.push(...ofDay.map((row) => ({ ...row, context_date: day })));
  }
  return rows;
}

const MORNING = courseUpdate(1, '2026-02-03T08:00:00');
const NIGHT = courseUpdate(2, '2026-02-03T23:59:58');
const NEXT = courseUpdate(3, '2026-02-04T12:00:00');

async function rawSource(): Promise<MemoryStore> {
  const source = new MemoryStore();
  await putCourseRaw(source, MORNING, '2026-02-03T08:00:01', 1);
  // Received after midnight, and again as the course's function was slow.
  await putCourseRaw(source, NIGHT, '2026-02-04T00:00:01', 2);
  await putCourseRaw(source, NIGHT, '2026-02-04T00:00:03', 3);
  await putCourseRaw(source, NEXT, '2026-02-04T12:00:01', 4);
  return source;
}

describe('raw objects', () => {
  test('come in once, each under its own day, with the time of their receipt', async () => {
    const lake = memoryLake();
    const result = await bringIn(lake, await rawSource());
    expect(result).toMatchObject({
      updates: { found: 4, kept: 3, there: 0, duplicates: 1 },
      unreadable: [],
      days: ['2026-02-03', '2026-02-04'],
    });
    expect(await rowsOf(lake)).toMatchObject([
      { context_date: '2026-02-03', text: 'mensagem 1 😀', source: 'import' },
      {
        context_date: '2026-02-03',
        text: 'mensagem 2 😀',
        received_at: new Date('2026-02-04T03:00:01Z'),
      },
      { context_date: '2026-02-04', text: 'mensagem 3 😀' },
    ]);
  });

  test('lie many to an object, verbatim', async () => {
    const lake = memoryLake();
    await bringIn(lake, await rawSource());
    const [key = ''] = lake.raw.keys('telegram/context_date=2026-02-04/');
    expect(key).toMatch(/\/import-[0-9a-f]{24}\.ndjson\.gz$/);
    expect(gunzipSync(lake.raw.bytes(key)).toString()).toMatch(
      /^\{"v":1,"source":"import","received_at":"2026-02-04T15:00:01\.000Z","update":\{"update_id":439432003.*\\ud83d\\ude00.*\n$/,
    );
  });

  test('again: all is there, and nothing is written', async () => {
    const lake = memoryLake();
    const source = await rawSource();
    await bringIn(lake, source);
    const before = [...lake.raw.objects.keys(), ...lake.enriched.objects.keys()];
    const result = await bringIn(lake, source);
    expect(result.updates).toEqual({ found: 4, kept: 0, there: 3, duplicates: 1 });
    expect([...lake.raw.objects.keys(), ...lake.enriched.objects.keys()]).toEqual(before);
  });

  test('when the source has grown: only what is new', async () => {
    const lake = memoryLake();
    const source = await rawSource();
    await bringIn(lake, source);
    await putCourseRaw(source, courseUpdate(4, '2026-02-03T09:00:00'), '2026-02-03T09:00:01', 5);
    const result = await bringIn(lake, source);
    expect(result.updates).toEqual({ found: 5, kept: 1, there: 3, duplicates: 1 });
    expect(await rowsOf(lake)).toHaveLength(4);
  });

  test('what the webhook has stored is not stored again', async () => {
    const lake = memoryLake();
    const key = `telegram/context_date=2026-02-03/${MORNING.update_id}.json`;
    await lake.raw.put(key, Buffer.from(JSON.stringify(MORNING)));
    const result = await bringIn(lake, await rawSource());
    expect(result.updates).toEqual({ found: 4, kept: 2, there: 1, duplicates: 1 });
    expect(await rowsOf(lake)).toHaveLength(3);
  });

  test('envelopes and NDJSON, also packed, come in as they stand', async () => {
    const lake = memoryLake();
    const answer = {
      ...{ call: null, outcome: 'none', intent: null, score: null, candidates: [] },
      ...{ engine: 'e', knowledge: 'k', ms: 1 },
    };
    const envelope = {
      v: 1,
      source: 'telegram',
      received_at: '2026-02-03T11:00:05.000Z',
      update: MORNING,
      answer,
    };
    const source = new MemoryStore();
    const folder = 'backup/raw/telegram/context_date=2026-02-03';
    await source.put(`${folder}/a.json`, Buffer.from(JSON.stringify(envelope, null, 2)));
    const lines = [NIGHT, NEXT].map((update) => JSON.stringify(update)).join('\n');
    await source.put(`${folder}/b.ndjson.gz`, gzipSync(lines));
    await bringIn(lake, source);
    expect(await rowsOf(lake)).toMatchObject([
      { source: 'telegram', answer_outcome: 'none', received_at: new Date('2026-02-03T11:00:05Z') },
      { source: 'import', context_date: '2026-02-03' },
      { source: 'import', context_date: '2026-02-04' },
    ]);
  });

  test('an arbitrary name tells no time: the message’s own, or noon of the folder’s day', async () => {
    const lake = memoryLake();
    const source = new MemoryStore();
    const tap = {
      update_id: 7,
      callback_query: { id: '1', from: MORNING.message.from, chat_instance: 'x', data: 'd' },
    };
    await source.put('context_date=2026-02-03/x1.json', Buffer.from(JSON.stringify(MORNING)));
    await source.put('context_date=2026-02-05/x2.json', Buffer.from(JSON.stringify(tap)));
    await bringIn(lake, source);
    expect(await rowsOf(lake)).toMatchObject([
      { context_date: '2026-02-03', received_at: new Date('2026-02-03T11:00:00Z') },
      { context_date: '2026-02-05', local_time: new Date('2026-02-05T12:00:00Z') },
    ]);
    source.now = Date.UTC(2026, 5, 1);
    for (const [key, { bytes }] of [...source.objects]) await source.put(key, bytes);
    expect((await bringIn(lake, source)).updates).toMatchObject({ kept: 0, there: 2 });
  });
});

describe('tables', () => {
  test('whose raw objects are here add nothing, however often they were written', async () => {
    const lake = memoryLake();
    const source = await rawSource();
    await putCourseTable(source, [MORNING], '2026-02-03', '20260204031500000000');
    await putCourseTable(source, [MORNING], '2026-02-03', '20260204091500000000');
    await putCourseTable(source, [NIGHT, NIGHT, NEXT], '2026-02-04');
    const { rows } = await bringIn(lake, source);
    expect(rows).toMatchObject({ found: 5, known: 5, rebuilt: 0 });
    expect(await rowsOf(lake)).toHaveLength(3);
  });

  test('alone become updates: the eight columns are the course’s, the number is negative', async () => {
    const lake = memoryLake();
    const source = new MemoryStore();
    await putCourseTable(source, [MORNING], '2026-02-03', '20260204031500000000');
    await putCourseTable(source, [MORNING], '2026-02-03', '20260204091500000000');
    await putCourseTable(source, [NIGHT, NEXT], '2026-02-04');
    expect((await bringIn(lake, source)).rows).toEqual({
      ...{ found: 4, rebuilt: 3, there: 0, known: 0, duplicates: 1, useless: 0 },
    });
    const rows = await rowsOf(lake);
    const eight = Object.keys((await readRows(courseParquet([MORNING])))[0] ?? {});
    const original = await readRows(courseParquet([MORNING, NIGHT, NEXT]));
    expect(rows.map((row) => Object.fromEntries(eight.map((name) => [name, row[name]])))).toEqual(
      original,
    );
    expect(rows.map((row) => Number(row['update_id']) < 0)).toEqual([true, true, true]);
    expect(rows.map((row) => row['context_date'])).toEqual([
      '2026-02-03',
      '2026-02-03',
      '2026-02-04',
    ]);
    const again = await bringIn(lake, source);
    expect(again.rows).toMatchObject({ rebuilt: 0, there: 3, duplicates: 1 });
    expect(await rowsOf(lake)).toEqual(rows);
  });

  test('fill the days that have lost their raw objects; nothing counts twice', async () => {
    const lake = memoryLake();
    const source = await rawSource();
    await putCourseTable(source, [MORNING], '2026-02-03');
    await putCourseTable(source, [NIGHT, NIGHT, NEXT], '2026-02-04');
    for (const key of source.keys('telegram/context_date=2026-02-04/')) {
      if (key.endsWith('.json')) await source.delete([key]);
    }
    const { updates, rows } = await bringIn(lake, source);
    expect(updates).toMatchObject({ found: 1, kept: 1 });
    expect(rows).toMatchObject({ found: 4, known: 1, rebuilt: 2, duplicates: 1 });
    expect(await rowsOf(lake)).toHaveLength(3);
  });

  test('that came before their raw objects give way to them', async () => {
    const lake = memoryLake();
    const tables = new MemoryStore();
    await putCourseTable(
      tables,
      [MORNING, NIGHT, courseUpdate(9, '2026-02-03T10:00:00')],
      '2026-02-03',
    );
    await bringIn(lake, tables);
    const result = await bringIn(lake, await rawSource());
    expect(result.updates.kept).toBe(3);
    const rows = await rowsOf(lake);
    expect(rows.map((row) => row['text']).sort()).toEqual([
      'mensagem 1 😀',
      'mensagem 2 😀',
      'mensagem 3 😀',
      'mensagem 9 😀',
    ]);
    expect(rows.filter((row) => Number(row['update_id']) < 0)).toHaveLength(1);
    expect((await bringIn(lake, tables)).rows).toMatchObject({ known: 2, there: 1 });
  });

  test('with numbers as doubles, and rows that name no message', async () => {
    const lake = memoryLake();
    const source = new MemoryStore();
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'message_id', data: [7, null], type: 'DOUBLE' },
        { name: 'chat_id', data: [-5, null], type: 'DOUBLE' },
        { name: 'date', data: [MORNING.message.date, null], type: 'DOUBLE' },
        { name: 'text', data: ['oi', null], type: 'STRING' },
      ],
    });
    await source.put('telegram/context_date=2026-02-03/x.parquet', new Uint8Array(bytes));
    expect((await bringIn(lake, source)).rows).toMatchObject({ found: 2, rebuilt: 1, useless: 1 });
    expect(await rowsOf(lake)).toMatchObject([
      { message_id: 7n, chat_id: -5n, text: 'oi', user_id: null },
    ]);
  });
});

describe('what cannot be read', () => {
  async function brokenSource(): Promise<MemoryStore> {
    const source = await rawSource();
    const folder = 'telegram/context_date=2026-02-03';
    await source.put(`${folder}/20260203100000000000.json`, Buffer.from('{"update_id": 5, "mess'));
    await source.put(`${folder}/b.ndjson`, Buffer.from(`[]\n${JSON.stringify(NEXT)}\n`));
    await source.put(`${folder}/c.json.gz`, Buffer.from('no gzip'));
    await source.put(`${folder}/d.parquet`, Buffer.from('PAR1 not'));
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const columnData = [{ name: 'chat_id', data: [1n], type: 'INT64' as const }];
    await source.put(`${folder}/e.parquet`, new Uint8Array(parquetWriteBuffer({ columnData })));
    return source;
  }

  test('is kept under rejected/ with the reason, and stops nothing', async () => {
    const lake = memoryLake();
    const result = await bringIn(lake, await brokenSource());
    expect(result.updates).toMatchObject({ found: 5, kept: 3, duplicates: 2 });
    const reasons = result.unreadable.map(({ key, line, reason }) => [key.slice(33), line, reason]);
    expect(reasons).toEqual([
      ['20260203100000000000.json', null, expect.stringContaining('not JSON')],
      ['b.ndjson', 0, expect.stringContaining('an array')],
      ['c.json.gz', null, expect.stringContaining('cannot be unpacked')],
      ['d.parquet', null, expect.stringContaining('no Parquet file')],
      ['e.parquet', null, 'it lacks the columns message_id, date'],
    ]);
    const kept = [];
    for await (const { key, record } of listRejected(lake.raw)) kept.push([key, record.from]);
    expect(kept).toEqual(
      result.unreadable.map(({ rejectedKey }) => [rejectedKey, 'import']).sort(),
    );
  });

  test('again: the same records', async () => {
    const lake = memoryLake();
    const source = await brokenSource();
    await bringIn(lake, source);
    const before = lake.raw.keys('rejected/');
    await bringIn(lake, source);
    expect(lake.raw.keys('rejected/')).toEqual(before);
  });

  test('can be mended and replayed, whatever chats the bot admits', async () => {
    const lake = memoryLake();
    const { unreadable } = await bringIn(lake, await brokenSource());
    const key = unreadable[0]?.rejectedKey ?? '';
    const mended = courseUpdate(5, '2026-02-03T10:00:00');
    const result = await replay(lake, {
      ...LATER,
      ...{ chats: { chats: [1], staffChats: [] }, keys: [key] },
      mended: new Map([[key, Buffer.from(JSON.stringify(mended))]]),
    });
    expect(result.failed).toEqual([]);
    expect(await rowsOf(lake)).toMatchObject([
      {},
      {},
      { text: 'mensagem 5 😀', source: 'import' },
      {},
    ]);
  });
});

describe('a survey', () => {
  test('says what is there, and which days are missing', async () => {
    const source = await rawSource();
    await putCourseTable(source, [NEXT], '2026-02-07');
    await source.put('telegram/context_date=2026-02-04/_SUCCESS', Buffer.from(''));
    await source.put('README.md', Buffer.from('x'));
    expect(await survey(source)).toMatchObject({
      rawObjects: 4,
      parquetFiles: 1,
      otherObjects: 2,
      missingDays: ['2026-02-05', '2026-02-06'],
    });
  });

  test.each([
    [{}, /there is nothing/],
    [{ 'docs/a.txt': 'x', 'b.json': '{}' }, /there are other things \(b\.json, docs\/a\.txt, …\)/],
    [{ 'context_date=2026-02-30/a.json': '{}' }, /context_date=YYYY-MM-DD/],
  ])('of what is no such lake says what it looked for: %j', async (objects, says) => {
    const source = new MemoryStore();
    for (const [key, text] of Object.entries(objects)) await source.put(key, Buffer.from(text));
    await expect(survey(source)).rejects.toThrow(CourseError);
    await expect(survey(source)).rejects.toThrow(says);
  });
});

describe('any course’s lake', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 25 });
  const history = fc.record({
    numbers,
    /** Per message: which layers have it, how often, and how late it was received. */
    fates: fc.infiniteStream(
      fc.record({
        copies: fc.integer({ min: 0, max: 3 }),
        runs: fc.integer({ min: 0, max: 2 }),
        late: fc.integer({ min: 0, max: 20_000 }),
      }),
    ),
    order: fc.constantFrom<('raw' | 'tables')[]>(['raw', 'tables'], ['tables', 'raw']),
  });

  /** Both layers of a lake, and what of it can be known. */
  async function makeSource({
    numbers: all,
    fates,
  }: {
    numbers: number[];
    fates: Iterator<{ copies: number; runs: number; late: number }>;
  }) {
    const raw = new MemoryStore();
    const tables = new MemoryStore();
    const known: CourseUpdate[] = [];
    for (const number of all) {
      const { copies, runs, late } = fates.next().value as {
        copies: number;
        runs: number;
        late: number;
      };
      const time = Date.UTC(2026, 1, 3, 12) + number * 700_000;
      const at = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
      const update = courseUpdate(number, at(time));
      const ingest = time + late * 1000;
      for (let copy = 0; copy < copies; copy++) {
        await putCourseRaw(raw, update, at(ingest), number * 10 + copy);
      }
      const day = at(ingest).slice(0, 10);
      for (let run = 0; run < runs; run++) {
        await putCourseTable(tables, [update], day, `2026030${run}0000${number}`);
      }
      if (copies + runs > 0) known.push(update);
    }
    return { raw, tables, known };
  }

  const isLake = ({ raw, tables }: { raw: MemoryStore; tables: MemoryStore }): boolean =>
    raw.keys().length + tables.keys().length > 0;

  test('comes in whole and once; again, in parts, in any order, nothing changes', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ order, ...told }) => {
        const made = await makeSource(told);
        fc.pre(isLake(made));
        const { raw, tables, known } = made;

        const atOnce = memoryLake();
        const first = await bringIn(atOnce, raw, tables);
        const { found, kept, there, duplicates } = first.updates;
        expect(found).toBe(kept + there + duplicates);
        const texts = known.map(({ message }) => message.text).sort();
        const rows = await rowsOf(atOnce);
        expect(rows.map((row) => row['text']).sort()).toEqual(texts);
        for (const row of rows) {
          const local = (row['local_time'] as Date).toISOString().slice(0, 10);
          expect(row['context_date']).toBe(local);
        }

        const again = await bringIn(atOnce, raw, tables);
        expect(again.updates).toMatchObject({ kept: 0, there: kept });
        expect(again.rows.rebuilt).toBe(0);
        expect(await rowsOf(atOnce)).toEqual(rows);

        const inParts = memoryLake();
        for (const part of order) {
          const store = { raw, tables }[part];
          if (store.keys().length > 0) await bringIn(inParts, store);
        }
        expect(await rowsOf(inParts)).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  test('broken off anywhere and brought in again, is as if brought in at once', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat({ max: 6 }), async (told, writes) => {
        const made = await makeSource(told);
        fc.pre(isLake(made));
        const whole = memoryLake();
        await bringIn(whole, made.raw, made.tables);
        const broken = memoryLake();
        let left = writes;
        broken.raw.beforePut = () => {
          if (left-- === 0) throw new Error('broken off');
        };
        await importCourse(broken, await survey(made.raw, made.tables)).catch(() => undefined);
        broken.raw.beforePut = undefined;
        await bringIn(broken, made.raw, made.tables);
        expect(await rowsOf(broken)).toEqual(await rowsOf(whole));
      }),
      { numRuns: 30 },
    );
  });
});

test('days older than the retention are not shrunk', async () => {
  const lake = memoryLake();
  const options = { ...LATER, now: Date.UTC(2028, 0, 1) };
  const { days } = await importCourse(lake, await survey(await rawSource()));
  await runDays(lake, days, options);
  for (const key of lake.raw.keys('telegram/')) await lake.raw.delete([key]);
  const before = await rowsOf(lake);
  const other = new MemoryStore();
  await putCourseRaw(other, courseUpdate(8, '2026-02-03T15:00:00'), '2026-02-03T15:00:01');
  const result = await importCourse(lake, await survey(other));
  const { runs } = await runDays(lake, result.days, options);
  expect(runs).toMatchObject([{ status: 'kept' }]);
  expect(await rowsOf(lake)).toEqual(before);
  expect(lake.enriched.keys()).toContain(parquetKey('2026-02-03'));
});
