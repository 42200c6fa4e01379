import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';

import { createBot } from '../../src/bot/bot.ts';
import { loadKnowledge } from '../../src/bot/knowledge.ts';
import { createNgramMatcher } from '../../src/bot/ngramMatcher.ts';
import { configSchema } from '../../src/config/config.ts';
import { UnavailableError } from '../../src/lake/objectStore.ts';
import { type LocalLake, openLocalLake } from '../../src/local/localLake.ts';
import { localReceiver } from '../../src/local/localWebhook.ts';
import { KNOWLEDGE_FOLDER } from '../../src/local/paths.ts';
import { poll } from '../../src/local/polling.ts';
import type { Report } from '../../src/local/report.ts';
import type { Status } from '../../src/local/api.ts';
import { BotApi } from '../../src/telegram/botApi.ts';
import { type BotApiServer, startBotApiServer } from '../support/botApiServer.ts';
import { waitFor } from '../support/waitFor.ts';

const NOON = Date.parse('2026-11-21T15:00:00Z');
const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
const matcher = createNgramMatcher(knowledge);

let folder: string;
let local: LocalLake;
let telegram: BotApiServer;
let reports: Report[];
let states: Status['bot'][];
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatbot-'));
  const config = configSchema.parse({});
  local = await openLocalLake({ id: 'own', folder, config, now: () => NOON });
  telegram = await startBotApiServer();
  reports = [];
  states = [];
  stop = new AbortController();
  running = Promise.resolve();
});

afterEach(async () => {
  stop.abort();
  await running;
  await telegram.close();
  local.close();
  await rm(folder, { recursive: true, force: true });
});

/** Lets the bot run until the test ends. */
function start({ token = telegram.token, url = telegram.url } = {}): void {
  running = poll({
    api: new BotApi({ token, baseUrl: url }),
    receiver: (identity) =>
      localReceiver({
        local,
        bot: createBot({
          knowledge,
          matcher,
          identity,
          language: 'pt',
          floodPerMinute: 20,
          rawRetentionDays: null,
        }),
        source: 'telegram',
        chats: { chats: 'private', staffChats: [] },
        report: (report) => reports.push(report),
        now: () => NOON,
      }),
    onState: (state) => states.push(state),
    report: (report) => reports.push(report),
    signal: stop.signal,
    pauseMs: 20,
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}

/** A private message; white space and a number beyond 2^53 show whether it is kept verbatim. */
function message(updateId: number, text: string, chat = 77): string {
  return `{"update_id":${updateId}, "message":{"message_id":${updateId},"date":${NOON / 1000},"chat":{"id":${chat},"type":"private","first_name":"Zoë"},"from":{"id":${chat},"is_bot":false,"first_name":"Zoë"},"text":${JSON.stringify(text)},"sender_tag":9007199254740993}}`;
}

function push(updateId: number, text: string, chat?: number): void {
  telegram.push(updateId, message(updateId, text, chat));
}

/** A port that nobody listens on; that server takes no 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const rawFile = (updateId: number) =>
  join(folder, 'raw', 'telegram', 'context_date=2026-11-21', `${updateId}.json`);

const sent = () => telegram.calls.filter(({ method }) => method === 'sendMessage');
const problems = () => reports.filter((report) => report.type === 'problem');

describe('a real bot by long polling', () => {
  test('stores what came verbatim, answers it, then confirms it', async () => {
    push(5, 'Vocês aceitam Pix?');
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(5));
    const stored = await readFile(rawFile(5), 'utf8');
    expect(stored).toContain(message(5, 'Vocês aceitam Pix?'));
    expect(JSON.parse(stored)).toMatchObject({ source: 'telegram', answer: { intent: 'pix' } });
    expect(sent()).toEqual([
      {
        method: 'sendMessage',
        params: expect.objectContaining({ chat_id: 77, text: expect.stringMatching(/pix/i) }),
      },
    ]);
    const order = telegram.calls.map(
      ({ method, params }) => `${method} ${Number(params['offset'] ?? 0)}`,
    );
    expect(order.indexOf('sendMessage 0')).toBeLessThan(order.indexOf('getUpdates 6'));
    expect(states.at(-1)).toEqual({ mode: 'telegram', username: 'loja_real_bot' });
    expect(problems()).toEqual([]);
  });

  test('keeps the order within a chat', async () => {
    for (let id = 1; id <= 9; id++)
      push(id, ['Pix?', 'Onde fica a loja?', 'Horário?'][id % 3] ?? '', 70 + (id % 3));
    start();
    await waitFor('confirmation', () => telegram.confirmed.length === 9);
    const replies = sent().filter(({ params }) => params['chat_id'] === 70);
    expect(replies).toHaveLength(3);
    expect(local.records.ofChat(70).map(({ facts }) => facts.updateId)).toEqual([3, 6, 9]);
  });

  test('waits as long as a 429 asks, and sends the answer once', async () => {
    telegram.fail('sendMessage', { error: 429, description: 'Too Many Requests', retryAfter: 1 });
    push(1, 'Vocês aceitam Pix?');
    const started = performance.now();
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(1));
    expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
    expect(sent()).toHaveLength(2);
    expect(problems()).toEqual([]);
  });

  test('an answer that Telegram refuses is reported and holds nobody up', async () => {
    telegram.fail('sendMessage', {
      error: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    push(1, 'Vocês aceitam Pix?');
    push(2, 'Onde fica a loja?', 78);
    start();
    await waitFor('confirmation', () => telegram.confirmed.length === 2);
    expect(problems()).toEqual([
      expect.objectContaining({ problem: expect.stringContaining('bot was blocked by the user') }),
    ]);
    await expect(readFile(rawFile(1), 'utf8')).resolves.toContain('"outcome":"answered"');
  });

  test('an update that cannot be stored is neither confirmed nor skipped', async () => {
    const { raw } = local.lake;
    const put = raw.put.bind(raw);
    let failing = 3;
    raw.put = (...args) => {
      failing -= 1;
      return failing >= 0
        ? Promise.reject(new UnavailableError('The disk is full.'))
        : put(...args);
    };
    push(1, 'Vocês aceitam Pix?');
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(1));
    expect(failing).toBeLessThan(0);
    expect(sent()).toHaveLength(1);
    expect(problems()).toEqual([
      expect.objectContaining({ problem: 'An update could not be stored: The disk is full.' }),
    ]);
    await waitFor('good news', () => states.at(-1)?.mode === 'telegram');
    await expect(readFile(rawFile(1), 'utf8')).resolves.toContain('Pix');
  });

  test('a tapped button stops spinning, then is answered', async () => {
    telegram.push(
      3,
      JSON.stringify({
        update_id: 3,
        callback_query: {
          id: '991',
          from: { id: 77, is_bot: false, first_name: 'Zoë' },
          message: { message_id: 1, date: 1, chat: { id: 77, type: 'private', first_name: 'Zoë' } },
          chat_instance: '1',
          data: 'topic:pix',
        },
      }),
    );
    telegram.fail('answerCallbackQuery', {
      error: 400,
      description: 'Bad Request: query is too old',
    });
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(3));
    const after = telegram.calls
      .map(({ method }) => method)
      .filter((method) => !method.startsWith('get'));
    expect(after).toEqual(['answerCallbackQuery', 'sendMessage']);
    expect(problems()).toEqual([]);
  });

  test('a chat that is not ours is confirmed, not stored, and named once', async () => {
    const group = { id: -5, type: 'group', title: 'Elsewhere' };
    for (const id of [1, 2]) {
      telegram.push(
        id,
        JSON.stringify({
          update_id: id,
          message: { message_id: id, date: 1, chat: group, text: 'x' },
        }),
      );
    }
    start();
    await waitFor('confirmation', () => telegram.confirmed.length === 2);
    expect(local.records.all()).toEqual([]);
    expect(reports.filter(({ type }) => type === 'update')).toEqual([
      expect.objectContaining({ stored: { nothing: expect.stringContaining('-5') } }),
    ]);
  });

  test('a webhook that is set elsewhere is named, and polling goes on once it is gone', async () => {
    const conflict = "Conflict: can't use getUpdates method while webhook is active";
    telegram.fail('getUpdates', { error: 409, description: conflict }, 2);
    const info = { result: { url: 'https://abc.execute-api.example/prod/telegram?x=secret' } };
    telegram.fail('getWebhookInfo', info, 2);
    push(1, 'Vocês aceitam Pix?');
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(1));
    expect(problems()).toEqual([
      {
        type: 'problem',
        problem: expect.stringContaining('abc.execute-api.example'),
        remedy: expect.stringContaining('deleteWebhook'),
      },
    ]);
    expect(JSON.stringify(reports)).not.toContain('x=secret');
    expect(states[0]).toMatchObject({ mode: 'problem' });
    expect(states.at(-1)).toMatchObject({ mode: 'telegram' });
  });

  test('another program that polls is told from a webhook', async () => {
    const conflict = 'Conflict: terminated by other getUpdates request';
    telegram.fail('getUpdates', { error: 409, description: conflict });
    start();
    await waitFor('good news', () => states.at(-1)?.mode === 'telegram');
    expect(problems()).toEqual([
      expect.objectContaining({ problem: expect.stringContaining('Another program') }),
    ]);
  });

  test('a token that Telegram does not know ends it, with what to do; it is never printed', async () => {
    start({ token: '4242:REVOKED_token' });
    await running;
    expect(states).toEqual([
      {
        mode: 'problem',
        problem: expect.stringContaining('does not know this bot token'),
        remedy: expect.stringContaining('@BotFather'),
      },
    ]);
    expect(JSON.stringify(reports)).not.toContain('REVOKED');
    expect(telegram.calls.map(({ method }) => method)).toEqual(['getMe']);
  });

  test('faults of the server and of the network are passed over, told once', async () => {
    telegram.fail('getMe', { error: 502, description: 'Bad Gateway' }, 2);
    telegram.fail('getUpdates', { error: 500, description: 'Internal Server Error' }, 2);
    push(1, 'Vocês aceitam Pix?');
    start();
    await waitFor('confirmation', () => telegram.confirmed.includes(1));
    expect(problems()).toHaveLength(2);
    expect(sent()).toHaveLength(1);
  });
});

test('works with another implementation of the Bot API, too', async () => {
  const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  try {
    const { token } = telegram;
    const client = server.getClient(token, {
      userId: 81,
      chatId: 81,
      firstName: 'Zoë',
      timeout: 5000,
    });
    start({ url: server.config.apiURL });
    await client.sendMessage(client.makeMessage('Vocês aceitam Pix?'));
    const { result } = await client.getUpdates();
    expect(result).toEqual([
      expect.objectContaining({
        message: expect.objectContaining({ text: expect.stringMatching(/pix/i) }),
      }),
    ]);
    expect(local.records.ofChat(81)).toHaveLength(1);
  } finally {
    stop.abort();
    await running;
    await server.stop();
  }
});
