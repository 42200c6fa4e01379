import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

import {
  type WebhookDeps,
  type WebhookEvent,
  createWebhookHandler,
} from '../../functions/webhook/handler.ts';
import { type Bot, createBot } from '../../src/bot/bot.ts';
import { loadKnowledge } from '../../src/bot/knowledge.ts';
import { createNgramMatcher } from '../../src/bot/ngramMatcher.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { LAKE_KEY } from '../../src/lake/keys.ts';
import { type Lake, LakeError, openLake } from '../../src/lake/lake.ts';
import { type ObjectStore, readText } from '../../src/lake/objectStore.ts';
import { parseRecord, readRawObject } from '../../src/lake/rawRecords.ts';
import { SPECIAL_UPDATES, UPDATES, UPDATES_BY_CONTENT } from '../support/updates/fixtures.ts';
import { CAROLS_CHAT, OUR_BOT } from '../support/updates/people.ts';

const SECRET = 'correct-horse_battery-staple';
const NOW = Date.UTC(2026, 0, 15, 15, 0, 30);

let bot: Bot;
let root: string;
let lake: Lake;
let events: WebhookEvent[];
let deps: WebhookDeps;

beforeAll(async () => {
  const knowledge = await loadKnowledge('knowledge');
  bot = createBot({
    knowledge,
    matcher: createNgramMatcher(knowledge),
    identity: { id: OUR_BOT.id, username: OUR_BOT.username },
    language: 'pt',
    floodPerMinute: 1_000,
    rawRetentionDays: null,
  });
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'webhook-'));
  lake = await openLake({
    raw: new FolderStore(join(root, 'raw')),
    enriched: new FolderStore(join(root, 'enriched')),
    zone: 'America/Sao_Paulo',
  });
  events = [];
  deps = {
    lake,
    secrets: () => Promise.resolve({ current: SECRET }),
    bot,
    chats: { chats: 'any', staffChats: [] },
    source: 'telegram',
    now: () => NOW,
    observe: (event) => events.push(event),
  };
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** A request as API Gateway passes it on; of its event only what a webhook may look at. */
function request(
  body: string | null,
  headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': SECRET },
  isBase64Encoded = false,
): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    httpMethod: 'POST',
    path: '/telegram',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    isBase64Encoded,
  };
  return event as APIGatewayProxyEvent;
}

function post(update: unknown, handler = createWebhookHandler(deps)) {
  return handler(request(JSON.stringify(update)));
}

/** Raw keys, without the lake's own description. */
async function keys(prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of lake.raw.list(prefix)) if (key !== LAKE_KEY) found.push(key);
  return found;
}

async function stored(key: string) {
  for await (const line of readRawObject(lake.raw, key)) {
    return parseRecord(line, { key, modified: new Date(0) });
  }
  throw new Error(`${key} is empty`);
}

/** The receipt of the last update that was received. */
function receipt() {
  const event = events.findLast(({ type }) => type === 'received');
  if (event?.type !== 'received') throw new Error('nothing was received');
  return event.receipt;
}

function callOf({ body }: APIGatewayProxyResult): unknown {
  return JSON.parse(body);
}

describe('an update from Telegram', () => {
  test.each([
    ...Object.entries(UPDATES),
    ...Object.entries(UPDATES_BY_CONTENT).map(([type, update]) => [`message: ${type}`, update]),
    ...Object.entries(SPECIAL_UPDATES),
  ] as [string, { update_id: number }][])('%s: 200 and one raw object', async (_name, update) => {
    expect((await post(update)).statusCode).toBe(200);
    const [key = '', ...others] = await keys('telegram/');
    expect(others).toEqual([]);
    expect(key).toMatch(
      new RegExp(`^telegram/context_date=2026-01-\\d\\d/${update.update_id}\\.json$`),
    );
    const record = await stored(key);
    expect(record.update).toEqual(JSON.parse(JSON.stringify(update)));
    expect([record.source, record.receivedAt]).toEqual(['telegram', NOW]);
    expect(receipt()).toMatchObject({ outcome: 'stored', key });
  });

  test('is answered in the response, and the raw object tells why', async () => {
    const response = await post({
      update_id: 1,
      message: {
        message_id: 1,
        date: NOW / 1000,
        from: UPDATES.message.message.from,
        chat: CAROLS_CHAT,
        text: 'Vocês aceitam pix?',
      },
    });
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
    });
    expect(callOf(response)).toMatchObject({ method: 'sendMessage', chat_id: CAROLS_CHAT.id });
    const { answer } = await stored('telegram/context_date=2026-01-15/1.json');
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'pix', call: callOf(response) });
  });

  test('that calls for no answer is a bare 200', async () => {
    expect(await post(UPDATES.poll)).toEqual({ statusCode: 200, headers: {}, body: '' });
  });

  test('keeps a number that JavaScript would round', async () => {
    const body = '{"update_id":7,"message":{"date":1768478400,"effect":9007199254740993,"x":1.10}}';
    await createWebhookHandler(deps)(request(body));
    const line = await readText(lake.raw, 'telegram/context_date=2026-01-15/7.json');
    expect(line).toContain(`"update":${body},"answer":`);
  });

  test('may come base64-encoded', async () => {
    const body = Buffer.from(JSON.stringify(UPDATES.message)).toString('base64');
    const headers = { 'X-Telegram-Bot-Api-Secret-Token': SECRET };
    const response = await createWebhookHandler(deps)(request(body, headers, true));
    expect(response.statusCode).toBe(200);
    expect((await stored(receipt().key ?? '')).update).toEqual(UPDATES.message);
  });
});

describe('a forged request', () => {
  test.each([
    ['without the header', {}],
    ['with another secret', { 'x-telegram-bot-api-secret-token': 'guess' }],
    ['with the secret in another header', { authorization: SECRET }],
  ])('%s is 401, and nothing is stored', async (_name, headers: Record<string, string>) => {
    const handler = createWebhookHandler(deps);
    for (const body of [JSON.stringify(UPDATES.message), 'nonsense', null]) {
      const response = await handler(request(body, headers));
      expect(response).toEqual({ statusCode: 401, headers: {}, body: '' });
    }
    expect(await keys()).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(Array(3).fill('unauthorized'));
  });

  test('while the secret changes, both are taken', async () => {
    const handler = createWebhookHandler({
      ...deps,
      secrets: () => Promise.resolve({ current: 'the new one', previous: SECRET }),
    });
    expect((await post(UPDATES.message, handler)).statusCode).toBe(200);
  });
});

describe('a second delivery', () => {
  test('gives the same answer again and stores nothing', async () => {
    const first = await post(UPDATES.message);
    const before = await readText(lake.raw, receipt().key ?? '');
    const second = await post(UPDATES.message);
    expect(callOf(second)).toEqual(callOf(first));
    expect(receipt().outcome).toBe('duplicate');
    expect(await keys()).toEqual([receipt().key]);
    expect(await readText(lake.raw, receipt().key ?? '')).toBe(before);
  });

  test('at the same moment, by several processes, is stored once', async () => {
    const handlers = Array.from({ length: 8 }, () => createWebhookHandler(deps));
    const responses = await Promise.all(handlers.map((handler) => post(UPDATES.message, handler)));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    const outcomes = events.map((event) => event.type === 'received' && event.receipt.outcome);
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(7);
    expect(await keys()).toHaveLength(1);
    expect(await readdir(join(root, 'raw', '.tmp'))).toEqual([]);
  });

  test('another update under the same number is kept beside it', async () => {
    const other = { ...UPDATES.message, message: { ...UPDATES.message.message, text: 'outra' } };
    await post(UPDATES.message);
    await post(other);
    expect(receipt().outcome).toBe('stored');
    const found = await keys();
    expect(found).toHaveLength(2);
    const updates = await Promise.all(found.map(async (key) => (await stored(key)).update));
    expect(updates).toEqual(expect.arrayContaining([UPDATES.message, other]));
    await post(other);
    expect(receipt().outcome).toBe('duplicate');
    expect(await keys()).toEqual(found);
  });
});

describe('what is not stored as an update', () => {
  test('of a chat that is not ours: 200, nothing stored, told once', async () => {
    const handler = createWebhookHandler({ ...deps, chats: { chats: [5], staffChats: [] } });
    for (const isFirstOfChat of [true, false]) {
      expect(await post(UPDATES.message, handler)).toEqual({
        statusCode: 200,
        headers: {},
        body: '',
      });
      expect(receipt()).toMatchObject({ outcome: 'dropped', isFirstOfChat });
    }
    expect(receipt().reason).toContain(`CHATBOT_CHATS=5,${CAROLS_CHAT.id}`);
    expect(await keys()).toEqual([]);
  });

  test.each([['nonsense'], ['{}'], [null], ['{"update_id":"7"}']])(
    'the body %j: 200, kept under rejected/',
    async (body) => {
      const response = await createWebhookHandler(deps)(request(body));
      expect(response).toEqual({ statusCode: 200, headers: {}, body: '' });
      expect(await keys()).toEqual([receipt().key]);
      expect(receipt()).toMatchObject({
        outcome: 'rejected',
        key: expect.stringMatching(/^rejected\/context_date=2026-01-15\//),
      });
    },
  );
});

describe('a store that fails', () => {
  /** The raw store, out of order. */
  function brokenLake(): Lake {
    return { ...lake, raw: new FolderStore(join(root, 'a file')) };
  }

  test('is 503, so that Telegram sends the update again', async () => {
    await writeFile(join(root, 'a file'), '');
    const handler = createWebhookHandler({ ...deps, lake: brokenLake() });
    for (const body of [JSON.stringify(UPDATES.message), 'nonsense']) {
      expect((await handler(request(body))).statusCode).toBe(503);
    }
    expect(events.map(({ type }) => type)).toEqual(['failed', 'failed']);
    expect((await post(UPDATES.message)).statusCode).toBe(200);
    expect(receipt().outcome).toBe('stored');
  });

  test('secrets that cannot be read are 503, too', async () => {
    const handler = createWebhookHandler({
      ...deps,
      secrets: () => Promise.reject(new Error('no access')),
    });
    expect((await post(UPDATES.message, handler)).statusCode).toBe(503);
    expect(await keys()).toEqual([]);
  });
});

describe('a tapped button', () => {
  const id = UPDATES.callback_query.callback_query.id;

  test('is told that it was heard, after the raw write', async () => {
    const heard: string[][] = [];
    const handler = createWebhookHandler({
      ...deps,
      answerCallback: async (callbackQueryId) => {
        heard.push([callbackQueryId, ...(await keys())]);
      },
    });
    expect((await post(UPDATES.callback_query, handler)).statusCode).toBe(200);
    await post(UPDATES.message, handler);
    const key = `telegram/context_date=2026-01-15/${UPDATES.callback_query.update_id}.json`;
    expect(heard).toEqual([[id, key]]);
  });

  test('is not when its chat is not ours', async () => {
    const heard: string[] = [];
    const handler = createWebhookHandler({
      ...deps,
      chats: { chats: [5], staffChats: [] },
      answerCallback: (callbackQueryId) => Promise.resolve(heard.push(callbackQueryId)),
    });
    await post(UPDATES.callback_query, handler);
    expect(heard).toEqual([]);
  });

  test.each([
    ['refuses', () => Promise.reject(new Error('query is too old')), /too old/],
    ['never answers', () => new Promise(() => undefined), /within 1000 ms/],
  ])('does not fail when Telegram %s', async (_name, answerCallback, expected) => {
    const handler = createWebhookHandler({ ...deps, answerCallback });
    expect((await post(UPDATES.callback_query, handler)).statusCode).toBe(200);
    const event = events.at(-1);
    expect(event).toMatchObject({ type: 'tap-unanswered' });
    expect(String(event?.type === 'tap-unanswered' && event.error)).toMatch(expected);
    expect(await keys()).toHaveLength(1);
  });
});

describe('the lake', () => {
  test('writes down its zone when it is made, and opens with it again', async () => {
    expect(await readText(lake.raw, LAKE_KEY)).toBe('{"v":1,"zone":"America/Sao_Paulo"}\n');
    expect(await openLake(lake)).toBe(lake);
  });

  test('refuses another zone, naming both and what to do', async () => {
    const other = openLake({ ...lake, zone: 'Europe/Lisbon' });
    await expect(other).rejects.toThrow(LakeError);
    await expect(other).rejects.toThrow(
      /made with the zone America\/Sao_Paulo, the configuration says Europe\/Lisbon.*CHATBOT_ZONE/,
    );
  });

  test('that two make at once is made once', async () => {
    const raw: ObjectStore = new FolderStore(join(root, 'new'));
    const results = await Promise.allSettled(
      ['America/Sao_Paulo', 'Europe/Lisbon', 'UTC'].map((zone) => openLake({ ...lake, raw, zone })),
    );
    const made = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value.zone] : [],
    );
    expect(made).toHaveLength(1);
    expect(JSON.parse(await readText(raw, LAKE_KEY))).toEqual({ v: 1, zone: made[0] });
  });

  test('whose description is damaged says what it should be', async () => {
    await lake.raw.put(LAKE_KEY, Buffer.from('{"zone":7}'));
    await expect(openLake(lake)).rejects.toThrow(/should read \{"v":1,"zone":"…"\}/);
  });
});
