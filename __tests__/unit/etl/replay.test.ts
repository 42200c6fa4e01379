import { gunzipSync, gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import { type ReplayOptions, replay } from '../../../functions/etl/replay.ts';
import { runDay } from '../../../functions/etl/runDay.ts';
import { rejectedPrefix } from '../../../src/lake/keys.ts';
import { writeRejected } from '../../../src/lake/rejected.ts';
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
const JSON_TEXT = JSON.stringify(UPDATE);
const OPTIONS: ReplayOptions = { ...RUN, chats: { chats: 'private', staffChats: [] } };
const RAW_KEY = `telegram/context_date=${DAY}/${UPDATE.update_id}.json`;

/** Keeps a body as the webhook does. @returns the record's key */
function refuse(lake: MemoryLake, body: string): Promise<string> {
  return writeRejected(lake.raw, '2026-01-16', {
    from: 'webhook',
    sourceKey: null,
    line: null,
    reason: 'it was not understood',
    receivedAt: Date.UTC(2026, 0, 16, 5),
    body: Buffer.from(body),
  });
}

/** The one rejected record of the day, after a run. */
async function rejectedOf(lake: MemoryLake): Promise<string> {
  await runDay(lake, DAY, RUN);
  const [key = '', ...more] = lake.raw.keys(rejectedPrefix(DAY));
  expect(more).toEqual([]);
  return key;
}

describe('replay of what the webhook refused', () => {
  test('a body that is an update by now is stored under its own day', async () => {
    const lake = memoryLake();
    const key = await refuse(lake, JSON_TEXT);
    const result = await replay(lake, OPTIONS);
    expect(result).toMatchObject({
      replayed: [{ key, day: DAY, rawKey: RAW_KEY }],
      failed: [],
      runs: [{ day: DAY, status: 'written', rows: 1 }],
      failures: [],
    });
    expect(lake.raw.keys('rejected/')).toEqual([]);
    expect(await rowsOf(lake)).toMatchObject([
      { source: 'telegram', received_at: new Date('2026-01-16T05:00:00Z') },
    ]);
    expect(lake.raw.bytes(RAW_KEY).toString()).toContain(`"update":${JSON_TEXT},"answer":null}`);
  });

  test('one that lies there already is not stored twice, another is kept beside it', async () => {
    const lake = memoryLake();
    await putRaw(lake, `${UPDATE.update_id}.json`, envelope(UPDATE));
    const same = await refuse(lake, JSON_TEXT);
    const other = await refuse(lake, JSON_TEXT.replace('sábado', 'domingo'));
    const { replayed, runs } = await replay(lake, OPTIONS);
    expect(replayed.map(({ key }) => key).sort()).toEqual([same, other].sort());
    expect(lake.raw.keys('telegram/')).toHaveLength(2);
    expect(runs).toMatchObject([{ stored: 2, rows: 2 }]);
  });

  test('what still is no update stays, with the reason', async () => {
    const lake = memoryLake();
    const key = await refuse(lake, '{"update_id":');
    expect(await replay(lake, OPTIONS)).toEqual({
      replayed: [],
      failed: [{ key, reason: expect.stringContaining('it is not JSON') }],
      runs: [],
      failures: [],
    });
    expect(lake.raw.keys('rejected/')).toEqual([key]);
  });

  test('a mended body takes its place', async () => {
    const lake = memoryLake();
    const key = await refuse(lake, '{"update_id":');
    const mended = new Map([[key, Buffer.from(JSON_TEXT)]]);
    expect(await replay(lake, { ...OPTIONS, keys: [key], mended })).toMatchObject({
      replayed: [{ key, rawKey: RAW_KEY }],
    });
    expect(lake.raw.keys('rejected/')).toEqual([]);
  });

  test('an update of a chat that is not ours stays out of the lake', async () => {
    const lake = memoryLake();
    const key = await refuse(lake, JSON.stringify(UPDATES.channel_post));
    const { failed } = await replay(lake, OPTIONS);
    expect(failed).toEqual([{ key, reason: expect.stringContaining('set chats to') }]);
    expect(lake.raw.keys('telegram/')).toEqual([]);
    const chats: ReplayOptions['chats'] = { chats: 'any', staffChats: [] };
    expect((await replay(lake, { ...OPTIONS, chats })).replayed).toHaveLength(1);
  });
});

describe('replay of what the ETL could not read', () => {
  test('an object that is readable by now', async () => {
    const lake = memoryLake();
    const source = await putRaw(lake, '1.json', '{');
    const key = await rejectedOf(lake);
    await putRaw(lake, '1.json', envelope(UPDATE));
    expect(await replay(lake, { ...OPTIONS, day: DAY })).toMatchObject({
      replayed: [{ key, day: DAY, rawKey: source }],
      failed: [],
      runs: [{ stored: 1, rows: 1, rejected: 0 }],
    });
    expect(lake.raw.keys('rejected/')).toEqual([]);
  });

  test('an object that is as it was stays, with the reason', async () => {
    const lake = memoryLake();
    await putRaw(lake, '1.json', '{');
    const key = await rejectedOf(lake);
    expect(await replay(lake, OPTIONS)).toMatchObject({
      replayed: [],
      failed: [{ key, reason: expect.stringContaining('it is not JSON') }],
      runs: [{ stored: 1, rows: 0, rejected: 1 }],
    });
    expect(lake.raw.keys('rejected/')).toEqual([key]);
  });

  test('mended bytes take the place of an object', async () => {
    const lake = memoryLake();
    const source = await putRaw(lake, '1.json', '{');
    const key = await rejectedOf(lake);
    const mended = new Map([[key, Buffer.from(JSON_TEXT)]]);
    expect(await replay(lake, { ...OPTIONS, mended })).toMatchObject({
      replayed: [{ key, rawKey: source }],
      runs: [{ rows: 1, rejected: 0 }],
    });
    expect(lake.raw.bytes(source).toString()).toBe(JSON_TEXT);
  });

  test('bytes that are no update do not replace anything', async () => {
    const lake = memoryLake();
    const source = await putRaw(lake, '1.json', '{');
    const key = await rejectedOf(lake);
    const mended = new Map([[key, Buffer.from('{}')]]);
    expect((await replay(lake, { ...OPTIONS, mended })).failed).toEqual([
      { key, reason: 'it has no update_id' },
    ]);
    expect(lake.raw.bytes(source).toString()).toBe('{');
  });

  test.each([
    ['lines.ndjson', (text: string) => Buffer.from(text), (bytes: Buffer) => bytes],
    ['lines.ndjson.gz', (text: string) => gzipSync(text), (bytes: Buffer) => gunzipSync(bytes)],
  ])('one line of %s is mended, the others keep their bytes', async (name, pack, unpack) => {
    const lake = memoryLake();
    const lines = [9, 8].map((update_id) => JSON.stringify({ ...UPDATE, update_id }));
    const source = await putRaw(lake, name, pack(`${lines[0]}\noops\n${lines[1]}\n`));
    const key = await rejectedOf(lake);
    const mended = new Map([[key, Buffer.from(JSON.stringify(UPDATE, null, 2))]]);
    expect(await replay(lake, { ...OPTIONS, mended })).toMatchObject({
      replayed: [{ key, rawKey: source }],
      runs: [{ stored: 3, rows: 3, rejected: 0 }],
    });
    const after = unpack(lake.raw.bytes(source)).toString().split('\n');
    expect([after[0], after[2], after[3]]).toEqual([lines[0], lines[1], '']);
    expect(JSON.parse(after[1] ?? '')).toEqual(UPDATE);
    expect(lake.raw.keys('rejected/')).toEqual([]);
  });

  test('an object whose raw object is gone comes back from what was kept of it', async () => {
    const lake = memoryLake();
    const key = await writeRejected(lake.raw, DAY, {
      from: 'etl',
      sourceKey: RAW_KEY,
      line: null,
      reason: 'an older program did not know it',
      receivedAt: RUN.now,
      body: Buffer.from(envelope(UPDATE)),
    });
    expect(await replay(lake, OPTIONS)).toMatchObject({ replayed: [{ key, rawKey: RAW_KEY }] });
    expect(lake.raw.bytes(RAW_KEY).toString()).toBe(envelope(UPDATE));
    expect(lake.raw.keys('rejected/')).toEqual([]);
  });

  test('a line whose object is gone cannot come back', async () => {
    const lake = memoryLake();
    const source = await putRaw(lake, 'lines.ndjson', 'oops\n');
    const key = await rejectedOf(lake);
    await lake.raw.delete([source]);
    const mended = new Map([[key, Buffer.from(JSON_TEXT)]]);
    expect((await replay(lake, { ...OPTIONS, mended })).failed).toEqual([
      { key, reason: `its raw object ${source} is gone` },
    ]);
  });
});

test('a record that is not there is named', async () => {
  const key = 'rejected/context_date=2026-01-15/none.json';
  expect((await replay(memoryLake(), { ...OPTIONS, keys: [key] })).failed).toEqual([
    { key, reason: expect.stringContaining(key) },
  ]);
});

test('a day whose run fails is named, and the record counts as brought back', async () => {
  const lake = memoryLake();
  const key = await refuse(lake, JSON_TEXT);
  lake.enriched.put = () => Promise.reject(new Error('disk full'));
  expect(await replay(lake, OPTIONS)).toMatchObject({
    replayed: [{ key, rawKey: RAW_KEY }],
    failures: [{ day: DAY, error: { message: 'disk full' } }],
  });
});
