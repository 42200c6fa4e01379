import { describe, expect, test } from '@jest/globals';

import { runDay } from '../../../functions/etl/runDay.ts';
import { nextDay, previousDay } from '../../../src/lake/days.ts';
import { parquetKey, rejectedPrefix, runsPrefix } from '../../../src/lake/keys.ts';
import { NotFoundError, PreconditionFailedError } from '../../../src/lake/objectStore.ts';
import { readFooter, readRows } from '../../../src/lake/readParquet.ts';
import { readRejected } from '../../../src/lake/rejected.ts';
import {
  DAY,
  type MemoryLake,
  RUN,
  envelope,
  memoryLake,
  putRaw,
  rowsOf,
} from '../../support/lakes.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const UPDATE = UPDATES.message;
const TAP = UPDATES.callback_query;
const FILE = parquetKey(DAY);

describe('runDay', () => {
  test('writes one file with a row of each update, in the order of update_id', async () => {
    const lake = memoryLake();
    await putRaw(lake, 'b.json', envelope({ ...UPDATE, update_id: 9 }));
    await putRaw(lake, 'a.json', envelope({ ...UPDATE, update_id: 10 }));
    await putRaw(
      lake,
      'c.ndjson',
      [2, 1].map((update_id) => envelope({ ...UPDATE, update_id })).join(''),
    );
    const run = await runDay(lake, DAY, RUN);
    expect(run).toMatchObject({
      day: DAY,
      status: 'written',
      stored: 4,
      rows: 4,
      duplicates: 0,
      rejected: 0,
      late: 0,
      parquetKey: FILE,
      bytes: lake.enriched.bytes(FILE).length,
    });
    expect((await rowsOf(lake)).map((row) => row['update_id'])).toEqual([1n, 2n, 9n, 10n]);
    expect(lake.enriched.keys('telegram/')).toEqual([FILE]);
  });

  test('a second run changes nothing; a forced one writes the same bytes', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE));
    await putRaw(lake, 'broken.json', '{');
    const first = await runDay(lake, DAY, RUN);
    const bytes = lake.enriched.bytes(FILE);
    const reads = lake.raw.reads.length;
    const { stored, rows, duplicates, rejected, late } = first;
    expect(await runDay(lake, DAY, RUN)).toMatchObject({
      ...{ status: 'unchanged', stored, rows, duplicates, rejected, late, bytes: bytes.length },
    });
    expect(lake.raw.reads).toHaveLength(reads);
    expect(await runDay(lake, DAY, { ...RUN, force: true })).toMatchObject({ status: 'written' });
    expect(Buffer.compare(lake.enriched.bytes(FILE), bytes)).toBe(0);
  });

  test('a new object, a replaced one and a removed one each change the day', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
    await runDay(lake, DAY, RUN);
    await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 2 });
    const key = await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 3 }));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 2 });
    expect((await rowsOf(lake)).map((row) => row['update_id'])).toEqual([1n, 3n]);
    await lake.raw.delete([key]);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 1 });
  });

  test('a file that another column list made is made anew', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE));
    await runDay(lake, DAY, RUN);
    const written = lake.enriched.bytes(FILE).toString('latin1');
    const older = written.replace(
      'chatbot.columns_version\x18\x011',
      'chatbot.columns_version\x18\x010',
    );
    expect(older).not.toBe(written);
    await lake.enriched.put(FILE, Buffer.from(older, 'latin1'));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written' });
    expect(lake.enriched.bytes(FILE).toString('latin1')).toBe(written);
  });

  test('counts the same update once, as it was first received', async () => {
    const lake = memoryLake();
    await putRaw(lake, 'late.json', envelope(UPDATE, '2026-01-15T15:00:09.000Z'));
    await putRaw(lake, 'first.json', envelope(UPDATE, '2026-01-15T15:00:01.000Z'));
    const { update_id, message } = UPDATE;
    await putRaw(lake, 'other-order.json', JSON.stringify({ message, update_id }));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 3, rows: 1, duplicates: 2 });
    expect((await rowsOf(lake))[0]?.['received_at']).toEqual(new Date('2026-01-15T15:00:01Z'));
  });

  test('counts it once, too, where names tell other numbers and its rows lie far apart', async () => {
    const lake = memoryLake();
    const early = '2026-01-15T14:00:00.000Z';
    await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 5 }));
    await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 6 }));
    await putRaw(lake, '3.json', envelope({ ...UPDATE, update_id: 5 }, early));
    const run = await runDay(lake, DAY, { ...RUN, groupRows: 1 });
    expect(run).toMatchObject({ status: 'written', stored: 3, rows: 2, duplicates: 1 });
    const rows = await rowsOf(lake);
    expect(rows.find((row) => row['update_id'] === 5n)).toMatchObject({
      received_at: new Date(early),
    });
  });

  test('keeps two updates of one number, the earlier first', async () => {
    const lake = memoryLake();
    const other = { ...UPDATE, message: { ...UPDATE.message, text: 'another bot' } };
    await putRaw(lake, '1.json', envelope(UPDATE, '2026-01-15T15:00:09.000Z'));
    await putRaw(lake, '1-0123456789ab.json', envelope(other, '2026-01-15T15:00:01.000Z'));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 2, rows: 2, duplicates: 0 });
    expect((await rowsOf(lake)).map((row) => row['text'])).toEqual([
      'another bot',
      UPDATE.message.text,
    ]);
  });

  test('rejects what it cannot read, with the reason, and goes on', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE));
    await putRaw(lake, 'empty.json', '');
    await putRaw(lake, 'photo.jpg', Buffer.from([0xff, 0xd8, 0xff]));
    await putRaw(lake, 'not-gzip.ndjson.gz', '{}');
    const lines = await putRaw(
      lake,
      'lines.ndjson',
      `${JSON.stringify({ ...UPDATE, update_id: 2 })}\noops\n`,
    );
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 6, rows: 2, rejected: 4 });
    const records = await Promise.all(
      lake.raw.keys(rejectedPrefix(DAY)).map((key) => readRejected(lake.raw, key)),
    );
    const reasons = records.map(({ source_key, line, reason }) => [source_key, line, reason]);
    expect(reasons.sort()).toEqual([
      ['telegram/context_date=2026-01-15/empty.json', null, 'it is empty'],
      [lines, 1, expect.stringContaining('it is not JSON')],
      [
        'telegram/context_date=2026-01-15/not-gzip.ndjson.gz',
        null,
        expect.stringContaining('cannot be unpacked'),
      ],
      ['telegram/context_date=2026-01-15/photo.jpg', null, 'it is not UTF-8'],
    ]);
    expect(records.every(({ from }) => from === 'etl')).toBe(true);
    const body = records.find(({ line }) => line === 1)?.body_base64 ?? '';
    expect(Buffer.from(body, 'base64').toString()).toBe('oops');
  });

  test('an update that is nested absurdly deep is rejected, too', async () => {
    const lake = memoryLake();
    const depth = 50_000;
    const json = `{"update_id":2,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    await putRaw(lake, '1.json', envelope(UPDATE));
    await putRaw(lake, '2.json', json);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 2, rows: 1, rejected: 1 });
  });

  test('forgets a rejected object once it is mended, but not one of the webhook', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', '{');
    await runDay(lake, DAY, RUN);
    expect(lake.raw.keys(rejectedPrefix(DAY))).toHaveLength(1);
    await putRaw(lake, '1.json', envelope(UPDATE));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 1, rows: 1, rejected: 0 });
    expect(lake.raw.keys(rejectedPrefix(DAY))).toEqual([]);
  });

  test("passes over the console's folder marks", async () => {
    const lake = memoryLake();
    await lake.raw.put(`telegram/context_date=${DAY}/`, Buffer.alloc(0));
    await putRaw(lake, '1.json', envelope(UPDATE));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 1, rows: 1, rejected: 0 });
  });

  test('an object that goes while the day is read is not counted', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
    const gone = await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
    const get = lake.raw.get.bind(lake.raw);
    lake.raw.get = (key) => (key === gone ? Promise.reject(new NotFoundError(key)) : get(key));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 1, rows: 1, rejected: 0 });
    // It is there after all: the next run takes it.
    lake.raw.get = get;
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', stored: 2, rows: 2 });
  });

  test('counts what was received after the day had ended', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE, '2026-01-16T02:59:59.999Z'));
    await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }, '2026-01-16T03:00:00.000Z'));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ rows: 2, late: 1 });
  });

  describe('the day before', () => {
    const tomorrow = nextDay(DAY);
    const again = '2026-01-16T03:00:20.000Z';
    const later = { ...RUN, now: RUN.now + 24 * 3_600_000 };

    test('an update without a time of its own counts once, on the first day', async () => {
      const lake = memoryLake();
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, '2026-01-16T02:59:50.000Z'));
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, again), tomorrow);
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ rows: 1 });
      expect(await runDay(lake, tomorrow, later)).toMatchObject({
        ...{ status: 'empty', stored: 1, rows: 0, duplicates: 1 },
      });
    });

    test('another tap under the same number stays', async () => {
      const lake = memoryLake();
      const other = { ...TAP, callback_query: { ...TAP.callback_query, id: '1' } };
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, '2026-01-16T02:59:50.000Z'));
      await putRaw(lake, `${TAP.update_id}.json`, envelope(other, again), tomorrow);
      expect(await runDay(lake, tomorrow, later)).toMatchObject({ rows: 1, duplicates: 0 });
    });

    test('only objects that may hold such an update are read', async () => {
      const lake = memoryLake();
      const yesterday = [
        await putRaw(lake, '7.json', envelope({ ...UPDATE, update_id: 7 })),
        await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP)),
        await putRaw(lake, `${TAP.update_id}-0123456789ab.json`, '{'),
        await putRaw(lake, '20260115120000123456.json', JSON.stringify(UPDATE)),
        await putRaw(lake, 'export.ndjson', envelope(UPDATE)),
      ];
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, again), tomorrow);
      await runDay(lake, tomorrow, later);
      const read = lake.raw.reads.filter((key) => key.includes(DAY));
      expect(read.sort()).toEqual(yesterday.slice(1).sort());
      // What cannot be read of the day before is that day's to reject.
      expect(lake.raw.keys('rejected/')).toEqual([]);
    });

    test('it is not even listed when every update lies under its own day', async () => {
      const lake = memoryLake();
      await putRaw(lake, '7.json', '{', previousDay(DAY));
      await putRaw(lake, '8.json', envelope(UPDATE));
      await runDay(lake, DAY, RUN);
      expect(readFooter(lake.enriched.bytes(FILE)).metadata['chatbot.earlier_listing']).toBe('');
    });

    test('when it changes, the day that asked it is run again', async () => {
      const lake = memoryLake();
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, again), tomorrow);
      expect(await runDay(lake, tomorrow, later)).toMatchObject({ status: 'written', rows: 1 });
      expect(await runDay(lake, tomorrow, later)).toMatchObject({ status: 'unchanged' });
      await putRaw(lake, `${TAP.update_id}.json`, envelope(TAP, '2026-01-16T02:59:50.000Z'));
      expect(await runDay(lake, tomorrow, later)).toMatchObject({ status: 'empty', rows: 0 });
      expect(lake.enriched.keys('telegram/')).toEqual([]);
    });
  });

  describe('an empty day', () => {
    test('has no file and leaves no trace', async () => {
      const lake = memoryLake();
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'empty', stored: 0, bytes: 0 });
      expect(lake.enriched.keys()).toEqual([]);
    });

    test('that had a file loses it', async () => {
      const lake = memoryLake();
      const key = await putRaw(lake, '1.json', envelope(UPDATE));
      await runDay(lake, DAY, RUN);
      await lake.raw.delete([key]);
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'empty', rows: 0 });
      expect(lake.enriched.keys('telegram/')).toEqual([]);
    });

    test('with nothing but rejected objects has no file, and a row in runs', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', '{');
      expect(await runDay(lake, DAY, RUN)).toMatchObject({
        ...{ status: 'empty', stored: 1, rows: 0, rejected: 1 },
      });
      expect(lake.enriched.keys('telegram/')).toEqual([]);
      expect(lake.enriched.keys('runs/')).toHaveLength(1);
      await runDay(lake, DAY, { ...RUN, now: RUN.now + 1_000 });
      expect(lake.enriched.keys('runs/')).toHaveLength(1);
    });
  });

  describe('past retention', () => {
    const old = { now: Date.UTC(2027, 0, 15, 12), rawRetentionDays: 365 };

    test('a day whose raw objects are gone is left as it is, and says so', async () => {
      const lake = memoryLake();
      const one = await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
      const two = await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
      await runDay(lake, DAY, RUN);
      const bytes = lake.enriched.bytes(FILE);
      await lake.raw.delete([one]);
      const run = await runDay(lake, DAY, old);
      expect(run).toMatchObject({ status: 'kept', stored: 1, rows: 1, bytes: bytes.length });
      expect(run.reason).toMatch(/1 of its 2 rows have no raw object/);
      await lake.raw.delete([two]);
      expect(await runDay(lake, DAY, { ...old, force: true })).toMatchObject({ status: 'kept' });
      // As many rows as before, but others: that would lose two as well.
      await putRaw(lake, '3.json', envelope({ ...UPDATE, update_id: 3 }));
      await putRaw(lake, '4.json', envelope({ ...UPDATE, update_id: 4 }));
      expect(await runDay(lake, DAY, old)).toMatchObject({ status: 'kept' });
      expect(lake.enriched.bytes(FILE)).toBe(bytes);
    });

    test('a day that only grows is written', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
      await runDay(lake, DAY, RUN);
      await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
      expect(await runDay(lake, DAY, old)).toMatchObject({ status: 'written', rows: 2 });
    });

    test('a day before that age may shrink', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
      const two = await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
      await runDay(lake, DAY, RUN);
      await lake.raw.delete([two]);
      const young = { ...old, now: Date.UTC(2027, 0, 14, 12) };
      expect(await runDay(lake, DAY, young)).toMatchObject({ status: 'written', rows: 1 });
    });
  });

  describe('runs that overlap', () => {
    /** Before the day's file is first written, another object comes and another run writes the file. */
    const whileItWrites = (lake: MemoryLake, body: string): void => {
      lake.enriched.beforePut = async (key) => {
        if (key !== FILE) return;
        lake.enriched.beforePut = undefined;
        await putRaw(lake, '2.json', body);
        await runDay(lake, DAY, RUN);
      };
    };

    test('a file that another run has written meanwhile is not overwritten blindly', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
      whileItWrites(lake, envelope({ ...UPDATE, update_id: 2 }));
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ rows: 2 });
      expect(await rowsOf(lake)).toHaveLength(2);
    });

    test('the record of what another has rejected meanwhile stays', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', envelope({ ...UPDATE, update_id: 1 }));
      whileItWrites(lake, '{');
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'unchanged', rejected: 1 });
      expect(lake.raw.keys(rejectedPrefix(DAY))).toHaveLength(1);
    });

    test('one that always loses gives up', async () => {
      const lake = memoryLake();
      await putRaw(lake, '1.json', envelope(UPDATE));
      lake.enriched.put = (key) => Promise.reject(new PreconditionFailedError(key));
      await expect(runDay(lake, DAY, RUN)).rejects.toThrow(PreconditionFailedError);
    });

    test('a day that fills while its file is about to go keeps a file', async () => {
      const lake = memoryLake();
      const one = await putRaw(lake, '1.json', envelope(UPDATE));
      await runDay(lake, DAY, RUN);
      await lake.raw.delete([one]);
      const list = lake.raw.list.bind(lake.raw);
      let listings = 0;
      lake.raw.list = async function* (prefix, options) {
        if (prefix.startsWith('telegram/') && ++listings === 2) {
          await putRaw(lake, '2.json', envelope({ ...UPDATE, update_id: 2 }));
        }
        yield* list(prefix, options);
      };
      expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 1 });
    });
  });

  test('keeps a row of each real run in table runs', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE));
    await putRaw(lake, '2.json', envelope(UPDATE));
    await runDay(lake, DAY, RUN);
    await runDay(lake, DAY, RUN);
    const keys = lake.enriched.keys(runsPrefix(DAY));
    expect(keys).toEqual([
      expect.stringMatching(/^runs\/context_date=2026-01-15\/20260116T04\d{7}Z\.parquet$/),
    ]);
    const [row] = await readRows(lake.enriched.bytes(keys[0] ?? ''));
    expect(row).toMatchObject({
      ...{ day: new Date(DAY), stored: 2n, rows: 1n, duplicates: 1n, rejected: 0n, late: 0n },
    });
    expect((row?.['finished_at'] as Date).getTime()).toBeGreaterThanOrEqual(RUN.now);
  });

  test('a day whose run broke off before its row was kept is run again', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', envelope(UPDATE));
    lake.enriched.beforePut = (key) => {
      if (key.startsWith(runsPrefix(DAY))) throw new Error('Broken off.');
    };
    await expect(runDay(lake, DAY, RUN)).rejects.toThrow('Broken off.');
    expect(lake.enriched.keys(FILE)).toEqual([FILE]);
    lake.enriched.beforePut = undefined;
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 1 });
    expect(lake.enriched.keys(runsPrefix(DAY))).toHaveLength(1);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'unchanged', rows: 1 });
  });

  test('tells how far it is, and stops when it is told to', async () => {
    const lake = memoryLake();
    for (let id = 1; id <= 5; id++) {
      await putRaw(lake, `${id}.json`, envelope({ ...UPDATE, update_id: id }));
    }
    const seen: number[] = [];
    const controller = new AbortController();
    await runDay(lake, DAY, {
      ...RUN,
      onProgress: ({ day, done, total, records }) => {
        expect([day, total]).toEqual([DAY, 5]);
        expect(records).toBe(done);
        seen.push(done);
      },
    });
    expect(seen.at(-1)).toBe(5);
    controller.abort(new Error('enough'));
    const stopped = runDay(lake, DAY, { ...RUN, force: true, signal: controller.signal });
    await expect(stopped).rejects.toThrow('enough');
  });
});
