import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { writeEnvelope } from '../../src/lake/envelope.ts';
import type {
  ApiError,
  Conversation,
  DayFileDetails,
  DayRows,
  DayRuns,
  LakeDay,
  LakeDays,
  LakeObjects,
  LakeScans,
  LineContent,
  ObjectLines,
  RejectedDetails,
  RejectedRecords,
  ReplayResult,
  Status,
} from '../../src/local/api.ts';
import { makePlace, type Place, startTestServer, type TestServer } from '../support/localServer.ts';

/** The clock stands at noon of 2026-11-21. */
const TODAY = '2026-11-21';
const OLD = '2026-11-10';
const PACKED = '2026-11-11';

let place: Place;
let server: TestServer;

/** An envelope of a message, sent at noon of a day. */
function message(updateId: number, day: string, text: string): string {
  const at = `${day}T15:00:00.000Z`;
  const update = {
    update_id: updateId,
    message: {
      message_id: updateId,
      date: Date.parse(at) / 1000,
      chat: { id: 77, type: 'private', first_name: 'Rosa' },
      from: { id: 77, is_bot: false, first_name: 'Rosa' },
      text,
    },
  };
  return writeEnvelope(
    { source: 'telegram', received_at: at, answer: null },
    JSON.stringify(update),
  );
}

const keyOf = (day: string, name: string) => `telegram/context_date=${day}/${name}`;

async function put(key: string, body: string | Uint8Array): Promise<void> {
  const path = join(place.folders.own, 'raw', key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

beforeAll(async () => {
  place = await makePlace();
  server = await startTestServer(place);
  // It has closed what it found; these come later.
  for (const id of [1, 2, 3]) await put(keyOf(OLD, `${id}.json`), message(id, OLD, `Olá ${id}`));
  await put(keyOf(OLD, '4.json'), message(4, OLD, 'cut off').slice(0, 60));
  const lines = [message(5, PACKED, 'first'), '{"v":1,\n', message(6, PACKED, 'third')];
  await put(keyOf(PACKED, 'a.ndjson.gz'), gzipSync(lines.join('')));
  await put(keyOf(PACKED, 'b.json'), Buffer.from([0xff, 0xfe, 0x00]));
});

afterAll(async () => {
  await server.close();
  await place.remove();
});

const get = async <T>(path: string, lake = 'own'): Promise<T> => {
  const { status, body } = await server.get(`/api/lakes/${lake}/${path}`);
  expect([path, status, status === 200 ? null : body]).toEqual([path, 200, null]);
  return body;
};

const post = async <T>(path: string, body: object, lake = 'own'): Promise<T> => {
  const { status, body: answer } = await server.post(`/api/lakes/${lake}/${path}`, body);
  expect([path, status, status === 200 ? null : answer]).toEqual([path, 200, null]);
  return answer;
};

const dayOf = async (day: string, lake = 'own'): Promise<LakeDay | undefined> =>
  (await get<LakeDays>('days', lake)).days.find((one) => one.day === day);

describe('the lake as its screen sees it', () => {
  test('a day is open, is closed, falls behind, and is closed again', async () => {
    expect(await dayOf(OLD)).toMatchObject({
      ...{ state: 'open', objects: 4, rejected: 0, messages: null, file: null },
    });
    const closed = await post<{ status: string }>('close', { day: OLD });
    expect(closed.status).toBe('written');
    expect(await dayOf(OLD)).toMatchObject({
      ...{ state: 'closed', objects: 4, rejected: 1, messages: 3 },
      file: { rows: 3 },
    });
    expect((await post<{ status: string }>('close', { day: OLD })).status).toBe('unchanged');

    await put(keyOf(OLD, '9.json'), message(9, OLD, 'late'));
    // Somebody else put it there: the count is refreshed when the day is run.
    await post('close', { day: OLD });
    expect(await dayOf(OLD)).toMatchObject({ state: 'closed', objects: 5, messages: 4 });
  });

  test('today is provisional, and behind with the next update', async () => {
    const { chats } = await get<{ chats: { id: number; people: { id: number }[] }[] }>('chats');
    const chat = chats.find(({ people }) => people.length === 1);
    const say = (text: string) =>
      post(`chats/${chat?.id}/actions`, { type: 'text', personId: chat?.people[0]?.id, text });
    await say('Oi');
    expect(await dayOf(TODAY)).toMatchObject({ state: 'open', objects: 1 });
    await post('close', { day: TODAY });
    expect(await dayOf(TODAY)).toMatchObject({ state: 'provisional', objects: 1, messages: 1 });
    await say('Vocês aceitam Pix?');
    expect(await dayOf(TODAY)).toMatchObject({ state: 'behind', objects: 2, messages: 1 });
    await post('close', { day: TODAY });
    expect(await dayOf(TODAY)).toMatchObject({ state: 'provisional', messages: 2 });
  });

  test('objects come in pages with what they say, or why they say nothing', async () => {
    const { objects } = await get<LakeObjects>(`days/${OLD}/objects?offset=0&limit=2`);
    expect(objects.map(({ key, line }) => [key, line?.update?.text])).toEqual([
      [keyOf(OLD, '1.json'), 'Olá 1'],
      [keyOf(OLD, '2.json'), 'Olá 2'],
    ]);
    expect(objects[0]?.line?.update).toMatchObject({
      ...{ updateId: 1, updateType: 'message', chatId: 77, author: 'Rosa', outcome: null },
      at: `${OLD}T15:00:00.000Z`,
      source: 'telegram',
    });
    const rest = await get<LakeObjects>(`days/${OLD}/objects?offset=3&limit=10`);
    expect(rest.objects.map(({ line }) => line?.problem ?? null)).toEqual([
      expect.stringContaining('it is not JSON'),
      null,
    ]);
  });

  test('an object of many records is read by line', async () => {
    const key = keyOf(PACKED, 'a.ndjson.gz');
    const { objects } = await get<LakeObjects>(`days/${PACKED}/objects`);
    expect(objects[0]).toMatchObject({ key, line: null });
    const { lines, total } = await get<ObjectLines>(
      `lines?key=${encodeURIComponent(key)}&offset=1`,
    );
    expect([total, lines.map(({ line }) => line)]).toEqual([3, [1, 2]]);
    expect(lines[0]?.problem).toContain('it is not JSON');
    const third = await get<LineContent>(`line?key=${encodeURIComponent(key)}&line=2`);
    expect(JSON.parse(third.text)).toMatchObject({ update: { message: { text: 'third' } } });
    expect(third.line.update?.updateId).toBe(6);
  });

  test.each([
    [`line?key=${encodeURIComponent('lake.json')}`, 404],
    [`line?key=${encodeURIComponent(keyOf(OLD, '../../../lake.json'))}`, 400],
    [`line?key=${encodeURIComponent(keyOf(OLD, '1.json'))}&line=7`, 404],
    [`lines?key=${encodeURIComponent('state/chats/1.json')}`, 404],
    [`rejected?key=${encodeURIComponent('lake.json')}`, 404],
    ['days/2026-02-30/objects', 400],
    [`days/${OLD}/objects?limit=100000`, 400],
    ['days/2020-01-01/file', 404],
    ['scans?from=2026-01-02&to=2026-01-01', 400],
  ])('nothing else is read: %s', async (path, status) => {
    const answer = await server.get(`/api/lakes/own/${path}`);
    expect(answer.status).toBe(status);
    expect((answer.body as ApiError).error).not.toBe('');
  });

  test('the file tells of its row groups and columns, and gives its rows', async () => {
    const file = await get<DayFileDetails>(`days/${OLD}/file`);
    expect(file).toMatchObject({ rows: 4, key: keyOf(OLD, 'messages.parquet') });
    expect(file.columns.map(({ name, meaning }) => [name, meaning])).toEqual(
      TELEGRAM_COLUMNS.map(({ name, meaning }) => [name, meaning]),
    );
    expect(file.rowGroups).toEqual([
      {
        rows: 4,
        bytes: file.columns.reduce((sum, { bytes }) => sum + bytes, 0),
        plainBytes: file.columns.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
        updateId: { min: 1, max: 9 },
        localTime: { min: `${OLD}T12:00:00.000`, max: `${OLD}T12:00:00.000` },
      },
    ]);
    expect(file.columns[0]).toMatchObject({ type: 'bigint', compression: ['ZSTD'], nulls: 0 });
    expect(file.columns[0]?.encodings).toContain('RLE');
    expect(file.metadata['chatbot.stored']).toBe('5');
    const { columns, rows } = await get<DayRows>(`days/${OLD}/rows?offset=1&limit=2`);
    expect(rows.map((row) => row[columns.indexOf('update_id')])).toEqual([2, 3]);
  });

  test('the runs of a day, the last one first', async () => {
    const { runs } = await get<DayRuns>(`days/${OLD}/runs`);
    expect(runs.map(({ stored, rows, rejected }) => [stored, rows, rejected])).toEqual([
      [5, 4, 1],
      [4, 3, 1],
    ]);
    expect(Date.parse(runs[0]?.finishedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(runs[1]?.finishedAt ?? ''),
    );
  });

  test('what a query reads over raw JSON and over Parquet', async () => {
    const { days } = await get<LakeDays>('days', 'sample');
    const [from, to] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
    const { analyses } = await get<LakeScans>(`scans?from=${from}&to=${to}`, 'sample');
    expect(analyses.map(({ name }) => name)).toEqual([
      'messages_per_day',
      'messages_per_user_per_day',
      'message_length_per_user_per_day',
      'messages_per_hour_and_weekday',
    ]);
    for (const { raw, parquet, columns } of analyses) {
      expect(raw.bytes).toBe(days.reduce((sum, { rawBytes }) => sum + rawBytes, 0));
      expect(parquet.objects).toBe(days.filter(({ file }) => file).length);
      expect(parquet.dollars).toBeGreaterThan(0);
      expect(columns).toContain('update_type');
    }
  });

  test('what was rejected is shown with its bytes, mended, and replayed', async () => {
    const { records, total } = await get<RejectedRecords>(`days/${OLD}/rejected`);
    expect(total).toBe(1);
    const [record] = records;
    expect(record).toMatchObject({
      ...{ from: 'etl', sourceKey: keyOf(OLD, '4.json'), line: null, bytes: 60 },
      reason: expect.stringContaining('it is not JSON'),
    });
    const key = record?.key ?? '';
    const details = await get<RejectedDetails>(`rejected?key=${encodeURIComponent(key)}`);
    expect(details).toMatchObject({
      body: { text: message(4, OLD, 'cut off').slice(0, 60), isText: true, isCut: false },
      notMendable: null,
    });

    const asItIs = await post<ReplayResult>('replay', { key });
    expect(asItIs).toMatchObject({
      replayed: [],
      failed: [{ key, reason: expect.stringContaining('it is not JSON') }],
    });
    const stillWrong = await post<ReplayResult>('replay', { key, body: '{"update_id": "x"}' });
    expect(stillWrong.failed).toHaveLength(1);

    const mended = await post<ReplayResult>('replay', { key, body: message(4, OLD, 'mended') });
    expect(mended).toMatchObject({
      replayed: [{ key, day: OLD, rawKey: keyOf(OLD, '4.json') }],
      failed: [],
      runs: [{ day: OLD, status: 'written', rows: 5, rejected: 0 }],
    });
    expect(await dayOf(OLD)).toMatchObject({ state: 'closed', rejected: 0, messages: 5 });
    // It is in the conversation, and what is newer still counts as the newest.
    const { entries } = await get<Conversation>('chats/77/entries');
    expect(entries.map(({ text }) => text)).toContain('mended');
    const status = (await server.get('/api/status')).body as Status;
    expect(status.lakes.own.lastMessageAt?.slice(0, 10)).toBe(TODAY);
    expect(server.reports).toContainEqual(
      expect.objectContaining({ type: 'closed', day: OLD, rows: 5, rejected: 0 }),
    );
  });

  test('a whole day is replayed: a mended line comes back, what is no text does not', async () => {
    await post('close', { day: PACKED });
    const { records } = await get<RejectedRecords>(`days/${PACKED}/rejected`);
    const line = records.find((one) => one.line === 1);
    const whole = records.find((one) => one.line === null);
    expect([line?.sourceKey, whole?.sourceKey]).toEqual([
      keyOf(PACKED, 'a.ndjson.gz'),
      keyOf(PACKED, 'b.json'),
    ]);
    const bytes = await get<RejectedDetails>(
      `rejected?key=${encodeURIComponent(whole?.key ?? '')}`,
    );
    expect(bytes.body).toMatchObject({ isText: false });
    const body = message(8, PACKED, 'second');
    expect((await post<ReplayResult>('replay', { key: line?.key, body })).replayed).toHaveLength(1);
    const all = await post<ReplayResult>('replay', { day: PACKED });
    expect(all).toMatchObject({
      replayed: [],
      failed: [{ key: whole?.key, reason: 'it is not UTF-8' }],
      runs: [{ day: PACKED, rows: 3, rejected: 1 }],
    });
  });

  test('what the webhook refused on a day without anything else is a day, and comes back', async () => {
    const record = {
      ...{ v: 1, from: 'webhook', source_key: null, line: null, reason: 'it was cut off' },
      received_at: '2026-11-03T12:00:00.000Z',
      body_base64: Buffer.from(
        JSON.stringify(
          (JSON.parse(message(20, '2026-11-02', 'whole')) as { update: object }).update,
        ),
      ).toString('base64'),
    };
    const key = `rejected/context_date=2026-11-03/${'a'.repeat(64)}.json`;
    await put(key, JSON.stringify(record));
    await put(`rejected/context_date=2026-11-03/${'b'.repeat(64)}.json`, 'no record');
    expect(await dayOf('2026-11-03')).toMatchObject({ state: 'empty', objects: 0, rejected: 2 });
    const { records } = await get<RejectedRecords>('days/2026-11-03/rejected');
    expect(records.map(({ from }) => from)).toEqual(['webhook', null]);
    const { replayed } = await post<ReplayResult>('replay', { key });
    expect(replayed).toEqual([{ key, day: '2026-11-02', rawKey: keyOf('2026-11-02', '20.json') }]);
    expect(await dayOf('2026-11-02')).toMatchObject({ state: 'closed', messages: 1 });
  });

  test('a day whose objects all were rejected is empty, not open', async () => {
    await put(keyOf('2026-11-05', '1.json'), '{');
    expect(await dayOf('2026-11-05')).toMatchObject({ state: 'open' });
    await post('close', { day: '2026-11-05' });
    expect(await dayOf('2026-11-05')).toMatchObject({ state: 'empty', rejected: 1, file: null });
    const { runs } = await get<DayRuns>('days/2026-11-05/runs');
    expect(runs).toMatchObject([{ stored: 1, rows: 0, rejected: 1 }]);
  });

  test('a request for nothing, or for too much, is refused', async () => {
    for (const body of [{}, { key: 'lake.json' }, { day: OLD, key: 'rejected/x' }]) {
      expect((await server.post('/api/lakes/own/replay', body)).status).toBe(400);
    }
  });
});
