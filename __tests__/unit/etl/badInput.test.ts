import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, test } from '@jest/globals';

import type { S3ServerOptions } from '../../../bench/s3/server.ts';
import { sendError } from '../../../bench/s3/server.ts';
import { Phases } from '../../../functions/etl/phases.ts';
import { type Unreadable, readRecords } from '../../../functions/etl/readRecords.ts';
import { runDay } from '../../../functions/etl/runDay.ts';
import { parquetKey, rejectedPrefix } from '../../../src/lake/keys.ts';
import { UnavailableError } from '../../../src/lake/objectStore.ts';
import { readRows } from '../../../src/lake/readParquet.ts';
import { readRejected, rejectedBody } from '../../../src/lake/rejected.ts';
import { DAY, RUN, envelope, memoryLake, putRaw, rowsOf } from '../../support/lakes.ts';
import { type S3Lake, startS3Lake } from '../../support/s3Lake.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const UPDATE = UPDATES.message;
const FOLDER = `telegram/context_date=${DAY}`;
const FILE = parquetKey(DAY);

const lakes: S3Lake[] = [];

async function open(...options: Parameters<typeof startS3Lake>): Promise<S3Lake> {
  const lake = await startS3Lake(...options);
  lakes.push(lake);
  return lake;
}

afterEach(async () => {
  await Promise.all(lakes.splice(0).map((lake) => lake.close()));
});

function message(update_id: number, text = 'oi'): string {
  return envelope({ ...UPDATE, update_id, message: { ...UPDATE.message, text } });
}

function fill(lake: S3Lake, count: number): void {
  for (let id = 1; id <= count; id++) lake.put(`${FOLDER}/${id}.json`, message(id));
}

/** Answers otherwise the first few times that something is asked for. */
function failing(
  times: number,
  what: RegExp,
  answer: NonNullable<S3ServerOptions['intercept']>,
): S3ServerOptions {
  let left = times;
  return {
    intercept: (request, response) =>
      what.test(`${request.method} ${request.key}?${request.query.toString()}`) &&
      left-- > 0 &&
      answer(request, response),
  };
}

describe('objects that change while the day is read', () => {
  test('one that vanishes between list and get is as if it had not been listed', async () => {
    const lake = await open(
      failing(1, /GET .*\/3\.json/, (_request, response) => {
        sendError(response, 404, 'NoSuchKey');
        return true;
      }),
    );
    fill(lake, 5);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 4, rows: 4, rejected: 0 });
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', stored: 5, rows: 5 });
  });

  test('one that grows is read as it is, also beyond what is small; the next run sees that it changed', async () => {
    const lake = await open();
    lake.put(`${FOLDER}/1.ndjson`, message(1));
    const list = lake.raw.list.bind(lake.raw);
    const lines = Array.from({ length: 9_000 }, (_, index) => message(index + 1, 'x'.repeat(200)));
    lake.raw.list = async function* (prefix, options) {
      for await (const object of list(prefix, options)) {
        lake.put(`${FOLDER}/1.ndjson`, lines.join(''));
        yield object;
      }
    };
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 9_000, rows: 9_000 });
    lake.raw.list = list;
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 9_000 });
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'unchanged' });
  });

  test.each([
    ['small', 10],
    ['large', 2_000_000],
  ])('a %s one whose body breaks off is read again, or the day fails', async (kind, size) => {
    const lake = await open(
      failing(1, /GET .*\/1\.json/, (_request, response) => {
        const body = message(1, 'x'.repeat(size));
        response.writeHead(200, { 'content-length': Buffer.byteLength(body), etag: '"1"' });
        response.write(body.slice(0, 100), () => response.destroy());
        return true;
      }),
    );
    lake.put(`${FOLDER}/1.json`, message(1, 'x'.repeat(size)));
    const run = runDay(lake, DAY, RUN);
    // eslint-disable-next-line jest/no-conditional-expect -- two ways to lose nothing
    if (kind === 'large') await expect(run).rejects.toThrow(UnavailableError);
    // eslint-disable-next-line jest/no-conditional-expect -- two ways to lose nothing
    else expect(await run).toMatchObject({ rows: 1, rejected: 0 });
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ rows: 1, rejected: 0 });
  });
});

describe('objects that are broken', () => {
  test('what is named gzip and is not is rejected, the rest is read', async () => {
    const lake = await open();
    fill(lake, 2);
    lake.put(`${FOLDER}/a.ndjson.gz`, message(7));
    lake.put(`${FOLDER}/b.ndjson.gz`, randomBytes(3_000_000));
    lake.put(`${FOLDER}/c.ndjson.gz`, gzipSync(message(8)).subarray(0, -9));
    const run = await runDay(lake, DAY, RUN);
    expect(run).toMatchObject({ status: 'written', rejected: 3 });
    expect(run.stored).toBe(run.rows + run.duplicates + run.rejected);
  });

  test('one broken line among a million is one that cannot be read; the others are', async () => {
    const line = (id: number) => `{"update_id":${id},"poll":{"id":"${id}"}}\n`;
    const broken = 654_321;
    async function* lines(): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < 1_000_000; start += 1_000) {
        const ids = Array.from({ length: 1_000 }, (_, index) => start + index);
        yield await Promise.resolve(
          Buffer.from(ids.map((id) => (id === broken ? '{"update_id":65\n' : line(id))).join('')),
        );
      }
    }
    const { raw } = memoryLake();
    const object = { key: 'all.ndjson', size: 0, etag: '', modified: new Date(0) };
    let records = 0;
    const unreadable: Unreadable[] = [];
    const taker = {
      record: () => records++,
      unreadable: (what: Unreadable) => unreadable.push(what),
    };
    const reading = readRecords(raw, { object, body: lines() }, taker, new Phases());
    while (!(await reading.next()).done);
    expect(records).toBe(999_999);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]?.line).toBe(broken);
    expect(unreadable[0]?.reason).toMatch(/it is not JSON/);
  });

  test('one broken line is one rejected record of a day of several row groups', async () => {
    const lake = memoryLake();
    const lines = Array.from({ length: 60_000 }, (_, id) =>
      id === 54_321 ? '{"update_id":54\n' : `{"update_id":${id},"poll":{"id":"${id}"}}\n`,
    );
    await putRaw(lake, 'all.ndjson', lines.join(''));
    const run = await runDay(lake, DAY, RUN);
    expect(run).toMatchObject({ stored: 60_000, rows: 59_999, rejected: 1 });
    const [key = ''] = lake.raw.keys(rejectedPrefix(DAY));
    const record = await readRejected(lake.raw, key);
    expect(record.line).toBe(54_321);
    expect(record.reason).toMatch(/it is not JSON/);
  });

  test('a line of 50 MB is rejected with its beginning; the lines beside it are read', async () => {
    const lake = memoryLake();
    const long = Buffer.from(message(2, 'x'.repeat(50_000_000)));
    await putRaw(
      lake,
      'lines.ndjson',
      Buffer.concat([Buffer.from(message(1)), long, Buffer.from(message(3))]),
    );
    await putRaw(lake, 'one.json', long);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 4, rows: 2, rejected: 2 });
    expect((await rowsOf(lake)).map((row) => row['update_id'])).toEqual([1n, 3n]);
    const beginning = long.subarray(0, 1024 * 1024);
    for (const key of lake.raw.keys(rejectedPrefix(DAY))) {
      const record = await readRejected(lake.raw, key);
      expect(record.reason).toMatch(/longer than 16 MiB/);
      expect([null, 1]).toContain(record.line);
      // Not the bodies themselves: a failure would print megabytes.
      expect(Buffer.compare(rejectedBody(record), beginning)).toBe(0);
    }
  });
});

describe('an S3 that makes difficulties', () => {
  test('that asks to slow down is asked less, and nothing is lost', async () => {
    let asked = 0;
    const lake = await open({
      latency: 2,
      intercept: ({ method, key }, response) => {
        if (method !== 'GET' || !key.endsWith('.json') || ++asked % 5 > 0) return false;
        sendError(response, 503, 'SlowDown');
        return true;
      },
    });
    fill(lake, 600);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 600, rows: 600, rejected: 0 });
    expect(asked).toBeGreaterThan(700);
  });

  test('that breaks connections and fails now and then is asked again', async () => {
    let asked = 0;
    const lake = await open({
      intercept: ({ method, key }, response) => {
        if (method !== 'GET' || !key.endsWith('.json')) return false;
        const turn = ++asked % 7;
        if (turn === 0) response.destroy();
        else if (turn === 1) sendError(response, 500, 'InternalError');
        return turn <= 1;
      },
    });
    fill(lake, 300);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 300, rows: 300 });
  });

  test('that refuses is an error of its own, at once', async () => {
    const lake = await open(
      failing(Number.POSITIVE_INFINITY, /GET .*\.json/, (_request, response) => {
        sendError(response, 403, 'AccessDenied');
        return true;
      }),
    );
    fill(lake, 3);
    await expect(runDay(lake, DAY, RUN)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(lake.enrichedKeys()).toEqual([]);
  });

  test('credentials that expire in the middle are fetched anew, once for all', async () => {
    let fetched = 0;
    let served = 0;
    const tokens = new Set<string>();
    const lake = await open(
      {
        latency: 2,
        intercept: ({ method, key, headers }, response) => {
          if (method !== 'GET' || !key.endsWith('.json')) return false;
          const token = String(headers['x-amz-security-token']);
          tokens.add(token);
          // After 100 objects only what was fetched later is good, and so again after 200.
          const isGood = Number(token.slice('token-'.length)) > Math.floor(served / 100);
          if (isGood) served++;
          else sendError(response, 400, 'ExpiredToken');
          return !isGood;
        },
      },
      {
        credentials: () =>
          Promise.resolve({
            accessKeyId: 'test',
            secretAccessKey: 'test',
            sessionToken: `token-${++fetched}`,
            expiration: new Date(Date.now() + 3_600_000),
          }),
      },
    );
    fill(lake, 250);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ stored: 250, rows: 250 });
    expect([...tokens]).toEqual(['token-1', 'token-2', 'token-3']);
    expect(fetched).toBe(3);
  });

  test('credentials that stay expired are an error that says so', async () => {
    const lake = await open({
      intercept: ({ method, key }, response) => {
        if (method !== 'GET' || !key.endsWith('.json')) return false;
        sendError(response, 400, 'ExpiredToken');
        return true;
      },
    });
    fill(lake, 3);
    await expect(runDay(lake, DAY, RUN)).rejects.toMatchObject({ name: 'ExpiredToken' });
    expect(lake.enrichedKeys()).toEqual([]);
  });

  test('keys of any letters are signed and read', async () => {
    const lake = await open();
    const names = ["o'clock (1)*!.json", 'ação 👋+&%=@.json', 'a b.json'];
    for (const [index, name] of names.entries()) lake.put(`${FOLDER}/${name}`, message(index));
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ rows: 3, rejected: 0 });
  });
});

describe('a file that is too large for one request', () => {
  /** Bytes of a part. */
  const PART = 8 * 1024 * 1024;

  /** A day whose file has two parts: texts that no compressor shrinks. */
  function fillMuch(lake: S3Lake): void {
    const lines = Array.from({ length: 2_000 }, (_, id) =>
      message(id, randomBytes(3_000).toString('base64')),
    );
    lake.put(`${FOLDER}/much.ndjson`, lines.join(''));
  }

  test('is written in parts, and seen when it is whole', async () => {
    const lake = await open();
    fillMuch(lake);
    const run = await runDay(lake, DAY, RUN);
    expect(run).toMatchObject({ status: 'written', rows: 2_000 });
    expect(Math.ceil(run.bytes / PART)).toBe(2);
    expect(lake.server.counts).toMatchObject({ UPLOAD: 1, PART: 2, COMPLETE: 1 });
    const written = () => lake.server.written.get(`enriched/${FILE}`) ?? new Uint8Array();
    const bytes = written();
    expect(bytes.length).toBe(run.bytes);
    expect(await readRows(bytes, ['update_id'])).toHaveLength(2_000);
    expect(await runDay(lake, DAY, { ...RUN, force: true })).toMatchObject({ status: 'written' });
    expect(Buffer.compare(written(), bytes)).toBe(0);
  });

  test('whose last part fails is aborted, and nothing is to be seen', async () => {
    const lake = await open(
      failing(Number.POSITIVE_INFINITY, /PUT .*partNumber=2/, (_request, response) => {
        sendError(response, 500, 'InternalError');
        return true;
      }),
    );
    fillMuch(lake);
    await expect(runDay(lake, DAY, RUN)).rejects.toThrow(UnavailableError);
    expect(lake.server.counts).toMatchObject({ UPLOAD: 1, ABORT: 1 });
    expect(lake.server.uploads()).toBe(0);
    expect(lake.enrichedKeys()).toEqual([]);
  });

  test('that another run writes meanwhile is not overwritten: the day is run again', async () => {
    let isFirst = true;
    const lake = await open({
      intercept: ({ method, query }) => {
        if (method === 'POST' && query.has('uploadId') && isFirst) {
          isFirst = false;
          lake.server.written.set(`enriched/${FILE}`, Buffer.from('of another run'));
        }
        return false;
      },
    });
    fillMuch(lake);
    expect(await runDay(lake, DAY, RUN)).toMatchObject({ status: 'written', rows: 2_000 });
    expect(lake.server.counts).toMatchObject({ UPLOAD: 2, ABORT: 1, COMPLETE: 2 });
  });
});
