import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { parseWebhookSecret } from '../../src/aws/webhookSecret.ts';
import { runCommand } from '../../src/cli/runCommand.ts';
import { UNSET, parameterNames } from '../../src/config/parameters.ts';
import { ALLOWED_UPDATES } from '../../src/telegram/botApi.ts';
import { type BotApiReply, type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type SsmServer, startSsm } from '../support/ssmServer.ts';

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1';
const NAMES = parameterNames({ project: 'chatbot', stage: 'test' });
const AWS_VARIABLES = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
};

let ssm: SsmServer;
let botApi: BotApiServer;
let webhook: Server;
let url: string;
let before: NodeJS.ProcessEnv;
/** What Telegram knows of the webhook. */
let told: Record<string, unknown>;
/** What Telegram answers to a method, other than success. */
let refusals: Record<string, BotApiReply>;

beforeAll(async () => {
  ssm = await startSsm();
  botApi = await startBotApi(({ method, token, params }) => {
    const refusal = refusals[method];
    if (refusal) return refusal;
    if (token !== TOKEN) return { code: 401, description: 'Unauthorized' };
    if (method === 'getMe') return { result: { id: 6100000042, username: 'folha_bot' } };
    if (method === 'setWebhook') Object.assign(told, params);
    if (method === 'deleteWebhook') told = { url: '' };
    if (method !== 'getWebhookInfo') return { result: true };
    const info = { pending_update_count: 0, has_custom_certificate: false, ...told };
    return { result: { ...info, secret_token: undefined } };
  });
  // API Gateway, to whom does not come from Telegram's networks.
  webhook = createServer((request, response) => {
    request.resume();
    response.writeHead(request.url === '/test/telegram' ? 403 : 404).end();
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/test/telegram`;
});

afterAll(async () => {
  await ssm.stop();
  await botApi.stop();
  webhook.closeAllConnections();
  webhook.close();
});

beforeEach(() => {
  before = { ...process.env };
  Object.assign(process.env, AWS_VARIABLES, { AWS_ENDPOINT_URL: ssm.url });
  ssm.failure = null;
  ssm.calls.length = 0;
  ssm.parameters.clear();
  for (const name of [NAMES.secret, NAMES.token])
    ssm.parameters.set(name, { value: UNSET, keyId: KEY });
  botApi.requests.length = 0;
  told = { url: '' };
  refusals = {};
});

afterEach(() => {
  process.env = before;
});

/** Runs `chatbot webhook …`; what it said, which never holds the token or a secret. */
async function run(
  args: readonly string[],
  { token = TOKEN, input = '' }: { readonly token?: string; readonly input?: string } = {},
) {
  let out = '';
  let err = '';
  const code = await runCommand(['webhook', ...args], {
    env: {
      CHATBOT_STAGE: 'test',
      CHATBOT_TELEGRAM_API: botApi.url,
      TELEGRAM_BOT_TOKEN: token,
      DEBUG: '1',
    },
    input: Readable.from([input]),
    output: {
      print: (line) => (out += `${line}\n`),
      write: (content) => (out += String(content)),
      note: (line) => (err += `${line}\n`),
      progress: () => undefined,
      isTerminal: false,
      color: false,
    },
    now: Date.now,
    signal: new AbortController().signal,
  });
  for (const unspeakable of [TOKEN, ...secretsNow()])
    expect(`${out}${err}`).not.toContain(unspeakable);
  return { code, out, err };
}

const valueOf = (name: string) => ssm.parameters.get(name)?.value ?? '';

function secretNow() {
  return parseWebhookSecret(NAMES.secret, valueOf(NAMES.secret));
}

function secretsNow(): string[] {
  if (!valueOf(NAMES.secret).startsWith('{')) return [];
  const { current, previous } = secretNow();
  return previous === undefined ? [current] : [current, previous];
}

function callsOf(method: string) {
  return botApi.requests.filter((request) => request.method === method);
}

describe('webhook set', () => {
  test('fills the parameters under their key and tells Telegram', async () => {
    const { code, out } = await run(['set', '--url', url]);
    expect(code).toBe(0);
    expect(out).toContain(`Telegram sends what is written to @folha_bot to ${url}.`);
    expect(valueOf(NAMES.token)).toBe(TOKEN);
    const secret = secretNow();
    expect(secret).toEqual({
      current: expect.stringMatching(/^[\w-]{43}$/),
      bot: { id: 6100000042, username: 'folha_bot' },
    });
    expect(told).toEqual({
      url,
      secret_token: secret.current,
      allowed_updates: [...ALLOWED_UPDATES],
      max_connections: 10,
      drop_pending_updates: false,
    });
    const puts = ssm.calls.filter(({ action }) => action === 'PutParameter');
    expect(puts.map(({ keyId }) => keyId)).toEqual([KEY, KEY]);
  });

  test('again keeps the secret, and the token needs no second typing', async () => {
    await run(['set', '--url', url]);
    const { current } = secretNow();
    const { code, out } = await run(['set', '--url', url, '--drop-pending', '--json'], {
      token: '',
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ url, pending: 0 });
    expect(secretNow().current).toBe(current);
    expect(told).toMatchObject({ drop_pending_updates: true, secret_token: current });
  });

  test('takes the token from standard input, at a later time with --new-token', async () => {
    expect((await run(['set', '--url', url], { token: '', input: `${TOKEN}\n` })).code).toBe(0);
    expect(valueOf(NAMES.token)).toBe(TOKEN);
    const another = '6100000042:BBB-another_token_of_the_same_bot';
    const asked = { token: '', input: `${another}\n` };
    const { code, err } = await run(['set', '--url', url, '--new-token'], asked);
    expect(code).toBe(1);
    expect(err).toContain('Telegram does not know this token (401 Unauthorized)');
    expect(err).not.toContain(another);
    expect(valueOf(NAMES.token)).toBe(TOKEN);
  });

  test.each([
    ['cdktf', (value: string) => ({ 'chatbot-test': { webhook_url: value } })],
    [
      'cdktf, several stages',
      (value: string) => ({
        'chatbot-prod': { webhookUrl: 'https://prod' },
        'chatbot-test': { webhookUrl: value },
      }),
    ],
    [
      'terraform',
      (value: string) => ({ 'webhook-url': { sensitive: false, type: 'string', value } }),
    ],
  ])('reads the URL from outputs of %s', async (_, outputs) => {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'outputs.json');
    await writeFile(file, JSON.stringify(outputs(url)));
    expect((await run(['set', '--outputs', file])).code).toBe(0);
    expect(told).toMatchObject({ url });
    await folder.remove();
  });

  test.each([
    ['no URL', [], 2, /Say where Telegram finds the webhook: --url/],
    ['a URL that is none', ['--url', 'ftp://x'], 2, /"ftp:\/\/x" is no URL that Telegram calls/],
    ['no HTTPS', ['--url', 'http://example.com/'], 2, /one starts with https:\/\//],
    ['nothing there', ['--url', 'http://127.0.0.1:9/'], 1, /Nothing answers at .* \(bad port\)/],
    ['no such file', ['--outputs', '/nowhere.json'], 2, /\/nowhere\.json cannot be read/],
    [
      'a file of something else',
      ['--outputs', 'package.json'],
      2,
      /holds no URL of the webhook of chatbot-test/,
    ],
  ])('with %s says what to do, and nothing changes', async (_, args, code, message) => {
    const result = await run(['set', ...args]);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(botApi.requests).toEqual([]);
    expect(valueOf(NAMES.token)).toBe(UNSET);
  });

  test('where something else answers it says so', async () => {
    const { code, err } = await run(['set', '--url', url.replace('telegram', 'other')]);
    expect(code).toBe(1);
    expect(err).toContain('answers 404: that is not the webhook');
  });

  test('without a stack it says to deploy first', async () => {
    ssm.parameters.clear();
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain(`There is no parameter ${NAMES.secret}`);
    expect(err).toContain('npx cdktf deploy');
    expect(botApi.requests).toEqual([]);
  });

  test.each([
    [
      'ExpiredTokenException',
      'The security token included in the request is expired',
      /have expired/,
    ],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      /does not know these credentials/,
    ],
    [
      'InvalidSignatureException',
      'The request signature we calculated does not match',
      /secret key is not the access key's/,
    ],
    [
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/a is not authorized to perform: ssm:GetParameter',
      /may not do that\. AWS says: User: .* ssm:GetParameter/,
    ],
  ])('AWS says %s: it says what that means', async (type, message, meaning) => {
    ssm.failure = { type, message };
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toMatch(meaning);
    expect(err).toContain(`Could not read the parameter ${NAMES.secret}.`);
  });

  test('without credentials it says how to get some', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toMatch(/There are no AWS credentials\. Sign in/);
  });

  test('where AWS does not answer it says so', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toMatch(/AWS in us-east-1 does not answer \(ECONNREFUSED\)/);
  });

  test('without a token, or with something that is none, it asks for one', async () => {
    const none = await run(['set', '--url', url], { token: '' });
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('Set TELEGRAM_BOT_TOKEN') });
    const wrong = await run(['set', '--url', url], { token: 'not a token' });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('This is no bot token') });
    expect(botApi.requests).toEqual([]);
  });

  test('a URL that Telegram refuses is named, with its words', async () => {
    const description = 'Bad Request: bad webhook: Failed to resolve host';
    refusals = { setWebhook: { code: 400, description } };
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain(`Telegram does not take ${url} (${description}).`);
  });

  test('a webhook that is another afterwards is said', async () => {
    refusals = {
      getWebhookInfo: { result: { url: 'https://other', pending_update_count: 0 } },
    };
    const { code, err } = await run(['set', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain('Telegram says that its webhook is "https://other"');
  });
});

describe('webhook rotate', () => {
  test('replaces the secret', async () => {
    await run(['set', '--url', url]);
    const { current } = secretNow();
    expect((await run(['rotate'])).code).toBe(0);
    const rotated = secretNow();
    expect(rotated.current).not.toBe(current);
    expect(rotated.previous).toBeUndefined();
    expect(told).toMatchObject({ url, secret_token: rotated.current, drop_pending_updates: false });
  });

  test('that fails lets both in, and goes on with the same when run again', async () => {
    await run(['set', '--url', url]);
    const { current } = secretNow();
    refusals = { setWebhook: { code: 500, description: 'Internal Server Error' } };
    expect((await run(['rotate'])).code).toBe(1);
    const half = secretNow();
    expect(half.previous).toBe(current);
    expect((await run(['rotate'])).code).toBe(1);
    expect(secretNow()).toEqual(half);
    expect((await run(['info'])).out).toContain('A change of the secret was not finished.');
    refusals = {};
    expect((await run(['rotate'])).code).toBe(0);
    expect(secretNow().current).toBe(half.current);
    expect(secretNow().previous).toBeUndefined();
  });

  test('without a webhook there is nothing to change', async () => {
    const { code, err } = await run(['rotate']);
    expect(code).toBe(1);
    expect(err).toContain('Run: chatbot webhook set');
    expect(callsOf('setWebhook')).toEqual([]);
  });
});

describe('webhook info', () => {
  test('without a webhook it says what to run', async () => {
    expect((await run(['info'])).out).toBe('@folha_bot has no webhook. Run: chatbot webhook set\n');
  });

  test('tells what waits, what failed, and what to do', async () => {
    await run(['set', '--url', url]);
    Object.assign(told, {
      pending_update_count: 3,
      last_error_date: Date.UTC(2026, 10, 22, 15) / 1_000,
      last_error_message: 'Wrong response from the webhook: 401 Unauthorized',
      allowed_updates: ALLOWED_UPDATES.filter((type) => type !== 'chat_member'),
    });
    const { code, out } = await run(['info'], { token: '' });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      `@folha_bot sends to ${url}`,
      '3 updates are waiting.',
      'Not sent: chat_member. To have them sent, run: chatbot webhook set',
      'The last delivery that failed: 2026-11-22 12:00:00 America/Sao_Paulo: Wrong response from the webhook: 401 Unauthorized',
      'The webhook refused the secret. Tell Telegram another one: chatbot webhook rotate',
      '',
    ]);
    expect(JSON.parse((await run(['info', '--json'])).out)).toMatchObject({
      url,
      pending_update_count: 3,
      secretIsSet: true,
    });
  });

  test('without a token says what to run', async () => {
    const { code, err } = await run(['info'], { token: '' });
    expect(code).toBe(1);
    expect(err).toContain(`No bot token is set in ${NAMES.token}. Run: chatbot webhook set`);
  });
});

test('webhook delete disconnects, and forgets secret and token', async () => {
  await run(['set', '--url', url]);
  expect((await run(['delete', '--drop-pending'])).code).toBe(0);
  expect(callsOf('deleteWebhook')).toMatchObject([{ params: { drop_pending_updates: true } }]);
  expect([valueOf(NAMES.secret), valueOf(NAMES.token)]).toEqual([UNSET, UNSET]);
});

test('help and a wrong command are for people', async () => {
  expect((await run(['--help'])).out).toContain('connect a bot');
  expect((await run(['nonsense'])).code).toBe(2);
});
