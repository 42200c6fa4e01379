import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';

import { Deployment, applicable, synthesize } from '../../localstack/deployment.ts';
import {
  type Emulator,
  clientSettingsOf,
  describeEmulator,
  environmentOf,
  lacks,
} from '../../localstack/emulator.ts';
import { startEmulator, whyNot } from '../../localstack/startEmulator.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import { parameterNames } from '../../src/config/parameters.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { readBytes } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, ZONE } from '../support/lakes.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { type RunningBundle, runBundle } from '../support/runBundle.ts';
import { type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { PROJECT, synthStack } from '../support/stacks.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/*
 * An emulator that has only a part of AWS (LocalStack, without Docker unless CHATBOT_EMULATOR_URL
 * names another one): the part of the stack that can exist there is applied, and the functions'
 * bundles run in processes of their own against its buckets and parameters.
 */

const HOW = whyNot('localstack');
const describeWithEmulator = onDemand('emulator', "the stack's part on LocalStack", () =>
  requirement('LocalStack', HOW === null, HOW ?? ''),
);

const SETTINGS = { CHATBOT_STAGE: 'part', CHATBOT_CHATS: 'any' } as const;
const NAMES = parameterNames({ project: 'chatbot', stage: 'part' });
const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';

describe('what of a stack can be applied', () => {
  test('is what an emulator has, and nothing that refers to what it lacks', async () => {
    const stack = await synthStack();
    const all = Object.entries(stack.resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    );
    const here = applicable(stack, new Set(['buckets', 'rules', 'queues'] as const));
    expect(all).toEqual(expect.arrayContaining(here));
    expect(here).toEqual(
      expect.arrayContaining([
        'aws_s3_bucket.lake_logs_bucket',
        'aws_cloudwatch_event_rule.etl_rule',
      ]),
    );
    // The key that encrypts them is not there.
    expect(here).not.toContain(
      'aws_s3_bucket_server_side_encryption_configuration.lake_raw_encryption',
    );
    expect(here).not.toContain('aws_sqs_queue.etl_dead_letters');
    expect(here.filter((address) => /lambda|glue|athena|api_gateway/.test(address))).toEqual([]);
    expect(() => applicable({ resource: { aws_moon: { full: {} } } }, new Set())).toThrow(
      /What aws_moon needs/,
    );
  });
});

describeWithEmulator('the part of the stack that LocalStack can have', () => {
  let emulator: Emulator;
  let botApi: BotApiServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let stack: Deployment;
  let applied: readonly string[] | null;
  let s3: S3Client;
  let ssm: SSMClient;
  let secret = '';
  /** Something that answers: there is no API here. */
  let url: string;
  const cleanups: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    const terraform = findTerraform();
    folder = await temporaryFolder();
    cleanups.push(() => folder.remove());
    botApi = await startBotApi(({ method, params }) => {
      if (method === 'getMe') return { result: { id: 6100000042, username: 'folha_bot' } };
      if (method === 'setWebhook') secret = String(params['secret_token']);
      if (method !== 'getWebhookInfo') return { result: true };
      return { result: { url, pending_update_count: 0 } };
    });
    cleanups.push(() => botApi.stop());
    const server = createServer((_request, response) => {
      response.writeHead(401).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    emulator = await startEmulator('localstack');
    cleanups.push(() => emulator.stop());
    process.stderr.write(`${describeEmulator(emulator)}\n`);
    s3 = new S3Client({ ...clientSettingsOf(emulator), forcePathStyle: true });
    ssm = new SSMClient(clientSettingsOf(emulator));
    cleanups.push(() => {
      s3.destroy();
      ssm.destroy();
    });
    await synthesize(join(folder.path, 'cdktf.out'), SETTINGS);
    stack = new Deployment(
      join(folder.path, 'cdktf.out', 'stacks', 'chatbot-part'),
      terraform,
      emulator,
    );
    applied = await stack.apply();
  });

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  const bucketOf = (layer: string) => `chatbot-part-${layer}-000000000000`;
  const storeOf = (layer: string) => new S3Store({ client: s3, bucket: bucketOf(layer) });

  async function start(name: 'etl' | 'webhook'): Promise<RunningBundle> {
    const { zip } = await bundleFunction(name);
    return runBundle(zip, join(folder.path, name), {
      ...environmentOf(emulator),
      CHATBOT_RAW_BUCKET: bucketOf('raw'),
      CHATBOT_ENRICHED_BUCKET: bucketOf('enriched'),
      CHATBOT_CONFIG: JSON.stringify({
        ...{ stage: 'part', zone: ZONE, language: 'pt', chats: 'any' },
        ...{ floodPerMinute: 20, rawRetentionDays: 365 },
      }),
      CHATBOT_SECRET_PARAMETER: NAMES.secret,
      CHATBOT_TOKEN_PARAMETER: NAMES.token,
      CHATBOT_TELEGRAM_API: botApi.url,
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: 'chatbot',
    });
  }

  test('is applied, and Terraform remembers it', async () => {
    expect(lacks(emulator)).toMatch(/Athena/);
    const there = (await stack.state()).map(({ address }) => address).sort();
    expect(there).toEqual([...(applied ?? [])].sort());
    expect(there).toEqual(
      expect.arrayContaining([
        'aws_cloudwatch_event_rule.etl_rule',
        'aws_iam_role.etl_function_role',
        'aws_kms_key.lake_key',
        'aws_s3_bucket.lake_raw_bucket',
        'aws_sqs_queue.etl_dead_letters',
        'aws_ssm_parameter.webhook_secret',
      ]),
    );
  });

  test('is reached from this machine alone', async () => {
    const { port } = new URL(emulator.endpoint);
    const reaches = async (host: string): Promise<boolean> => {
      const socket = connect(Number(port), host);
      try {
        await once(socket, 'connect');
        return true;
      } catch {
        return false;
      } finally {
        socket.destroy();
      }
    };
    expect(await reaches('127.0.0.1')).toBe(true);
    // Another address of this machine, as those are that others reach it by.
    expect(await reaches('127.0.0.2')).toBe(false);
  });

  test('the bundles work against its buckets and parameters', async () => {
    const child = promisify(execFile)(
      process.execPath,
      [join(PROJECT, 'bin', 'chatbot.mjs'), 'webhook', 'set', '--url', url],
      {
        cwd: folder.path,
        env: {
          PATH: process.env['PATH'],
          ...environmentOf(emulator),
          ...SETTINGS,
          CHATBOT_TELEGRAM_API: botApi.url,
        },
      },
    );
    child.child.stdin?.end(`${TOKEN}\n`);
    await child;
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: NAMES.secret, WithDecryption: true }),
    );
    expect(Parameter).toMatchObject({ Type: 'SecureString' });
    expect(Parameter?.Value).toContain(secret);

    const webhook = await start('webhook');
    try {
      for (const update of Object.values(UPDATES)) {
        const reply = (await webhook.invoke({
          headers: { 'X-Telegram-Bot-Api-Secret-Token': secret },
          body: JSON.stringify(update),
          isBase64Encoded: false,
        })) as APIGatewayProxyResult;
        expect(reply.statusCode).toBe(200);
      }
    } finally {
      await webhook.stop();
    }
    const keys: string[] = [];
    for await (const { key } of storeOf('raw').list('telegram/')) keys.push(key);
    expect(keys).toHaveLength(Object.keys(UPDATES).length);

    const etl = await start('etl');
    try {
      await etl.invoke({ date: DAY });
      const rows = await readRows(await readBytes(storeOf('enriched'), parquetKey(DAY)));
      expect(rows).toHaveLength(keys.filter((key) => key.includes(`=${DAY}/`)).length);
      expect(await etl.invoke({ date: DAY })).toMatchObject({ runs: [{ status: 'unchanged' }] });
    } finally {
      await etl.stop();
    }
  });

  test('once stopped, it leaves nothing of what it stored', async () => {
    const Bucket = `part-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'probe', Body: 'probe' }));
    // Where LocalStack puts things by itself, for all to share.
    expect(existsSync(join('/tmp/localstack-s3-storage', Bucket))).toBe(false);
    const folders = (await readdir(tmpdir()))
      .map((name) => join(tmpdir(), name))
      .filter((path) => existsSync(join(path, 's3', Bucket)));
    // One that was found runs in a container, and keeps its files there.
    const isOurs = emulator.name.endsWith('without Docker');
    expect(folders).toHaveLength(isOurs ? 1 : 0);
    await emulator.stop();
    expect(folders.filter((path) => existsSync(path))).toEqual([]);
  });
});
