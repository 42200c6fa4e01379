import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ALLOWED_UPDATES, BotApi } from '../../../src/telegram/botApi.ts';
import { BotApiError, BotApiUnreachableError, mayBeDone } from '../../../src/telegram/errors.ts';
import { type BotApiReply, type BotApiRequest, startBotApi } from '../../support/scriptedBotApi.ts';
import { OUR_BOT } from '../../support/updates/people.ts';

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';

/** What the server was asked, and what it is to answer. */
let asked: { url: string | undefined; body: unknown }[];
let answer: (
  request: IncomingMessage,
) => { status?: number; text: string; location?: string } | null;
let server: Server;
let api: BotApi;

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    void read(request).then((body) => {
      asked.push({ url: request.url, body: JSON.parse(body) });
      const given = answer(request);
      if (!given) return;
      response.writeHead(given.status ?? 200, given.location ? { location: given.location } : {});
      response.end(given.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = new BotApi({ token: TOKEN, baseUrl: `http://127.0.0.1:${port}/` });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The error of a call that must fail, having shown that the token is nowhere in it. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  expect(String((error as Error).stack)).not.toContain(TOKEN);
  return error;
}

test('a call posts its parameters as JSON and gives the result', async () => {
  answer = () => ({ text: '{"ok":true,"result":{"message_id":7}}' });
  const result = await api.call('sendMessage', { chat_id: 5, text: 'Olá 😀', reply_to: undefined });
  expect(result).toEqual({ message_id: 7 });
  expect(asked).toEqual([
    { url: `/bot${TOKEN}/sendMessage`, body: { chat_id: 5, text: 'Olá 😀' } },
  ]);
});

test('getMe and getWebhookInfo', async () => {
  answer = ({ url }) => ({
    text: JSON.stringify({
      ok: true,
      result: url?.endsWith('/getMe') ? OUR_BOT : { url: '', pending_update_count: 3 },
    }),
  });
  expect((await api.getMe()).username).toBe('loja_da_maria_bot');
  expect((await api.getWebhookInfo()).pending_update_count).toBe(3);
});

describe('getUpdates', () => {
  test('gives each update verbatim', async () => {
    const updates = [
      '{"update_id":1, "big": 12345678901234567890, "text":"a \\ud83d\\ude00 \\"]}\\" 😀"}',
      '{ "update_id" : 2,\n  "e": 1.0e2 }',
    ];
    answer = () => ({ text: `{"ok":true,"result":[${updates.join(' ,\n')}]}` });
    expect(await api.getUpdates({ offset: 41, timeout: 30 })).toEqual(updates);
    expect(asked[0]?.body).toEqual({ offset: 41, timeout: 30, allowed_updates: ALLOWED_UPDATES });
  });

  test('gives none when there is none', async () => {
    answer = () => ({ text: '{"ok":true,"result":[]}' });
    expect(await api.getUpdates({ allowedUpdates: ['message'] })).toEqual([]);
    expect(asked[0]?.body).toEqual({ timeout: 0, allowed_updates: ['message'] });
  });

  test('asks for the kinds that come only when named', () => {
    expect(ALLOWED_UPDATES).toEqual(
      expect.arrayContaining(['message_reaction', 'message_reaction_count', 'chat_member']),
    );
  });
});

describe('a refusal', () => {
  test('tells code, description and method', async () => {
    answer = () => ({
      status: 409,
      text: '{"ok":false,"error_code":409,"description":"Conflict: webhook is active"}',
    });
    const error = await failure(api.getUpdates());
    expect(error).toBeInstanceOf(BotApiError);
    expect(error).toMatchObject({
      method: 'getUpdates',
      errorCode: 409,
      description: 'Conflict: webhook is active',
      retryAfter: null,
      message: 'Telegram refused getUpdates: 409 Conflict: webhook is active',
    });
  });

  test('tells how long to wait', async () => {
    answer = () => ({
      status: 429,
      text: '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}',
    });
    expect(await failure(api.call('sendMessage'))).toMatchObject({ errorCode: 429, retryAfter: 7 });
  });

  test.each([
    [502, '<html>Bad Gateway</html>'],
    [200, 'Welcome to the hotel network'],
    [200, '[]'],
  ])('is what answers with %i %p', async (status, text) => {
    answer = () => ({ status, text });
    expect(await failure(api.call('getMe'))).toMatchObject({
      errorCode: status,
      description: 'what answered is not the Bot API',
    });
  });
});

describe('no answer', () => {
  test('in time', async () => {
    answer = () => null;
    const error = await failure(api.call('getMe', {}, { timeoutMs: 50 }));
    expect(error).toBeInstanceOf(BotApiUnreachableError);
    expect(error).toMatchObject({ method: 'getMe', reason: 'no answer within 50 ms' });
  });

  test('because nobody is there', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const nobody = new BotApi({ token: TOKEN, baseUrl: `http://127.0.0.1:${port}` });
    expect(await failure(nobody.getMe())).toMatchObject({ reason: 'ECONNREFUSED' });
  });

  test('because a redirect would take the token elsewhere', async () => {
    answer = () => ({ status: 302, text: '', location: 'http://127.0.0.1:1/' });
    expect(await failure(api.getMe())).toBeInstanceOf(BotApiUnreachableError);
  });

  test('and an error of fetch that quotes the URL is cleaned of the token', async () => {
    const leaky = new BotApi({
      token: TOKEN,
      fetch: (url) => Promise.reject(new TypeError(`cannot open ${url as string}`)),
    });
    expect(await failure(leaky.getMe())).toMatchObject({
      reason: 'cannot open https://api.telegram.org/bot<token>/getMe',
    });
  });
});

describe('a document', () => {
  const document = {
    chatId: 5,
    caption: 'Olá <b>',
    fileName: 'report.html',
    type: 'text/html',
    content: Buffer.from('<!doctype html>é'),
  };

  /** Against a Bot API that answers as told. */
  async function withBotApi(
    reply: BotApiReply,
    doing: (bot: BotApi, requests: readonly BotApiRequest[]) => Promise<void>,
  ): Promise<void> {
    const scripted = await startBotApi(() => reply);
    try {
      await doing(new BotApi({ token: TOKEN, baseUrl: scripted.url }), scripted.requests);
    } finally {
      await scripted.stop();
    }
  }

  test('is posted as a form, with its caption as plain text', async () => {
    await withBotApi({ result: { message_id: 7 } }, async (bot, requests) => {
      await bot.sendDocument(document);
      await bot.sendDocument({ ...document, messageThreadId: 9 });
      const params = {
        chat_id: '5',
        caption: 'Olá <b>',
        document: { name: 'report.html', type: 'text/html', text: '<!doctype html>é' },
      };
      expect(requests).toEqual([
        { token: TOKEN, method: 'sendDocument', params },
        { token: TOKEN, method: 'sendDocument', params: { ...params, message_thread_id: '9' } },
      ]);
    });
  });

  test('that is refused was not sent; one without an answer may have been', async () => {
    await withBotApi({ code: 500, description: 'Internal Server Error' }, async (bot) => {
      const error = await failure(bot.sendDocument(document));
      expect(error).toMatchObject({ errorCode: 500, isRefusal: true });
      expect(mayBeDone(error)).toBe(false);
    });
    const cases: readonly [Response | Error, boolean][] = [
      [new Response('', { status: 502 }), true],
      [new Response('', { status: 413 }), false],
      [broken('ECONNREFUSED'), false],
      [broken('ENOTFOUND'), false],
      [broken('CERT_HAS_EXPIRED'), false],
      [broken('ECONNRESET'), true],
      [broken('UND_ERR_SOCKET'), true],
    ];
    for (const [outcome, may] of cases) {
      const fetch = () =>
        outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
      const bot = new BotApi({ token: TOKEN, fetch });
      expect(mayBeDone(await failure(bot.sendDocument(document)))).toBe(may);
    }
    expect(mayBeDone(new Error('whatever'))).toBe(true);
  });
});

/** As `fetch` fails. */
function broken(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

test('the caller may abort, before and during a call', async () => {
  const stop = new Error('The program ends.');
  answer = () => null;
  const controller = new AbortController();
  const waiting = failure(api.getUpdates({ timeout: 30, signal: controller.signal }));
  controller.abort(stop);
  expect(await waiting).toBe(stop);
  expect(await failure(api.getUpdates({ signal: controller.signal }))).toBe(stop);
});

test('a client shows no token, and takes no text that cannot be one', () => {
  expect(inspect(api, { showHidden: true, depth: 5 })).not.toContain(TOKEN);
  expect(JSON.stringify(api)).toBe('{}');
  const bad = 'my secret/../token';
  expect(() => new BotApi({ token: bad })).toThrow(/BotFather/);
  expect(() => new BotApi({ token: bad })).not.toThrow(bad);
  expect(() => new BotApi({ token: TOKEN, baseUrl: 'nowhere' })).toThrow(/Invalid URL/);
});
