import { join } from 'node:path';

import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';

import type { Emulator } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import type { FunctionName } from '../../scripts/budgets.ts';
import { parseAnalysis } from '../../src/analytics/analyses.ts';
import type { FunctionConfig } from '../../src/config/functionConfig.ts';
import { METRICS, type Service } from '../../src/config/metrics.ts';
import { UNSET, parameterNames } from '../../src/config/parameters.ts';
import { LAKE_KEY, parquetKey } from '../../src/lake/keys.ts';
import { readBytes, readText } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { type AthenaServer, type ScriptedQuery, startAthena } from '../support/athenaServer.ts';
import { type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY } from '../support/lakes.ts';
import { requirement } from '../support/requirement.ts';
import { type RunningBundle, runBundle } from '../support/runBundle.ts';
import { UPDATES } from '../support/updates/fixtures.ts';
import { OUR_BOT } from '../support/updates/people.ts';

const python = findPython('ministack');
const describeWithMiniStack = requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON);

const SECRET = 'the-first_secret';
const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';
const CONFIG: FunctionConfig = {
  stage: 'test',
  zone: 'America/Sao_Paulo',
  language: 'pt',
  chats: 'any',
  staffChats: [],
  floodPerMinute: 1_000,
  rawRetentionDays: 365,
  updatesPerShard: 1_000_000,
};

describeWithMiniStack('the bundles', () => {
  let miniStack: Emulator | undefined;
  let botApi: BotApiServer;
  let athena: AthenaServer;
  let client: S3Client;
  let ssm: SSMClient;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const zips = new Map<FunctionName, string>();
  let stacks = 0;

  beforeAll(async () => {
    folder = await temporaryFolder();
    botApi = await startBotApi(() => ({ result: true }));
    miniStack = await startMiniStack(python ?? '');
    client = s3ClientOf(miniStack);
    ssm = new SSMClient({
      endpoint: miniStack.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    athena = await startAthena();
    for (const name of ['webhook', 'etl', 'report'] as const)
      zips.set(name, (await bundleFunction(name)).zip);
  });

  afterAll(async () => {
    client.destroy();
    ssm.destroy();
    await botApi.stop();
    await athena.stop();
    await miniStack?.stop();
    await folder.remove();
  });

  const setParameter = (name: string, value: string) =>
    ssm.send(
      new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }),
    );

  /** A stack of its own: buckets, parameters as Terraform makes them, and its functions. */
  async function makeStack(config: Partial<FunctionConfig> = {}) {
    const stage = `s${++stacks}`;
    const names = parameterNames({ project: 'chatbot', stage });
    const [raw, enriched] = [`chatbot-${stage}-raw`, `chatbot-${stage}-enriched`];
    const results = `chatbot-${stage}-results`;
    for (const Bucket of [raw, enriched, results])
      await client.send(new CreateBucketCommand({ Bucket }));
    for (const name of [names.secret, names.token]) await setParameter(name, UNSET);
    const env = (service: Service) => ({
      AWS_ENDPOINT_URL: miniStack?.endpoint ?? '',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      CHATBOT_STATE_MACHINE: 'arn:aws:states:us-east-1:000000000000:stateMachine:none',
      CHATBOT_RAW_BUCKET: raw,
      CHATBOT_ENRICHED_BUCKET: enriched,
      CHATBOT_RESULTS_BUCKET: results,
      CHATBOT_WORKGROUP: `chatbot-${stage}`,
      CHATBOT_DATABASE: `chatbot_${stage}`,
      // No emulator runs these queries.
      AWS_ENDPOINT_URL_ATHENA: athena.url,
      CHATBOT_CONFIG: JSON.stringify({ ...CONFIG, ...config }),
      CHATBOT_SECRET_PARAMETER: names.secret,
      CHATBOT_TOKEN_PARAMETER: names.token,
      CHATBOT_TELEGRAM_API: botApi.url,
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: 'chatbot',
    });
    return {
      names,
      raw: new S3Store({ client, bucket: raw }),
      enriched: new S3Store({ client, bucket: enriched }),
      results: new S3Store({ client, bucket: results }),
      start: (name: FunctionName) =>
        runBundle(zips.get(name) ?? '', join(folder.path, `${stage}-${name}`), env(name)),
    };
  }

  async function keysOf(raw: S3Store): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of raw.list('telegram/')) keys.push(key);
    return keys;
  }

  const post = async (
    webhook: RunningBundle,
    update: unknown,
    secret = SECRET,
  ): Promise<APIGatewayProxyResult> =>
    (await webhook.invoke({
      httpMethod: 'POST',
      path: '/telegram',
      headers: { 'X-Telegram-Bot-Api-Secret-Token': secret },
      body: JSON.stringify(update),
      isBase64Encoded: false,
    })) as APIGatewayProxyResult;

  /** Sums of the metrics that a function has written. */
  function metricsOf(running: RunningBundle): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const line of running.log()) {
      const embedded = line['_aws'] as
        { CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[] } | undefined;
      for (const { Namespace, Metrics } of embedded?.CloudWatchMetrics ?? []) {
        expect(Namespace).toBe('chatbot');
        expect(line).toMatchObject({ stage: 'test' });
        for (const { Name } of Metrics) {
          const values = [line[Name]].flat() as number[];
          sums[Name] = (sums[Name] ?? 0) + values.reduce((sum, value) => sum + value, 0);
        }
      }
    }
    return sums;
  }

  test('the webhook stores an update, answers it, and lets nobody in without the secret', async () => {
    const stack = await makeStack();
    await setParameter(stack.names.secret, JSON.stringify({ current: SECRET }));
    const webhook = await stack.start('webhook');
    try {
      const answered = await post(webhook, UPDATES.message);
      expect(answered.statusCode).toBe(200);
      expect(JSON.parse(answered.body)).toMatchObject({ method: 'sendMessage' });
      const [key] = await keysOf(stack.raw);
      expect(JSON.parse(await readText(stack.raw, key ?? ''))).toMatchObject({
        v: 1,
        source: 'telegram',
        update: UPDATES.message,
      });
      expect(JSON.parse(await readText(stack.raw, LAKE_KEY))).toEqual({ v: 1, zone: CONFIG.zone });

      // Told again, it is answered the same and not stored again.
      expect(await post(webhook, UPDATES.message)).toEqual(answered);
      expect(await post(webhook, UPDATES.message, 'forged')).toMatchObject({ statusCode: 401 });
      expect((await post(webhook, 'no update')).statusCode).toBe(200);
      const { duplicate, unauthorized, rejected } = METRICS.webhook;
      expect(metricsOf(webhook)).toEqual({
        [duplicate]: 1,
        [unauthorized]: 1,
        [rejected]: 1,
      });
      expect(await keysOf(stack.raw)).toEqual([key]);

      const written = webhook.output();
      for (const unspeakable of [SECRET, 'forged', UPDATES.message.message.text]) {
        expect(written).not.toContain(unspeakable);
      }
      expect(webhook.log()).toContainEqual(
        expect.objectContaining({
          service: 'webhook',
          stage: 'test',
          outcome: 'stored',
          key,
          update_id: UPDATES.message.update_id,
        }),
      );
    } finally {
      await webhook.stop();
    }
  });

  test('before a secret is set nobody is let in, and the log says what to do', async () => {
    const stack = await makeStack();
    const webhook = await stack.start('webhook');
    try {
      expect((await post(webhook, UPDATES.message, UNSET)).statusCode).toBe(503);
      expect((await post(webhook, UPDATES.message, '')).statusCode).toBe(503);
      expect(webhook.output()).toContain(
        `No webhook secret is set in ${stack.names.secret}. Run: chatbot webhook set`,
      );
      // Once it is set, the running function takes it.
      const bot = { id: OUR_BOT.id, username: OUR_BOT.username };
      await setParameter(stack.names.secret, JSON.stringify({ current: SECRET, bot }));
      expect((await post(webhook, UPDATES.message)).statusCode).toBe(200);
    } finally {
      await webhook.stop();
    }
  });

  test('a tap is answered with the token, which is read only then', async () => {
    const stack = await makeStack();
    await setParameter(stack.names.secret, JSON.stringify({ current: SECRET }));
    const webhook = await stack.start('webhook');
    try {
      expect((await post(webhook, UPDATES.callback_query)).statusCode).toBe(200);
      expect(metricsOf(webhook)).toMatchObject({ [METRICS.webhook.tapsUnanswered]: 1 });
      expect(webhook.output()).toContain(`No bot token is set in ${stack.names.token}.`);
      await setParameter(stack.names.token, TOKEN);
      botApi.requests.length = 0;
      const tap = { ...UPDATES.callback_query, update_id: UPDATES.callback_query.update_id + 1 };
      expect((await post(webhook, tap)).statusCode).toBe(200);
      expect(botApi.requests).toEqual([
        {
          token: TOKEN,
          method: 'answerCallbackQuery',
          params: { callback_query_id: UPDATES.callback_query.callback_query.id },
        },
      ]);
      expect(webhook.output()).not.toContain(TOKEN);
    } finally {
      await webhook.stop();
    }
  });

  test('a lake of another zone is refused, and Telegram keeps the update', async () => {
    const stack = await makeStack({ zone: 'UTC' });
    await setParameter(stack.names.secret, JSON.stringify({ current: SECRET }));
    await stack.raw.put(LAKE_KEY, Buffer.from('{"v":1,"zone":"America/Sao_Paulo"}'));
    const webhook = await stack.start('webhook');
    try {
      expect((await post(webhook, UPDATES.message)).statusCode).toBe(503);
      expect(metricsOf(webhook)).toEqual({ [METRICS.webhook.failed]: 1 });
      expect(webhook.output()).toContain('set zone to America/Sao_Paulo');
    } finally {
      await webhook.stop();
    }
  });

  test('the ETL makes the Parquet file of what the webhook stored', async () => {
    const stack = await makeStack();
    await setParameter(stack.names.secret, JSON.stringify({ current: SECRET }));
    const webhook = await stack.start('webhook');
    for (const update of Object.values(UPDATES)) await post(webhook, update);
    await webhook.stop();
    const keys = await keysOf(stack.raw);
    expect(keys).toHaveLength(Object.keys(UPDATES).length);
    const ofTheDay = keys.filter((key) => key.includes(`=${DAY}/`));
    expect(ofTheDay.length).toBeGreaterThan(5);

    const etl = await stack.start('etl');
    try {
      await etl.invoke({ from: '2026-01-14', to: '2026-01-16' });
      const rows = await readRows(await readBytes(stack.enriched, parquetKey(DAY)));
      expect(rows).toHaveLength(ofTheDay.length);
      const { daysWritten, rowsWritten } = METRICS.etl;
      expect(metricsOf(etl)).toEqual({
        [daysWritten]: 1,
        [rowsWritten]: rows.length,
      });
      const again = (await etl.invoke({ date: DAY })) as { runs: { status: string }[] };
      expect(again.runs).toMatchObject([{ status: 'unchanged' }]);
      await expect(etl.invoke({ day: DAY })).rejects.toThrow(/The event is none of these/);
      expect(etl.output()).not.toContain(UPDATES.message.message.text);
    } finally {
      await etl.stop();
    }
  });

  /** Athena's answer to an analysis: its columns, and rows where the test has some. */
  function answerOf(
    sql: string,
    rows: Readonly<Record<string, readonly (readonly (string | null)[])[]>>,
  ): ScriptedQuery {
    const { title, columns } = parseAnalysis('asked.sql', sql);
    return {
      looks: [{ state: 'SUCCEEDED', bytes: 0 }],
      columns: columns.map(({ name, type }) => [name, type]),
      rows: rows[title.en] ?? [],
    };
  }

  test('the report answers the owner’s wish, and tells of the day, each once', async () => {
    const owner = UPDATES.message.message.chat.id;
    const stack = await makeStack({
      ownerChat: owner,
      bot: { id: OUR_BOT.id, username: OUR_BOT.username },
    });
    await setParameter(stack.names.secret, JSON.stringify({ current: SECRET }));
    await setParameter(stack.names.token, TOKEN);
    athena.script = (sql) =>
      answerOf(sql, {
        Overview: [['85', '30', '80', '0.75', '0.0625', '0.04', '0.08']],
        'Messages per day': [['2026-01-15', '85']],
        'Top topics': [['pix', '4', '0.05', '3']],
      });
    const { message, update_id } = UPDATES.message;
    const entities = [{ type: 'bot_command', offset: 0, length: 7 }];
    const wish = { update_id, message: { ...message, text: '/report', entities } };
    const webhook = await stack.start('webhook');
    expect(JSON.parse((await post(webhook, wish)).body)).toMatchObject({
      text: expect.stringMatching(/Estou preparando/),
    });
    await webhook.stop();

    const report = await stack.start('report');
    try {
      botApi.requests.length = 0;
      const key = `state/reports/${update_id}.json`;
      const event = { Records: [{ s3: { object: { key: encodeURIComponent(key) } } }] };
      expect(await report.invoke(event)).toEqual({ digests: [], reports: [key] });
      expect(await report.invoke(event)).toEqual({ digests: [], reports: [] });
      expect(await report.invoke({ time: '2026-01-16T11:00:00Z' })).toEqual({
        digests: ['2026-01-15'],
        reports: [],
      });
      expect(botApi.requests).toEqual([
        {
          token: TOKEN,
          method: 'sendDocument',
          params: {
            chat_id: String(owner),
            caption: expect.stringMatching(/^Relatório, /),
            document: {
              name: expect.stringMatching(/^report-.*\.html$/),
              type: 'text/html',
              text: expect.stringMatching(/^<!doctype html>[^]*<svg /),
            },
          },
        },
        {
          token: TOKEN,
          method: 'sendDocument',
          params: {
            chat_id: String(owner),
            caption: expect.stringMatching(
              /^@loja_da_maria_bot: qui\., 15 de jan\. de 2026\s+Mensagens: 85[^]*1\. Pix: 4/,
            ),
            document: expect.objectContaining({ name: 'report-2025-12-26-2026-01-15.html' }),
          },
        },
      ]);
      const kept: string[] = [];
      for await (const { key: name } of stack.results.list('reports/')) kept.push(name);
      expect(kept).toContain('reports/report-2025-12-26-2026-01-15.html');
      const { reportsSent, digestsSent } = METRICS.report;
      expect(metricsOf(report)).toEqual({ [reportsSent]: 1, [digestsSent]: 1 });
      expect(report.output()).not.toContain(TOKEN);
      const started = athena.calls.filter(({ action }) => action === 'StartQueryExecution');
      expect(started[0]?.body).toMatchObject({
        WorkGroup: `chatbot-s${stacks}`,
        QueryExecutionContext: { Database: `chatbot_s${stacks}` },
      });

      // What fails is thrown, counted, and leaves nothing in the way of the next try.
      athena.refusals.set('StartQueryExecution', {
        type: 'TooManyRequestsException',
        message: 'Rate exceeded',
      });
      await expect(report.invoke({ date: '2026-01-14' })).rejects.toThrow();
      athena.refusals.clear();
      expect(await report.invoke({ date: '2026-01-14' })).toMatchObject({
        digests: ['2026-01-14'],
      });
      expect(metricsOf(report)).toMatchObject({ [METRICS.report.failed]: 1 });
    } finally {
      await report.stop();
    }
  });

  test('a function without its environment names what is missing', async () => {
    const start = runBundle(zips.get('etl') ?? '', join(folder.path, 'bare'), {});
    await expect(start).rejects.toThrow(/The variable CHATBOT_CONFIG is not set/);
  });
});
