import { request } from 'node:http';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type {
  Action,
  ActionResult,
  AnalysisList,
  AnalysisResult,
  ApiError,
  ChatList,
  CloseResult,
  Conversation,
  LakeEvent,
  RecordDetails,
  Status,
} from '../../src/local/api.ts';
import { SQL_FOLDER } from '../../src/local/paths.ts';
import { startBotApiServer } from '../support/botApiServer.ts';
import {
  makePlace,
  NOON,
  type Place,
  startTestServer,
  type TestServer,
} from '../support/localServer.ts';
import { waitFor } from '../support/waitFor.ts';

const ANA = 990_000_000_001;
const isSql = (file: string) => file.endsWith('.sql');
const GROUP = -1_009_900_000_001;

let place: Place;
let server: TestServer;

beforeAll(async () => {
  place = await makePlace();
  server = await startTestServer(place);
});

afterAll(async () => {
  await server.close();
  await place.remove();
});

async function act(action: Action, chat = ANA, lake = 'own'): Promise<ActionResult> {
  const { status, body } = await server.post(`/api/lakes/${lake}/chats/${chat}/actions`, action);
  expect(status).toBe(200);
  return body;
}

async function entries(chat = ANA, lake = 'own') {
  const { body } = await server.get(`/api/lakes/${lake}/chats/${chat}/entries`);
  return (body as Conversation).entries;
}

async function status(): Promise<Status> {
  return (await server.get('/api/status')).body;
}

async function messagesPerDay(lake = 'own'): Promise<Record<string, unknown>> {
  const { body } = await server.get(
    `/api/lakes/${lake}/analyses/messages_per_day?from=2026-11-01&to=2026-11-30`,
  );
  return Object.fromEntries((body as AnalysisResult).rows as [string, unknown][]);
}

describe('the main job', () => {
  test('a message becomes an answer, a raw object, a row, and a number in an analysis', async () => {
    expect((await status()).lakes.own).toMatchObject({ lastMessageAt: null, openUpdates: 0 });
    expect(await messagesPerDay()).toEqual({});

    const result = await act({ personId: ANA, type: 'text', text: 'Vocês aceitam Pix?' });
    expect(result.status).toBe(200);
    const ref = result.record;
    if (!ref) throw new Error('Nothing was stored.');

    // The answer.
    const [question, answer] = await entries();
    expect(question).toMatchObject({ by: 'person', messageId: 1, text: 'Vocês aceitam Pix?' });
    expect(answer).toMatchObject({ by: 'bot', messageId: 2, record: ref });
    expect(answer?.text).toMatch(/pix/i);

    // The raw object.
    const stored = await readFile(join(place.folders.own, 'raw', ref.key), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({
      v: 1,
      source: 'simulator',
      update: { message: { text: 'Vocês aceitam Pix?' } },
      answer: { outcome: 'answered', intent: 'pix' },
    });
    const path = `/api/lakes/own/record?key=${encodeURIComponent(ref.key)}&line=0`;
    const open = (await server.get(path)).body as RecordDetails;
    expect(open).toMatchObject({
      json: stored.trim(),
      updateType: 'message',
      day: '2026-11-21',
      row: null,
      answer: { intent: 'pix', title: { pt: expect.any(String), en: expect.any(String) } },
    });
    expect(open.size).toBe(Buffer.byteLength(stored));
    expect((await status()).lakes.own).toMatchObject({ openUpdates: 1, lastClosedDay: null });

    // The row.
    const closed = (await server.post('/api/lakes/own/close', {})).body as CloseResult;
    expect(closed).toMatchObject({
      day: '2026-11-21',
      stored: 1,
      rows: 1,
      duplicates: 0,
      rejected: 0,
    });
    const { row } = (await server.get(path)).body as RecordDetails;
    const values = Object.fromEntries((row ?? []).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      user_id: ANA,
      text: 'Vocês aceitam Pix?',
      text_length: 18,
      answer_intent: 'pix',
      local_time: expect.stringContaining('2026-11-21T12:00'),
      context_date: '2026-11-21',
    });
    expect(row?.filter(({ meaning }) => meaning.length < 10)).toEqual([]);

    // The analysis, the tiles, the freshness.
    expect(await messagesPerDay()).toEqual({ '2026-11-21': 1 });
    const { body } = await server.get(
      '/api/lakes/own/analyses/overview?from=2026-11-21&to=2026-11-21',
    );
    expect((body as AnalysisResult).rows[0]?.slice(0, 5)).toEqual([1, 1, 1, 1, 0]);
    expect((await status()).lakes.own).toMatchObject({
      openUpdates: 0,
      lastClosedDay: '2026-11-21',
    });
    expect(server.reports).toContainEqual(
      expect.objectContaining({
        type: 'update',
        chat: 'Ana',
        intent: 'pix',
        stored: { key: ref.key },
      }),
    );
  });

  test('every action becomes a row', async () => {
    const before = (await server.post('/api/lakes/own/close', {})).body as CloseResult;
    const group = (action: Action) => act(action, GROUP);
    await group({ personId: ANA, type: 'text', text: 'Alguém sabe o horário?' });
    const asked = (await entries(GROUP)).at(-1)?.messageId ?? 0;
    await group({ personId: ANA, type: 'text', text: '/help@folha_e_barro_bot' });
    const help = (await entries(GROUP)).at(-1);
    expect(help).toMatchObject({ by: 'bot' });
    const [[button] = []] = help?.buttons ?? [];
    if (!help?.messageId || !button) throw new Error('/help has no buttons.');
    await group({ personId: ANA, type: 'tap', messageId: help.messageId, data: button.data });
    await group({ personId: ANA, type: 'edit', messageId: asked, text: 'Alguém sabe o endereço?' });
    await group({ personId: ANA, type: 'react', messageId: asked, emoji: '👍' });
    await group({ personId: ANA, type: 'photo', caption: 'Olha' });
    await group({ personId: ANA, type: 'sticker', emoji: '🌿' });
    await group({ personId: ANA, type: 'leave' });
    await group({ personId: ANA, type: 'join' });
    const kinds = (await entries(GROUP)).map(({ by, contentType }) => `${by} ${contentType}`);
    expect(kinds).toEqual([
      'person text',
      'person text',
      'bot text',
      'service callback_query',
      'bot text',
      'person photo',
      'person sticker',
      'service left_chat_member',
      'service new_chat_members',
    ]);
    const after = (await server.post('/api/lakes/own/close', {})).body as CloseResult;
    // Joining and leaving are two updates each.
    expect(after.rows - before.rows).toBe(11);
    expect(after).toMatchObject({ duplicates: 0, rejected: 0, stored: after.rows });
  });

  test('an open page is told of each update and of the closing', async () => {
    const stop = new AbortController();
    const response = await fetch(`${server.url}/api/lakes/own/events`, { signal: stop.signal });
    const events: LakeEvent[] = [];
    const reading = (async () => {
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines)
          if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as LakeEvent);
        if (events.length === 2) return;
      }
    })();
    const { record } = await act({ personId: ANA, type: 'text', text: 'Oi' });
    await server.post('/api/lakes/own/close', { day: '2026-11-21' });
    await reading;
    stop.abort();
    expect(events).toEqual([
      { type: 'update', chatId: ANA, record },
      { type: 'closed', day: '2026-11-21' },
    ]);
  });

  test('the analyses come with titles, columns, chart and SQL', async () => {
    const { analyses } = (await server.get('/api/analyses')).body as AnalysisList;
    expect(analyses).toHaveLength((await readdir(SQL_FOLDER)).filter(isSql).length);
    for (const { title, columns, chart, sql } of analyses) {
      expect(title.pt).not.toBe(title.en);
      const drawn = [chart.x ?? [], chart.y, chart.series ?? []].flat();
      expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(drawn));
      expect(sql).toMatch(/^(--|\/\*)[^]*SELECT/);
    }
  });
});

describe('the sample lake', () => {
  test('is alive at once and ends today, with its last day open', async () => {
    const { lakes } = await status();
    expect(lakes.sample).toMatchObject({ today: '2026-11-21', lastClosedDay: '2026-11-20' });
    expect(lakes.sample.openUpdates).toBeGreaterThan(0);
    const days = await messagesPerDay('sample');
    expect(Object.keys(days)).toHaveLength(20);
    const { chats } = (await server.get('/api/lakes/sample/chats')).body as ChatList;
    expect(chats.length).toBeGreaterThan(20);
  });

  test('can be talked to, and what is said there stays there', async () => {
    const { chats } = (await server.get('/api/lakes/sample/chats')).body as ChatList;
    const chat = chats.find(({ type, lastAt }) => type === 'private' && lastAt !== null);
    const person = chat?.people[0];
    if (!chat || !person) throw new Error('The sample has no private chat.');
    const before = (await status()).lakes;
    await act({ personId: person.id, type: 'text', text: 'Oi de novo' }, chat.id, 'sample');
    const last = (await entries(chat.id, 'sample')).filter(({ by }) => by === 'person').at(-1);
    expect(last).toMatchObject({ text: 'Oi de novo', author: { id: person.id } });
    const after = (await status()).lakes;
    expect(after.sample.openUpdates).toBe(before.sample.openUpdates + 1);
    expect(after.own).toEqual(before.own);
    expect(JSON.stringify(await readdir(place.folders.own, { recursive: true }))).not.toContain(
      'sample',
    );
  });
});

/** A request with headers that `fetch` would not let pass. */
function rawGet(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject).end();
  });
}

describe('the door', () => {
  test.each(['/api/status', '/', '/telegram'])(
    '%s does not answer under a foreign name',
    async (path) => {
      expect(await rawGet(path, 'evil.example')).toBe(403);
      const port = new URL(server.url).port;
      expect(await rawGet('/api/status', `localhost:${port}`)).toBe(200);
      expect(await rawGet('/api/status', `127.0.0.1:${Number(port) + 1}`)).toBe(403);
    },
  );

  test.each<Record<string, string>>([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('another site closes no day (%j)', async (headers) => {
    const { status: code, body } = await server.post('/api/lakes/own/close', {}, headers);
    expect(code).toBe(403);
    expect((body as ApiError).error).toMatch(/another site/i);
  });

  test('its own page may', async () => {
    const headers = { origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect((await server.post('/api/lakes/own/close', {}, headers)).status).toBe(200);
  });

  test.each<Record<string, string>>([{}, { 'x-telegram-bot-api-secret-token': 'guess' }])(
    'the webhook stores nothing without its secret',
    async (headers) => {
      const before = (await status()).lakes;
      for (const path of ['/telegram', '/sample/telegram']) {
        expect((await server.post(path, { update_id: 1 }, headers)).status).toBe(401);
      }
      expect((await status()).lakes).toEqual(before);
    },
  );

  test('the page comes with headers that keep others out, and finds its screens', async () => {
    const page = await fetch(`${server.url}/own/analyses?from=2026-11-01`);
    expect(await page.text()).toContain('<title>Test</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const asset = await fetch(`${server.url}/assets/index-abc.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${server.url}/assets/gone.js`)).status).toBe(404);
  });

  test.each<[string, string, unknown, number]>([
    ['no JSON', `/api/lakes/own/chats/${ANA}/actions`, '{', 400],
    [
      'an unknown action',
      `/api/lakes/own/chats/${ANA}/actions`,
      { personId: ANA, type: 'fly' },
      400,
    ],
    [
      'an empty text',
      `/api/lakes/own/chats/${ANA}/actions`,
      { personId: ANA, type: 'text', text: ' ' },
      400,
    ],
    [
      'a chat that is not there',
      '/api/lakes/own/chats/5/actions',
      { personId: ANA, type: 'join' },
      404,
    ],
    [
      'what people cannot do',
      `/api/lakes/own/chats/${ANA}/actions`,
      { personId: ANA, type: 'join' },
      409,
    ],
    ['a lake that is not there', '/api/lakes/nobodys/close', {}, 400],
    ['a day that is none', '/api/lakes/own/close', { day: '2026-02-30' }, 400],
    ['what is not there', '/api/nothing', {}, 404],
  ])('refuses %s', async (_, path, body, code) => {
    const response = await server.post(path, body);
    expect([response.status, (response.body as ApiError).error]).toEqual([
      code,
      expect.any(String),
    ]);
  });

  test.each([
    ['/api/lakes/own/record?key=lake.json', 404],
    ['/api/lakes/own/record?key=telegram/context_date=2026-11-21/../../lake.json', 400],
    ['/api/lakes/own/record?key=telegram/context_date=2026-11-21/1.json', 404],
    ['/api/lakes/own/analyses/nothing', 400],
    ['/api/lakes/own/analyses/messages_per_day?from=2026-11-01', 400],
    ['/api/lakes/own/analyses/overview?from=2026-11-30&to=2026-11-01', 400],
  ])('%s is refused', async (path, code) => {
    expect((await server.get(path)).status).toBe(code);
  });
});

describe('another start', () => {
  let other: Place;
  let running: TestServer | undefined;

  beforeAll(async () => {
    other = await makePlace();
    // Its sample lake need not be made again.
    await cp(place.folders.sample, other.folders.sample, { recursive: true });
  });
  afterEach(async () => {
    await running?.close();
  });
  afterAll(async () => {
    await other.remove();
  });

  test('shows the same conversation, closes the days that are past, makes the sample anew', async () => {
    running = await startTestServer(other);
    const path = `/api/lakes/own/chats/${ANA}`;
    await running.post(`${path}/actions`, { personId: ANA, type: 'text', text: 'Qual o horário?' });
    const before = (await running.get(`${path}/entries`)).body as Conversation;
    await running.close();

    const nextDay = NOON + 26 * 3_600_000;
    running = await startTestServer(other, { now: () => nextDay });
    expect((await running.get(`${path}/entries`)).body).toEqual(before);
    const made = running.reports.filter(({ type }) => type === 'note');
    expect(JSON.stringify(made)).toContain('anew');
    await running.post(`${path}/actions`, { personId: ANA, type: 'text', text: 'E amanhã?' });
    const after = (await running.get(`${path}/entries`)).body as Conversation;
    expect(after.entries.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4]);
    await running.close();

    // What was open is closed by now: `close` waits for it.
    expect(running.reports).toContainEqual(
      expect.objectContaining({ type: 'closed', lake: 'own', day: '2026-11-21', rows: 1 }),
    );
    const enriched = await readdir(join(other.folders.own, 'enriched'), { recursive: true });
    expect(enriched).toContain(join('telegram', 'context_date=2026-11-21', 'messages.parquet'));
    running = undefined;
  });

  test('a chat that is not ours leaves nothing', async () => {
    running = await startTestServer(other, { config: { chats: [GROUP] } });
    const { body } = await running.post(`/api/lakes/own/chats/${ANA}/actions`, {
      personId: ANA,
      type: 'text',
      text: 'Oi',
    });
    expect(body as ActionResult).toEqual({ status: 200, record: null });
    expect(running.reports).toContainEqual(
      expect.objectContaining({ stored: { nothing: expect.stringContaining(String(ANA)) } }),
    );
  });

  test('with a token it is a real bot: its chats are read here, nobody is simulated', async () => {
    const telegram = await startBotApiServer();
    const from = { id: 77, is_bot: false, first_name: 'Zoë' };
    const chat = { id: 77, type: 'private', first_name: 'Zoë' };
    const message = { message_id: 1, date: NOON / 1000, chat, from, text: 'Vocês aceitam Pix?' };
    telegram.push(1, JSON.stringify({ update_id: 1, message }));
    const { token, url } = telegram;
    running = await startTestServer(other, { telegram: { token, apiUrl: url } });
    await waitFor('confirmation', () => telegram.confirmed.includes(1));

    expect((await running.get('/api/status')).body as Status).toMatchObject({
      bot: { mode: 'telegram', username: 'loja_real_bot' },
    });
    const { chats } = (await running.get('/api/lakes/own/chats')).body as ChatList;
    expect(chats.find(({ id }) => id === 77)).toMatchObject({ title: 'Zoë', people: [] });
    expect(chats.flatMap(({ people }) => people)).toEqual([]);
    const action = { personId: 77, type: 'text', text: 'I am not Zoë' };
    const refused = await running.post('/api/lakes/own/chats/77/actions', action);
    expect(refused.status).toBe(404);
    const sample = (await running.get('/api/lakes/sample/chats')).body as ChatList;
    expect(sample.chats.flatMap(({ people }) => people)).not.toEqual([]);
    expect(JSON.stringify(running.reports)).not.toContain(token.slice(5));
    await running.close();
    running = undefined;
    await telegram.close();
  });

  test('a Telegram that cannot be reached does not keep the page away', async () => {
    running = await startTestServer(other, {
      telegram: { token: '1:nobody', apiUrl: 'http://127.0.0.1:9' },
    });
    expect((await running.get('/')).status).toBe(200);
    await waitFor('the problem is told', async () => {
      const { body } = (await running?.get('/api/status')) ?? {};
      const { bot } = body as unknown as Status;
      return bot.mode === 'problem' && bot.problem.includes('could not be reached');
    });
  });

  test('is refused when the lake was made with another zone', async () => {
    await expect(startTestServer(other, { config: { zone: 'Asia/Tokyo' } })).rejects.toThrow(
      /made with the zone America\/Sao_Paulo/,
    );
  });
});
