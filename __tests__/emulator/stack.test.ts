import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import {
  AthenaClient,
  BatchGetNamedQueryCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListNamedQueriesCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GetTableCommand, GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { DescribeParametersCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';

import { replay } from '../../functions/etl/replay.ts';
import { Deployment, cdktfDeploy, synthesize } from '../../localstack/deployment.ts';
import {
  type Emulator,
  clientSettingsOf,
  describeEmulator,
  environmentOf,
  lacks,
} from '../../localstack/emulator.ts';
import { HOW_TO_GET_LAMBDA_NODE, findLambdaNode } from '../../localstack/lambdaNode.ts';
import { startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { type Terraform, findTerraform } from '../../localstack/terraform.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import { loadAnalyses } from '../../src/analytics/analyses.ts';
import { type Day, dayOf, previousDay, startOfDayIn } from '../../src/lake/days.ts';
import { parquetKey, rejectedPrefix } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { readBytes, readText } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { type RejectedObject, listRejected } from '../../src/lake/rejected.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { UPDATE_TYPES } from '../../src/telegram/updateTypes.ts';
import { ALARM_DRIFT } from '../support/alarmDrift.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, ZONE } from '../support/lakes.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import type { Attempt } from '../support/rightsProbe.ts';
import { type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { PROJECT } from '../support/stacks.ts';
import { testData } from '../support/testData.ts';
import {
  type AnyUpdate,
  arbitraryUpdate,
  arbitraryUpdateOf,
} from '../support/updates/arbitraries.ts';
import { UPDATES } from '../support/updates/fixtures.ts';
import { callWebhook } from '../support/webhookClient.ts';

/*
 * The whole stack as it is synthesized, applied by Terraform to MiniStack, over TLS and with all
 * policies enforced: what AWS would refuse for want of a right is refused here, too. The tests build
 * on each other, in this order, since it takes a minute to apply a stack.
 */

const python = findPython('ministack');
const describeWithMiniStack = onDemand('emulator', 'the whole stack on MiniStack', () =>
  requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON),
);

/** The whole machine; which calls come from elsewhere is tested by calling from 127.0.0.2. */
const NETWORKS = '127.0.0.1/32';
const SETTINGS = { CHATBOT_NETWORKS: NETWORKS, CHATBOT_CHATS: 'any' } as const;
/** The stage that most tests are about: with all that can be had; its rule fires every minute. */
const STAGE = {
  ...SETTINGS,
  CHATBOT_STAGE: 'e2e',
  CHATBOT_SCHEDULE: 'rate(1 minute)',
  CHATBOT_ALARM_EMAIL: 'owner@example.org',
  CHATBOT_OWNER_CHAT: '987654321',
  CHATBOT_DIGEST_HOUR: '8',
} as const;
/** The stage that is an earlier one first. */
const EARLIER = { ...SETTINGS, CHATBOT_STAGE: 'upg' } as const;

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';

/** 200 updates: some of every type, the others as they come; numbered one by one. */
function generatedUpdates(yesterday: Day): AnyUpdate[] {
  const start = startOfDayIn(yesterday, ZONE) / 1_000;
  const perType = UPDATE_TYPES.flatMap((type, index) =>
    fc.sample(arbitraryUpdateOf(type), { numRuns: 4, seed: index }),
  );
  const others = fc.sample(arbitraryUpdate(), { numRuns: 200 - perType.length, seed: 4 });
  return [...perType, ...others].map((update, index) => {
    const [type = ''] = Object.keys(update).filter((key) => key !== 'update_id');
    const payload = structuredClone(update[type]) as Record<string, unknown>;
    // What has a time of its own happened yesterday, which is what a daily run is about.
    for (const field of ['date', 'edit_date', 'remove_date']) {
      if (field in payload) payload[field] = start + 60 * index;
    }
    const boost = payload['boost'] as Record<string, unknown> | undefined;
    if (boost !== undefined) boost['add_date'] = start + 60 * index;
    return { update_id: 700_000_000 + index, [type]: payload };
  });
}

/** Kinds of things that hold something, or are known by their names: an upgrade keeps them. */
const KEPT = [
  'aws_api_gateway_rest_api',
  'aws_glue_catalog_database',
  'aws_glue_catalog_table',
  'aws_kms_key',
  'aws_s3_bucket',
  'aws_sqs_queue',
  'aws_ssm_parameter',
];

const run = promisify(execFile);

/**
 * AWS knows the workgroup of what an analyst asks for by its id, and decides by it. MiniStack goes by
 * the workgroup that a request names, so each request names one.
 */
function nameWorkgroup(client: AthenaClient, WorkGroup: string): AthenaClient {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Uint8Array };
      const asked = JSON.parse(new TextDecoder().decode(request.body)) as object;
      request.body = new TextEncoder().encode(JSON.stringify({ WorkGroup, ...asked }));
      return next(args);
    },
    // After the request was written, and before it is measured and signed.
    { step: 'serialize', priority: 'low' },
  );
  return client;
}

/** A view as Athena keeps it in the catalogue. */
interface ViewDefinition {
  readonly originalSql: string;
  readonly columns: readonly { readonly name: string }[];
}

/** Reads the text of a view in Glue. */
function viewOf(text: string | undefined): ViewDefinition {
  const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(text ?? '') ?? [];
  return JSON.parse(Buffer.from(encoded, 'base64').toString()) as ViewDefinition;
}

/** What each view has to have as many rows of: the rows' keys, counted once. */
const VIEW_KEYS: Readonly<
  Record<string, (row: Readonly<Record<string, unknown>>, index: number) => string | null>
> = {
  // Each row: real updates of several bots have the same numbers.
  messages: ({ update_type, is_service, user_is_bot }, index) =>
    ['message', 'channel_post', 'business_message'].includes(String(update_type)) &&
    is_service !== true &&
    user_is_bot !== true
      ? String(index)
      : null,
  latest_messages: ({ chat_id, message_id, update_type, is_service, user_is_bot }) =>
    /^(edited_)?(message|channel_post|business_message)$/.test(String(update_type)) &&
    is_service !== true &&
    user_is_bot !== true
      ? `${String(chat_id)} ${String(message_id)} ${String(update_type).endsWith('business_message')}`
      : null,
  users: ({ user_id, user_is_bot }) =>
    typeof user_id === 'bigint' && user_is_bot !== true ? user_id.toString() : null,
};

/** Views whose queries use functions that DuckDB has not: they are asked on a Trino only. */
const TRINO_VIEWS: readonly string[] = ['sessions'];

describeWithMiniStack('the stack', () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let botApi: BotApiServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let agent: Agent;
  let stack: Deployment;
  let earlier: Deployment;
  let upgraded: Deployment;
  let outputs: Record<string, string>;
  let s3: S3Client;
  let ssm: SSMClient;
  let lambda: LambdaClient;
  let iam: IAMClient;
  /** What the command `webhook set` told Telegram last. */
  let told = { url: '', secret: '' };
  /** The secrets by the webhooks' URLs. */
  const secrets = new Map<string, string>();
  const cleanups: (() => Promise<void> | void)[] = [];

  const today = dayOf(Date.now(), ZONE);
  const yesterday = previousDay(today);

  beforeAll(async () => {
    terraform = findTerraform();
    folder = await temporaryFolder();
    cleanups.push(() => folder.remove());
    botApi = await startBotApi(({ method, params }) => {
      if (method === 'getMe') return { result: { id: 6100000042, username: 'folha_bot' } };
      if (method === 'setWebhook')
        told = { url: String(params['url']), secret: String(params['secret_token']) };
      if (method !== 'getWebhookInfo') return { result: true };
      return { result: { url: told.url, pending_update_count: 0 } };
    });
    cleanups.push(() => botApi.stop());
    emulator = await startMiniStack(python ?? '', {
      enforce: true,
      verbose: true,
      functionEnv: { CHATBOT_TELEGRAM_API: botApi.url },
    });
    cleanups.push(() => emulator.stop());
    const node = findLambdaNode();
    process.stderr.write(
      `${describeEmulator(emulator)} Functions run on Node ${node.version}. ` +
        `Terraform ${terraform.version}, its provider from ${terraform.providers}.\n`,
    );
    agent = new Agent({ ca: emulator.certificate?.pem, keepAlive: true });
    const settings = clientSettingsOf(emulator, agent);
    s3 = new S3Client({ ...settings, forcePathStyle: true });
    ssm = new SSMClient(settings);
    lambda = new LambdaClient(settings);
    iam = new IAMClient(settings);
    cleanups.push(() => {
      for (const client of [s3, ssm, lambda, iam]) client.destroy();
      agent.destroy();
    });

    await synthesize(join(folder.path, 'cdktf.out'), STAGE);
    stack = new Deployment(
      join(folder.path, 'cdktf.out', 'stacks', 'chatbot-e2e'),
      terraform,
      emulator,
    );
    const earlierFolder = join(folder.path, 'earlier', 'stacks', 'chatbot-upg');
    await cp(join(PROJECT, '__tests__/support/fixtures/earlierStack'), earlierFolder, {
      recursive: true,
    });
    for (const name of ['webhook', 'etl'] as const) {
      const { zip } = await bundleFunction(name);
      const files = { ...unzipSync(await readFile(zip)), 'earlier.txt': new Uint8Array([1]) };
      await writeFile(join(earlierFolder, `${name}.zip`), zipSync(files));
    }
    earlier = new Deployment(earlierFolder, terraform, emulator);
    // Both at once: most of it is waiting.
    await Promise.all([stack.apply(), earlier.apply()]);
    outputs = await stack.outputs();
  });

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  const output = (name: string, from = outputs): string => {
    const value = from[name];
    if (value === undefined) throw new Error(`The stack has no output ${name}.`);
    return value;
  };

  const lakeOf = (from = outputs): Lake => ({
    raw: new S3Store({ client: s3, agent, bucket: output('raw_bucket', from) }),
    enriched: new S3Store({ client: s3, agent, bucket: output('enriched_bucket', from) }),
    zone: ZONE,
  });

  const post = (
    update: unknown,
    options: Parameters<typeof callWebhook>[2] = {},
    url = output('webhook_url'),
  ) =>
    callWebhook(
      { url, endpoint: emulator.endpoint, agent },
      typeof update === 'string' ? update : JSON.stringify(update),
      { secret: secrets.get(url) ?? '', ...options },
    );

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(`${name}: ${text}`);
    return JSON.parse(text);
  };

  const keysOf = async (store: Lake['raw'], prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys;
  };

  /**
   * `chatbot webhook set`, as one runs it after the first deployment; its URL is the emulator's for
   * the API, since nobody else knows the API's host.
   */
  const webhookSet = async (stage: string, webhookUrl: string): Promise<void> => {
    const [api] = new URL(webhookUrl).hostname.split('.');
    const url = `${emulator.endpoint}/restapis/${api}/${stage}/_user_request_/telegram`;
    const child = run(
      process.execPath,
      [join(PROJECT, 'bin', 'chatbot.mjs'), 'webhook', 'set', '--url', url],
      {
        cwd: folder.path,
        env: {
          PATH: process.env['PATH'],
          ...environmentOf(emulator),
          CHATBOT_STAGE: stage,
          CHATBOT_TELEGRAM_API: botApi.url,
        },
      },
    );
    child.child.stdin?.end(`${TOKEN}\n`);
    await child;
    secrets.set(webhookUrl, told.secret);
  };

  const rowsOf = async (lake: Lake, day: Day) =>
    readRows(await readBytes(lake.enriched, parquetKey(day)));

  test('has everything that the stack needs', () => {
    expect(lacks(emulator)).toBeNull();
    const { version, isLambdas } = findLambdaNode();
    const elsewhere = `Functions run on Node ${version} here; for Lambda's: ${HOW_TO_GET_LAMBDA_NODE}`;
    if (!isLambdas) process.stderr.write(`\n!!! ${elsewhere}\n`);
    expect(isLambdas || process.env['CI'] !== 'true' ? null : elsewhere).toBeNull();
  });

  test('is applied whole; a second plan changes nothing, and shows no secret', async () => {
    await webhookSet('e2e', output('webhook_url'));
    const secret = secrets.get(output('webhook_url')) ?? '';
    expect(secret).toMatch(/^[\w-]{32,}$/);
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: output('secret_parameter'), WithDecryption: true }),
    );
    expect(Parameter?.Value).toContain(secret);

    await stack.terraform('apply', '-no-color', '-refresh-only', '-auto-approve');
    const { changes, text } = await stack.plan();
    const state = await readFile(join(folder.path, 'terraform.chatbot-e2e.tfstate'), 'utf8');
    expect(state).toContain(output('secret_parameter'));
    for (const unspeakable of [secret, TOKEN]) {
      expect(text).not.toContain(unspeakable);
      expect(state).not.toContain(unspeakable);
    }
    for (const { type, actions, attributes } of changes) {
      expect({ type, actions }).toEqual({
        type: 'aws_cloudwatch_metric_alarm',
        actions: ['update'],
      });
      expect(ALARM_DRIFT).toEqual(expect.arrayContaining([...attributes]));
    }
  });

  test('takes 200 generated updates and the real ones, and answers', async () => {
    const lake = lakeOf();
    const real = testData()?.updates.map(({ update }) => update) ?? [];
    const updates: AnyUpdate[] = [...generatedUpdates(yesterday), ...real];
    expect(new Set(updates.flatMap((update) => Object.keys(update))).size).toBeGreaterThan(
      UPDATE_TYPES.length,
    );
    const calls: unknown[] = [];
    for (const update of updates) {
      const { status, body } = await post(update);
      expect({ status, body, update }).toMatchObject({ status: 200 });
      if (body !== '') calls.push(JSON.parse(body));
    }
    const answered = await post(UPDATES.message);
    expect(JSON.parse(answered.body)).toMatchObject({ method: 'sendMessage' });
    expect(calls.length).toBeGreaterThan(10);
    // Telegram tells again what it thinks was not heard.
    expect(await post(UPDATES.message)).toEqual(answered);

    const stored = new Map<string, unknown>();
    for (const key of await keysOf(lake.raw, 'telegram/')) {
      const { update } = JSON.parse(await readText(lake.raw, key)) as { update: unknown };
      stored.set(JSON.stringify(update), key);
    }
    for (const update of [...updates, UPDATES.message]) {
      expect(stored.has(JSON.stringify(update))).toBe(true);
    }
    expect(stored.size).toBe(updates.length + 1);
    expect(await keysOf(lake.raw, 'rejected/')).toEqual([]);
  });

  test('refuses what is forged, or comes from elsewhere', async () => {
    const before = (await keysOf(lakeOf().raw, '')).length;
    const update = { ...UPDATES.message, update_id: 1 };
    expect(await post(update, { secret: 'forged' })).toMatchObject({ status: 401 });
    expect(await post(update, { secret: '' })).toMatchObject({ status: 401 });
    expect(await post(update, { from: '127.0.0.2' })).toMatchObject({ status: 403 });
    expect(await post('', { method: 'GET' })).toMatchObject({ status: 403 });
    expect(await post(update, { path: '/e2e/' })).toMatchObject({ status: 403 });
    expect((await keysOf(lakeOf().raw, '')).length).toBe(before);
  });

  test('each function may do its work, and nothing else', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(PROJECT, '__tests__/support/rightsProbe.ts')],
      ...{ bundle: true, write: false, platform: 'node', format: 'cjs', target: 'node20' },
    });
    const code = zipSync({ 'probe.js': outputFiles[0]?.contents ?? new Uint8Array() });
    const raw = output('raw_bucket');
    const enriched = output('enriched_bucket');
    const results = output('results_bucket');
    const [rawKey = ''] = await keysOf(lakeOf().raw, 'telegram/');
    const own = (operation: string, Bucket: string, input: Attempt['input']): Attempt => ({
      service: 's3',
      operation,
      input: { Bucket, ...input },
    });
    const parameter = (operation: string, Name: string, input: Attempt['input'] = {}): Attempt => ({
      service: 'ssm',
      operation,
      input: { Name, ...input },
    });
    const Body = 'probe';
    const probes = {
      webhook: {
        may: [
          own('PutObject', raw, { Key: 'rejected/probe', Body }),
          own('GetObject', raw, { Key: rawKey }),
          own('ListObjectsV2', raw, {}),
          parameter('GetParameter', output('secret_parameter'), { WithDecryption: true }),
          parameter('GetParameter', output('token_parameter'), { WithDecryption: true }),
        ],
        mayNot: [
          own('PutObject', raw, { Key: 'elsewhere/probe', Body }),
          own('GetObject', raw, { Key: 'rejected/probe' }),
          own('DeleteObject', raw, { Key: rawKey }),
          own('PutBucketVersioning', raw, { VersioningConfiguration: { Status: 'Suspended' } }),
          own('ListObjectsV2', enriched, {}),
          own('GetObject', enriched, { Key: parquetKey(DAY) }),
          own('PutObject', enriched, { Key: parquetKey(DAY), Body }),
          own('ListObjectsV2', results, {}),
          own('PutObject', raw.replace('e2e', 'upg'), { Key: 'telegram/probe', Body }),
          parameter('PutParameter', output('secret_parameter'), { Value: 'x', Overwrite: true }),
          parameter('GetParameter', output('secret_parameter').replace('e2e', 'upg')),
        ],
      },
      etl: {
        may: [
          own('GetObject', raw, { Key: rawKey }),
          own('ListObjectsV2', raw, {}),
          own('PutObject', raw, { Key: 'rejected/probe', Body }),
          own('DeleteObject', raw, { Key: 'rejected/probe' }),
          own('PutObject', enriched, { Key: 'runs/probe', Body }),
          own('PutObject', enriched, { Key: 'telegram/probe', Body }),
          own('DeleteObject', enriched, { Key: 'telegram/probe' }),
        ],
        mayNot: [
          own('PutObject', raw, { Key: rawKey, Body }),
          own('DeleteObject', raw, { Key: rawKey }),
          own('PutObject', enriched, { Key: 'elsewhere/probe', Body }),
          own('DeleteObject', enriched, { Key: 'runs/probe' }),
          own('PutObject', results, { Key: 'probe', Body }),
          own('ListObjectsV2', enriched.replace('e2e', 'upg'), {}),
          parameter('GetParameter', output('secret_parameter'), { WithDecryption: true }),
          parameter('GetParameter', output('token_parameter'), { WithDecryption: true }),
        ],
      },
      report: {
        may: [
          own('PutObject', raw, { Key: 'state/sent/probe', Body }),
          own('GetObject', raw, { Key: 'state/sent/probe' }),
          own('DeleteObject', raw, { Key: 'state/sent/probe' }),
          own('ListObjectsV2', raw, {}),
          own('ListObjectsV2', enriched, {}),
          own('PutObject', results, { Key: 'reports/probe', Body }),
          parameter('GetParameter', output('token_parameter'), { WithDecryption: true }),
        ],
        mayNot: [
          own('GetObject', raw, { Key: rawKey }),
          own('PutObject', raw, { Key: rawKey, Body }),
          own('DeleteObject', raw, { Key: rawKey }),
          own('PutObject', raw, { Key: 'state/reports/probe', Body }),
          own('PutObject', enriched, { Key: parquetKey(DAY), Body }),
          own('GetObject', results, { Key: 'reports/probe' }),
          own('ListObjectsV2', enriched.replace('e2e', 'upg'), {}),
          parameter('GetParameter', output('secret_parameter'), { WithDecryption: true }),
          parameter('PutParameter', output('token_parameter'), { Value: 'x', Overwrite: true }),
        ],
      },
    };
    for (const [name, { may, mayNot }] of Object.entries(probes)) {
      const { Configuration } = await lambda.send(
        new GetFunctionCommand({ FunctionName: `chatbot-e2e-${name}` }),
      );
      const FunctionName = `probe-${name}`;
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: Configuration?.Role,
          Runtime: 'nodejs22.x',
          Handler: 'probe.handler',
          Timeout: 30,
          Code: { ZipFile: code },
        }),
      );
      const tried = [...may, ...mayNot];
      const said = (await invoke(FunctionName, tried)) as string[];
      await lambda.send(new DeleteFunctionCommand({ FunctionName }));
      const told = tried.map((attempt, index) => ({ ...attempt, result: said[index] }));
      expect(told.slice(0, may.length).filter(({ result }) => result !== 'allowed')).toEqual([]);
      expect(
        told.slice(may.length).filter(({ result }) => result?.startsWith('AccessDenied') !== true),
      ).toEqual([]);
    }
  });

  test('the rule fires and the ETL writes the day; a second run changes nothing', async () => {
    const lake = lakeOf();
    const stored = await keysOf(lake.raw, `telegram/context_date=${yesterday}/`);
    expect(stored.length).toBeGreaterThan(100);
    // Nobody calls the function here.
    const deadline = Date.now() + 150_000;
    let rows: Record<string, unknown>[] = [];
    while (rows.length < stored.length && Date.now() < deadline) {
      await sleep(1_000);
      const [key] = await keysOf(lake.enriched, parquetKey(yesterday));
      if (key !== undefined) rows = await rowsOf(lake, yesterday);
    }
    expect(rows.map((row) => row['update_id']).sort()).toEqual(
      stored.map((key) => BigInt(/(\d+)\.json$/.exec(key)?.[1] ?? '')).sort(),
    );

    const versions = async () => {
      const { Versions = [] } = await s3.send(
        new ListObjectVersionsCommand({
          Bucket: output('enriched_bucket'),
          Prefix: parquetKey(yesterday),
        }),
      );
      return Versions.map(({ VersionId, ETag }) => `${VersionId} ${ETag}`);
    };
    const before = await versions();
    expect(await invoke('chatbot-e2e-etl', { date: yesterday })).toMatchObject({
      runs: [{ day: yesterday, status: 'unchanged', rows: stored.length }],
    });
    expect(await versions()).toEqual(before);
  });

  test('what is rejected is kept in its place, and comes back by replay', async () => {
    const lake = lakeOf();
    const before = (await rowsOf(lake, yesterday)).length;
    // The webhook refuses it; the ETL refuses what somebody has put there.
    const cut = JSON.stringify({ ...UPDATES.message, update_id: 800_000_001 }).slice(0, -2);
    expect(await post(cut)).toMatchObject({ status: 200 });
    const damaged = `telegram/context_date=${yesterday}/800000002.json`;
    await lake.raw.put(damaged, Buffer.from('{"v":1,"update'));
    expect(await invoke('chatbot-e2e-etl', { date: yesterday })).toMatchObject({
      runs: [{ status: 'written', rows: before, rejected: 1 }],
    });
    const rejected: RejectedObject[] = [];
    for await (const object of listRejected(lake.raw)) rejected.push(object);
    const [byWebhook, byEtl] = ['webhook', 'etl'].map((from) =>
      rejected.find(({ record }) => record.from === from),
    );
    expect(rejected).toHaveLength(2);
    expect(byWebhook?.key.startsWith(rejectedPrefix(today))).toBe(true);
    expect(byEtl?.key.startsWith(rejectedPrefix(yesterday))).toBe(true);
    expect(byEtl?.record).toMatchObject({ source_key: damaged });

    const record = {
      ...{ v: 1, source: 'telegram', received_at: new Date().toISOString(), answer: null },
      update: {
        ...UPDATES.message,
        update_id: 800_000_002,
        message: { ...UPDATES.message.message, date: startOfDayIn(yesterday, ZONE) / 1_000 },
      },
    };
    const result = await replay(lake, {
      now: Date.now(),
      rawRetentionDays: 365,
      chats: { chats: 'any', staffChats: [] },
      mended: new Map([
        [byWebhook?.key ?? '', Buffer.from(`${cut}}}`)],
        [byEtl?.key ?? '', Buffer.from(JSON.stringify(record))],
      ]),
    });
    expect(result).toMatchObject({ failed: [], failures: [] });
    expect(result.replayed.map(({ day }) => day).sort()).toEqual([DAY, yesterday]);
    expect(await keysOf(lake.raw, 'rejected/')).toEqual([]);
    expect(await rowsOf(lake, yesterday)).toHaveLength(before + 1);
  });

  test('an event that the ETL fails at again and again ends among the dead letters', async () => {
    // As EventBridge hands it over: nobody waits for the answer.
    const event = { detail: 'neither a time nor a day' };
    const { StatusCode } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'chatbot-e2e-etl',
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    expect(StatusCode).toBe(202);
    const sqs = new SQSClient(clientSettingsOf(emulator, agent));
    try {
      const { QueueUrl } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: 'chatbot-e2e-dead-letters' }),
      );
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }),
      );
      expect(Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown)).toEqual([
        expect.objectContaining({
          requestPayload: event,
          requestContext: expect.objectContaining({ condition: 'RetriesExhausted' }) as unknown,
          responsePayload: expect.objectContaining({
            errorMessage: expect.stringContaining('none of these') as unknown,
          }) as unknown,
        }),
      ]);
      // Once, and twice again, as the function's settings say.
      const attempts = emulator
        .output()
        .matchAll(/chatbot-e2e-etl async output \(attempt (\d+)\)/g);
      expect([...attempts].map(([, number]) => number)).toEqual(['1', '2', '3']);
    } finally {
      sqs.destroy();
    }
  });

  test('without TLS, the policies of buckets and queue refuse whoever asks', async () => {
    const state = await stack.state();
    const policies = state.filter(({ type }) => type === 'aws_s3_bucket_policy');
    const queue = state.find(({ type }) => type === 'aws_sqs_queue_policy');
    expect(policies).toHaveLength(4);
    const plain = await startMiniStack(python ?? '', { enforce: true, tls: false });
    const settings = clientSettingsOf(plain);
    const rootS3 = new S3Client({ ...settings, forcePathStyle: true });
    const rootIam = new IAMClient(settings);
    const clients: { destroy: () => void }[] = [rootS3, rootIam];
    try {
      const UserName = 'everything';
      await rootIam.send(new CreateUserCommand({ UserName }));
      await rootIam.send(
        new PutUserPolicyCommand({
          ...{ UserName, PolicyName: 'everything' },
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' }],
          }),
        }),
      );
      const { AccessKey } = await rootIam.send(new CreateAccessKeyCommand({ UserName }));
      const own = clientSettingsOf(plain, undefined, {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      });
      const client = new S3Client({ ...own, forcePathStyle: true });
      const sqs = new SQSClient(own);
      clients.push(client, sqs);
      const refused: unknown = expect.objectContaining({
        name: expect.stringMatching(/AccessDenied/) as unknown,
      });
      for (const { values } of policies) {
        const [Bucket, Policy] = [String(values['bucket']), String(values['policy'])];
        const attempts = () =>
          Promise.allSettled([
            client.send(new PutObjectCommand({ Bucket, Key: 'telegram/probe', Body: 'probe' })),
            client.send(new GetObjectCommand({ Bucket, Key: 'telegram/probe' })),
            client.send(new ListObjectsV2Command({ Bucket })),
          ]);
        await rootS3.send(new CreateBucketCommand({ Bucket }));
        await client.send(new PutObjectCommand({ Bucket, Key: 'telegram/probe', Body: 'probe' }));
        expect((await attempts()).map(({ status }) => status)).toEqual(
          Array.from({ length: 3 }, () => 'fulfilled'),
        );
        await rootS3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
        expect(await attempts()).toEqual(
          Array.from({ length: 3 }, () => ({
            status: 'rejected',
            reason: refused,
          })),
        );
      }
      const { QueueUrl } = await sqs.send(
        new CreateQueueCommand({ QueueName: 'chatbot-e2e-dead-letters' }),
      );
      const send = () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'probe' }));
      await expect(send()).resolves.toBeDefined();
      const Attributes = { Policy: String(queue?.values['policy']) };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      await expect(send()).rejects.toEqual(refused);
    } finally {
      for (const client of clients) client.destroy();
      await plain.stop();
    }
  });

  test('an analyst finds the analyses, asks in SQL, and may not read what was received', async () => {
    const lake = lakeOf();
    const days = [
      ...new Set(
        (await keysOf(lake.raw, 'telegram/')).map((key) => /=([^/]+)/.exec(key)?.[1] ?? ''),
      ),
    ];
    for (const date of days) await invoke('chatbot-e2e-etl', { date });
    const rows = (await Promise.all(days.map((day) => rowsOf(lake, day)))).flat();

    const UserName = 'analyst';
    const PolicyArn = output('analyst_policy');
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const settings = clientSettingsOf(emulator, agent, {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    });
    const WorkGroup = output('workgroup');
    const analystAthena = nameWorkgroup(new AthenaClient(settings), WorkGroup);
    const elsewhere = nameWorkgroup(new AthenaClient(settings), 'primary');
    const glue = new GlueClient(settings);
    const analystS3 = new S3Client({ ...settings, forcePathStyle: true });
    const analystSsm = new SSMClient(settings);
    const analystLambda = new LambdaClient(settings);
    try {
      const { NamedQueryIds } = await analystAthena.send(
        new ListNamedQueriesCommand({ WorkGroup }),
      );
      const { NamedQueries = [] } = await analystAthena.send(
        new BatchGetNamedQueryCommand({ NamedQueryIds }),
      );
      const analyses = await loadAnalyses(join(PROJECT, 'sql'));
      const byName = (a: { Name?: string | undefined }, b: { Name?: string | undefined }) =>
        (a.Name ?? '') < (b.Name ?? '') ? -1 : 1;
      expect(
        NamedQueries.map(({ Name, Description, QueryString, Database }) => ({
          ...{ Name, Description, QueryString, Database },
        })).sort(byName),
      ).toEqual(
        analyses
          .map(({ title, question, sql }) => ({
            Name: title.pt,
            Description: question.pt,
            QueryString: sql,
            Database: output('database'),
          }))
          .sort(byName),
      );

      for (const name of ['telegram', 'runs']) {
        const { Table } = await glue.send(
          new GetTableCommand({ DatabaseName: output('database'), Name: name }),
        );
        expect(Table?.Parameters).toMatchObject({
          'projection.enabled': 'true',
          'projection.context_date.type': 'date',
          'projection.context_date.range': '2015-06-24,NOW+1DAYS',
          // As Athena wants it, after Terraform has had its way with the dollar.
          'storage.location.template': `s3://${output('enriched_bucket')}/${name}/context_date=\${context_date}/`,
        });
        expect(Table?.PartitionKeys?.map(({ Name }) => Name)).toEqual(['context_date']);
      }

      let lastQuery = '';
      const query = async (QueryString: string): Promise<(string | undefined)[][]> => {
        const { QueryExecutionId } = await analystAthena.send(
          new StartQueryExecutionCommand({
            WorkGroup,
            QueryString,
            QueryExecutionContext: { Database: output('database') },
          }),
        );
        for (;;) {
          const { QueryExecution } = await analystAthena.send(
            new GetQueryExecutionCommand({ QueryExecutionId }),
          );
          const { State, StateChangeReason } = QueryExecution?.Status ?? {};
          if (State === 'FAILED') throw new Error(StateChangeReason);
          if (State === 'SUCCEEDED') break;
          await sleep(50);
        }
        const { ResultSet } = await analystAthena.send(
          new GetQueryResultsCommand({ QueryExecutionId }),
        );
        lastQuery = QueryExecutionId ?? '';
        return (ResultSet?.Rows ?? [])
          .slice(1)
          .map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue));
      };
      expect(await query('SELECT count(*) AS n FROM telegram')).toEqual([[String(rows.length)]]);
      const found = await analystS3.send(
        new ListObjectsV2Command({ Bucket: output('results_bucket'), Prefix: 'athena/' }),
      );
      const result = await analystS3.send(
        new GetObjectCommand({
          Bucket: output('results_bucket'),
          Key: found.Contents?.find(({ Key }) => Key?.endsWith('.csv'))?.Key,
        }),
      );
      expect(await result.Body?.transformToString()).toContain(String(rows.length));
      const counts = new Map<string, number>();
      for (const row of rows) {
        const type = String(row['update_type']);
        counts.set(type, (counts.get(type) ?? 0) + 1);
      }
      expect(
        await query(
          'SELECT update_type, count(*) AS n FROM telegram GROUP BY update_type ORDER BY update_type',
        ),
      ).toEqual([...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([a, n]) => [a, String(n)]));
      expect(
        await query(
          `SELECT count(*) AS n FROM telegram WHERE CAST(context_date AS varchar) = '${yesterday}'`,
        ),
      ).toEqual([[String((await rowsOf(lake, yesterday)).length)]]);

      const { TableList = [] } = await glue.send(
        new GetTablesCommand({ DatabaseName: output('database') }),
      );
      const views = TableList.filter(({ TableType }) => TableType === 'VIRTUAL_VIEW');
      expect(views.map(({ Name }) => Name).sort()).toEqual(
        [...Object.keys(VIEW_KEYS), ...TRINO_VIEWS].sort(),
      );
      for (const { Name = '', ViewOriginalText, StorageDescriptor } of views) {
        const { originalSql, columns } = viewOf(ViewOriginalText);
        const names = columns.map(({ name }) => name);
        expect(StorageDescriptor?.Columns?.map((column) => column.Name)).toEqual(names);
        if (TRINO_VIEWS.includes(Name)) continue;
        // MiniStack does not know views by their names: what Athena puts in a name's place is here.
        const view = `WITH ${Name} AS (\n${originalSql}\n)`;
        const keys = new Set(rows.map((row, index) => VIEW_KEYS[Name]?.(row, index) ?? null));
        keys.delete(null);
        expect(keys.size).toBeGreaterThan(0);
        expect(await query(`${view} SELECT count(*) AS n FROM ${Name}`)).toEqual([
          [String(keys.size)],
        ]);
        await query(`${view} SELECT * FROM ${Name} LIMIT 1`);
        const { ResultSet } = await analystAthena.send(
          new GetQueryResultsCommand({ QueryExecutionId: lastQuery }),
        );
        expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map((column) => column.Name)).toEqual(
          names,
        );
      }

      const [rawKey = ''] = await keysOf(lake.raw, 'telegram/');
      const get = (Bucket: string, Key: string) =>
        analystS3.send(new GetObjectCommand({ Bucket, Key }));
      await expect(get(output('enriched_bucket'), parquetKey(yesterday))).resolves.toBeDefined();
      const refused = { name: expect.stringMatching(/^AccessDenied/) as unknown };
      await expect(get(output('raw_bucket'), rawKey)).rejects.toMatchObject(refused);
      await expect(
        analystS3.send(new ListObjectsV2Command({ Bucket: output('raw_bucket') })),
      ).rejects.toMatchObject(refused);
      await expect(
        analystAthena.send(
          new StartQueryExecutionCommand({ WorkGroup: 'primary', QueryString: 'SELECT 1' }),
        ),
      ).rejects.toMatchObject(refused);
      // The same right on another workgroup's queries is not there.
      for (const Command of [GetQueryExecutionCommand, GetQueryResultsCommand]) {
        await expect(
          elsewhere.send(new Command({ QueryExecutionId: lastQuery })),
        ).rejects.toMatchObject(refused);
      }
      await expect(
        elsewhere.send(new BatchGetNamedQueryCommand({ NamedQueryIds })),
      ).rejects.toMatchObject(refused);
      await expect(
        analystSsm.send(new GetParameterCommand({ Name: output('secret_parameter') })),
      ).rejects.toMatchObject(refused);
      await expect(
        analystLambda.send(new InvokeCommand({ FunctionName: 'chatbot-e2e-etl' })),
      ).rejects.toMatchObject(refused);
    } finally {
      for (const client of [analystAthena, elsewhere, glue, analystS3, analystSsm, analystLambda])
        client.destroy();
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
      await iam.send(new DeleteUserCommand({ UserName }));
    }
  });

  test('chatbot query asks the Athena of the stage', async () => {
    const file = join(folder.path, 'own.sql');
    await writeFile(
      file,
      `SELECT count(*) AS amount FROM telegram WHERE context_date = DATE '${yesterday}'`,
    );
    const { stdout } = await run(
      process.execPath,
      [
        join(PROJECT, 'bin', 'chatbot.mjs'),
        ...['query', '--sql', file, '--on', 'athena', '--reuse', '0', '--json'],
      ],
      {
        cwd: folder.path,
        env: {
          PATH: process.env['PATH'],
          ...environmentOf(emulator),
          CHATBOT_STAGE: 'e2e',
        },
      },
    );
    const amount = (await rowsOf(lakeOf(), yesterday)).length;
    expect(amount).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toEqual([{ amount }]);
  });

  test('an earlier stack becomes this one by cdktf deploy, and keeps all that it holds', async () => {
    const before = await earlier.outputs();
    const url = output('webhook_url', before);
    const lake = lakeOf(before);
    await webhookSet('upg', url);
    const secret = secrets.get(url);
    for (const update of Object.values(UPDATES)) {
      expect(await post(update, {}, url)).toMatchObject({ status: 200 });
    }
    await invoke('chatbot-upg-etl', { date: DAY });
    const rows = await rowsOf(lake, DAY);
    const contents = async () =>
      (await Promise.all([keysOf(lake.raw, ''), keysOf(lake.enriched, 'telegram/')])).flat();
    const kept = await contents();
    const identities = async () => {
      const state = await earlier.state();
      return Object.fromEntries(
        state
          .filter(({ type }) => KEPT.includes(type))
          .map(({ address, values }) => [address, values['id']] as const),
      );
    };
    const had = await identities();
    expect(Object.keys(had).length).toBeGreaterThan(KEPT.length);
    const table = async () => {
      const glue = new GlueClient(clientSettingsOf(emulator, agent));
      const { Table } = await glue.send(
        new GetTableCommand({ DatabaseName: 'chatbot_upg', Name: 'telegram' }),
      );
      glue.destroy();
      return { created: Table?.CreateTime, columns: Table?.StorageDescriptor?.Columns?.length };
    };
    const oldTable = await table();

    const out = join(folder.path, 'upgraded');
    await cdktfDeploy(emulator, terraform, out, 'chatbot-upg', EARLIER);
    upgraded = new Deployment(join(out, 'stacks', 'chatbot-upg'), terraform, emulator);

    expect(await identities()).toMatchObject(had);
    const newTable = await table();
    expect(newTable.created).toEqual(oldTable.created);
    expect(newTable.columns).toBe((oldTable.columns ?? 0) + 2);
    expect(await contents()).toEqual(kept);
    expect(await rowsOf(lake, DAY)).toEqual(rows);
    // The same URL, the same secret; and the new function knows what the one before has stored.
    expect((await upgraded.outputs())['webhook_url']).toBe(url);
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: output('secret_parameter', before), WithDecryption: true }),
    );
    expect(Parameter?.Value).toContain(secret);
    expect(await post(UPDATES.message, {}, url)).toMatchObject({ status: 200 });
    expect(await contents()).toEqual(kept);
    expect(await post({ ...UPDATES.message, update_id: 900_000_001 }, {}, url)).toMatchObject({
      status: 200,
    });
    expect(await contents()).toHaveLength(kept.length + 1);
    const { changes } = await upgraded.plan();
    expect(changes.filter(({ type }) => type !== 'aws_cloudwatch_metric_alarm')).toEqual([]);
  });

  test('destroy leaves nothing but what somebody received', async () => {
    const destroy = (deployment: Deployment) =>
      deployment.terraform('destroy', '-no-color', '-auto-approve');
    const destroyed = await Promise.allSettled([stack, upgraded].map(destroy));
    for (const result of destroyed) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('BucketNotEmpty') as unknown },
      });
    }
    const left = (await Promise.all([stack, upgraded].map((one) => one.state()))).map((state) =>
      state.map(({ address }) => address).sort(),
    );
    const data = [
      'aws_kms_key.lake_key',
      'aws_s3_bucket.lake_enriched_bucket',
      'aws_s3_bucket.lake_raw_bucket',
    ];
    expect(left).toEqual([data, data]);

    // Whoever means it empties the buckets first.
    for (const stage of ['e2e', 'upg']) {
      for (const layer of ['raw', 'enriched']) {
        const Bucket = `chatbot-${stage}-${layer}-000000000000`;
        for (;;) {
          const page = await s3.send(new ListObjectVersionsCommand({ Bucket }));
          const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
            ({ Key, VersionId }) => ({ Key, VersionId }),
          );
          if (Objects.length === 0) break;
          await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
        }
      }
    }
    await Promise.all([stack, upgraded].map(destroy));
    expect(await stack.state()).toEqual([]);
    expect(await upgraded.state()).toEqual([]);
    const { Buckets } = await s3.send(new ListBucketsCommand());
    const { Functions } = await lambda.send(new ListFunctionsCommand());
    const { Parameters } = await ssm.send(new DescribeParametersCommand());
    expect({ Buckets, Functions, Parameters }).toEqual({
      ...{ Buckets: [], Functions: [], Parameters: [] },
    });
  });
});
