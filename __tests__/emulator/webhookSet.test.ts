import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';

import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';

import type { Emulator } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import { runCommand } from '../../src/cli/runCommand.ts';
import { UNSET, parameterNames } from '../../src/config/parameters.ts';
import { type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';
import { type RunningBundle, runBundle } from '../support/runBundle.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

const python = findPython('ministack');
const describeWithMiniStack = requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON);

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';
const KEY = 'alias/chatbot-test';
const NAMES = parameterNames({ project: 'chatbot', stage: 'test' });

/** What API Gateway does, as far as the webhook sees it. */
async function startGateway(webhook: RunningBundle): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const event = { headers: request.headers, body, isBase64Encoded: false };
      void webhook.invoke(event).then((result) => {
        const { statusCode, headers = {}, body: text } = result as APIGatewayProxyResult;
        response.writeHead(statusCode, headers as Record<string, string>).end(text);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describeWithMiniStack('a bot is connected with its stack', () => {
  let miniStack: Emulator | undefined;
  let botApi: BotApiServer;
  let ssm: SSMClient;
  let webhook: RunningBundle;
  let gateway: Server;
  let url: string;
  let told: Record<string, unknown> = { url: '' };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const before = { ...process.env };

  beforeAll(async () => {
    folder = await temporaryFolder();
    miniStack = await startMiniStack(python ?? '');
    const env = {
      AWS_ENDPOINT_URL: miniStack.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    Object.assign(process.env, env);
    ssm = new SSMClient();
    const s3 = s3ClientOf(miniStack);
    for (const Bucket of ['raw', 'enriched']) await s3.send(new CreateBucketCommand({ Bucket }));
    s3.destroy();
    botApi = await startBotApi(({ method, params }) => {
      if (method === 'getMe') return { result: { id: 6100000042, username: 'folha_bot' } };
      if (method === 'setWebhook') told = params;
      if (method !== 'getWebhookInfo') return { result: true };
      return { result: { url: told['url'], pending_update_count: 0 } };
    });
    const { zip } = await bundleFunction('webhook');
    webhook = await runBundle(zip, join(folder.path, 'webhook'), {
      ...env,
      CHATBOT_RAW_BUCKET: 'raw',
      CHATBOT_ENRICHED_BUCKET: 'enriched',
      CHATBOT_CONFIG: JSON.stringify({
        ...{ stage: 'test', zone: 'America/Sao_Paulo', language: 'pt', chats: 'any' },
        ...{ floodPerMinute: 20, rawRetentionDays: 365 },
      }),
      CHATBOT_SECRET_PARAMETER: NAMES.secret,
      CHATBOT_TOKEN_PARAMETER: NAMES.token,
      POWERTOOLS_SERVICE_NAME: 'webhook',
      POWERTOOLS_METRICS_NAMESPACE: 'chatbot',
    });
    gateway = await startGateway(webhook);
    url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/test/telegram`;
  });

  afterAll(async () => {
    process.env = before;
    ssm.destroy();
    gateway.closeAllConnections();
    gateway.close();
    await webhook.stop();
    await botApi.stop();
    await miniStack?.stop();
    await folder.remove();
  });

  beforeEach(async () => {
    for (const Name of [NAMES.secret, NAMES.token]) {
      const parameter = { Name, Value: UNSET, Type: 'SecureString', KeyId: KEY } as const;
      await ssm.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
    }
  });

  async function run(...args: readonly string[]) {
    let said = '';
    const say = (line: string | Uint8Array) => {
      said += `${String(line)}\n`;
    };
    const code = await runCommand(['webhook', ...args], {
      env: { CHATBOT_STAGE: 'test', CHATBOT_TELEGRAM_API: botApi.url },
      input: Readable.from([`${TOKEN}\n`]),
      output: {
        ...{ print: say, write: say, note: say, progress: () => undefined },
        ...{ isTerminal: false, color: false },
      },
      now: Date.now,
      signal: new AbortController().signal,
    });
    expect(said).not.toContain(TOKEN);
    expect({ said, code }).toMatchObject({ code: 0 });
    return said;
  }

  /** What Telegram does with an update. */
  async function deliver(secret: unknown): Promise<number> {
    const headers = { 'x-telegram-bot-api-secret-token': String(secret) };
    const body = JSON.stringify(UPDATES.message);
    return (await fetch(url, { method: 'POST', headers, body })).status;
  }

  test('set, rotated, and disconnected', async () => {
    expect(await deliver(UNSET)).toBe(503);
    expect(await run('set', '--url', url)).toContain('@folha_bot');
    const first = told['secret_token'];
    expect(await deliver(first)).toBe(200);

    await run('rotate');
    expect(told['secret_token']).not.toBe(first);
    expect(await deliver(told['secret_token'])).toBe(200);
    expect(await deliver(first)).toBe(401);

    const { Parameters } = await ssm.send(new DescribeParametersCommand());
    expect(Parameters?.map(({ Type, KeyId }) => [Type, KeyId])).toEqual([
      ['SecureString', KEY],
      ['SecureString', KEY],
    ]);
    await run('delete');
    expect(webhook.output()).not.toContain(String(first));
  });
});
