import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyResult } from 'aws-lambda';
import pMap from 'p-map';

import { startAthena } from '../../__tests__/support/athenaServer.ts';
import { type RunningBundle, runBundle } from '../../__tests__/support/runBundle.ts';
import { startBotApi } from '../../__tests__/support/scriptedBotApi.ts';
import { type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import type { FunctionName } from '../../scripts/budgets.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import { parseAnalysis } from '../../src/analytics/analyses.ts';
import { parameterNames } from '../../src/config/parameters.ts';
import {
  type Day,
  addToDay,
  dayOf,
  differenceInDays,
  parseDay,
  startOfDayIn,
} from '../../src/lake/days.ts';
import { rawKey } from '../../src/lake/keys.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { updates } from '../events.ts';
import { LAMBDA_NODE } from '../processes.ts';
import { envelopeAt } from '../s3/dayObjects.ts';
import { type CountingProxy, startCountingProxy } from './countingProxy.ts';

/** Requests by service and kind. */
type Requests = Readonly<Record<string, number>>;

/** What is done for an update: requests, bytes of the log and of the answer. */
interface CountedUpdate {
  readonly requests: Requests;
  readonly logBytes: number;
  readonly answerBytes: number;
}

/** What the functions were seen to do. */
export interface Counted {
  /** While the webhook starts. */
  readonly start: Requests;
  /** An update through the webhook, written directly and put on the queue. */
  readonly update: Readonly<Record<'buffered' | 'direct', CountedUpdate>>;
  /** What the writer does for a batch, and bytes of its object for each message of many. */
  readonly batch: {
    readonly requests: Requests;
    readonly logBytes: number;
    readonly messageBytes: number;
  };
  /** Of a day that is written: requests whatever its size, and for each of its objects. */
  readonly writtenDay: { readonly fixed: Requests; readonly perObject: Requests };
  /** Of a day that is as it was. */
  readonly unchangedDay: { readonly fixed: Requests; readonly perObject: Requests };
  readonly etlLogBytes: number;
  /** Names of the metrics that the ETL and the digest wrote, each in one hour of a day. */
  readonly dailyMetrics: readonly string[];
  readonly digest: {
    readonly requests: Requests;
    readonly queries: number;
    /** Days of the table that its queries name, one query after the other. */
    readonly queriedDays: number;
    readonly logBytes: number;
    readonly reportBytes: number;
  };
  /** Average sizes of a raw object, and of a row of a day's file, bytes. */
  readonly objectBytes: number;
  readonly rowBytes: number;
}

const ZONE = 'America/Sao_Paulo';
const STAGE = 'cost';
const SECRET = 'bench';
const OWNER = 5;
/** Updates that go through the webhook, and objects of the day in all for the second run. */
const UPDATES = 200;
const OBJECTS = 3_000;

/** CloudWatch adds so many bytes to each event: https://aws.amazon.com/cloudwatch/pricing/ */
export const EVENT_OVERHEAD = 26;

/** What was asked beyond what was asked the other time, for each of so many. */
function slope(more: Requests, less: Requests, count: number): Record<string, number> {
  const kinds = Object.keys({ ...more, ...less });
  return Object.fromEntries(
    kinds.map((kind) => [kind, ((more[kind] ?? 0) - (less[kind] ?? 0)) / count]),
  );
}

/** Requests as a line over the number of objects, through two runs. */
function lineThrough(
  [few, fewObjects]: readonly [Requests, number],
  [many, manyObjects]: readonly [Requests, number],
): Counted['writtenDay'] {
  const perObject = slope(many, few, manyObjects - fewObjects);
  const fixed = Object.fromEntries(
    Object.keys(perObject).map((kind) => [
      kind,
      (few[kind] ?? 0) - (perObject[kind] ?? 0) * fewObjects,
    ]),
  );
  return { fixed, perObject };
}

/** Bytes of a function's log as CloudWatch counts them. */
function logBytesOf(bundle: RunningBundle): number {
  const lines = bundle.output().split('\n').filter(Boolean);
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + EVENT_OVERHEAD, 0);
}

/** Names of the metrics that a function has written. */
function metricsOf(bundle: RunningBundle): string[] {
  return bundle.log().flatMap(({ _aws }) => {
    const embedded = _aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } | undefined;
    return (embedded?.CloudWatchMetrics ?? []).flatMap(({ Metrics }) =>
      Metrics.map(({ Name }) => Name),
    );
  });
}

/** Days from the first that a query names to the last. */
function daysOf(sql: string): number {
  const days = [...sql.matchAll(/DATE '(\d{4}-\d\d-\d\d)'/g)].map(([, day = '']) => parseDay(day));
  const [first, last] = [days.toSorted().at(0), days.toSorted().at(-1)];
  return first && last ? differenceInDays(first, last) + 1 : 0;
}

/** Ten past midnight of a day, Unix seconds. */
function startOf(day: Day): number {
  return startOfDayIn(day, ZONE) / 1000 + 600;
}

/** A stage in an emulator, whose functions run as their bundles. */
class Stage {
  readonly raw: S3Store;
  readonly enriched: S3Store;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    stores: { readonly raw: S3Store; readonly enriched: S3Store },
  ) {
    this.#folder = folder;
    this.#env = env;
    ({ raw: this.raw, enriched: this.enriched } = stores);
  }

  /**
   * Makes buckets and parameters, as Terraform does, and as `chatbot webhook set` fills them.
   *
   * @param urls.aws what the functions ask, and what is not to be counted
   */
  static async make(
    folder: string,
    urls: {
      readonly aws: string;
      readonly uncounted: string;
      readonly athena: string;
      readonly botApi: string;
    },
  ): Promise<Stage> {
    const names = parameterNames({ project: 'chatbot', stage: STAGE });
    const emulator = { endpoint: urls.uncounted };
    const client = s3ClientOf(emulator);
    const buckets = ['raw', 'enriched', 'results'].map((layer) => `chatbot-${STAGE}-${layer}`);
    for (const Bucket of buckets) await client.send(new CreateBucketCommand({ Bucket }));
    const [raw = '', enriched = '', results = ''] = buckets;
    const ssm = new SSMClient(clientSettingsOf({ endpoint: urls.uncounted }));
    const bot = { id: 7_000_000_000, username: 'bench_bot' };
    const values = {
      [names.secret]: JSON.stringify({ current: SECRET, bot }),
      [names.token]: '7000000000:AA-bench',
    };
    for (const [Name, Value] of Object.entries(values)) {
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
    }
    const env = {
      AWS_ENDPOINT_URL: urls.aws,
      AWS_ENDPOINT_URL_ATHENA: urls.athena,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      CHATBOT_CONFIG: JSON.stringify({ stage: STAGE, zone: ZONE, ownerChat: OWNER, bot }),
      CHATBOT_RAW_BUCKET: raw,
      CHATBOT_ENRICHED_BUCKET: enriched,
      CHATBOT_RESULTS_BUCKET: results,
      CHATBOT_STATE_MACHINE: `arn:aws:states:us-east-1:000000000000:stateMachine:chatbot-${STAGE}`,
      CHATBOT_WORKGROUP: `chatbot-${STAGE}`,
      CHATBOT_DATABASE: `chatbot_${STAGE}`,
      CHATBOT_SECRET_PARAMETER: names.secret,
      CHATBOT_TOKEN_PARAMETER: names.token,
      CHATBOT_TELEGRAM_API: urls.botApi,
      POWERTOOLS_METRICS_NAMESPACE: 'chatbot',
    };
    return new Stage(folder, env, {
      raw: new S3Store({ client, bucket: raw }),
      enriched: new S3Store({ client, bucket: enriched }),
    });
  }

  /** @param more variables besides those that every function gets here */
  async start(
    name: FunctionName,
    more: Readonly<Record<string, string>> = {},
  ): Promise<RunningBundle> {
    process.env['CHATBOT_NODE'] = LAMBDA_NODE.path;
    const { zip } = await bundleFunction(name);
    const env = { ...this.#env, ...more, POWERTOOLS_SERVICE_NAME: name };
    return runBundle(zip, await mkdtemp(join(this.#folder, name)), env);
  }
}

/** Updates through the webhook, one after the other. */
async function countUpdates(
  stage: Stage,
  proxy: CountingProxy,
  start: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly start: Requests; readonly update: CountedUpdate }> {
  // The very first one makes the lake.
  await (await stage.start('webhook', env)).stop();
  proxy.take();
  const webhook = await stage.start('webhook', env);
  try {
    const atStart = proxy.take();
    const before = logBytesOf(webhook);
    let answerBytes = 0;
    for (const body of updates(UPDATES, start)) {
      const answered = (await webhook.invoke({
        httpMethod: 'POST',
        path: '/telegram',
        headers: { 'X-Telegram-Bot-Api-Secret-Token': SECRET },
        body,
        isBase64Encoded: false,
      })) as APIGatewayProxyResult;
      if (answered.statusCode !== 200) throw new Error(`${answered.statusCode} was answered.`);
      answerBytes += Buffer.byteLength(answered.body);
    }
    const requests = slope(proxy.take(), {}, UPDATES);
    const logBytes = (logBytesOf(webhook) - before) / UPDATES;
    return { start: atStart, update: { requests, logBytes, answerBytes: answerBytes / UPDATES } };
  } finally {
    await webhook.stop();
  }
}

/** Updates that go through the queue, and the writer that makes one object of them all. */
async function countBuffered(
  stage: Stage,
  proxy: CountingProxy,
  emulator: Pick<Emulator, 'endpoint'>,
  start: number,
): Promise<{ readonly update: CountedUpdate; readonly batch: Counted['batch'] }> {
  const sqs = new SQSClient(clientSettingsOf(emulator));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'cost-updates' }));
  const { update } = await countUpdates(stage, proxy, start, {
    CHATBOT_QUEUE_URL: `${proxy.url}${new URL(QueueUrl).pathname}`,
  });
  const Records: unknown[] = [];
  while (Records.length < UPDATES) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) throw new Error(`${Records.length} messages are on the queue.`);
    for (const { MessageId, Body, MessageAttributes = {} } of Messages) {
      const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
        name,
        { stringValue: StringValue, dataType: 'String' },
      ]);
      const messageAttributes: unknown = Object.fromEntries(attributes);
      Records.push({ messageId: MessageId, body: Body, messageAttributes });
    }
  }
  sqs.destroy();
  const writer = await stage.start('writer');
  try {
    proxy.take();
    const failed = (await writer.invoke({ Records })) as { batchItemFailures: unknown[] };
    if (failed.batchItemFailures.length > 0) throw new Error('Messages were not written.');
    const requests = proxy.take();
    let bytes = 0;
    for await (const { key, size } of stage.raw.list('telegram/')) {
      if (key.endsWith('.ndjson.gz')) bytes += size;
    }
    return {
      update,
      batch: { requests, logBytes: logBytesOf(writer), messageBytes: bytes / UPDATES },
    };
  } finally {
    await writer.stop();
  }
}

/** The ETL over a day of few objects and of more, each written once and once as it was. */
async function countDays(
  stage: Stage,
  proxy: CountingProxy,
  day: Day,
): Promise<
  Pick<
    Counted,
    'dailyMetrics' | 'etlLogBytes' | 'objectBytes' | 'rowBytes' | 'unchangedDay' | 'writtenDay'
  >
> {
  const etl = await stage.start('etl');
  try {
    proxy.take();
    const run = async (status: string): Promise<Requests> => {
      const { runs } = (await etl.invoke({ date: day })) as { runs: { status: string }[] };
      if (runs[0]?.status !== status) throw new Error(`The day is ${runs[0]?.status ?? 'gone'}.`);
      return proxy.take();
    };
    const few = [await run('written'), await run('unchanged')] as const;
    const etlLogBytes = logBytesOf(etl) / 2;
    const more = Array.from({ length: OBJECTS - UPDATES }, (_, n) => n);
    await pMap(
      more,
      (n) => stage.raw.put(rawKey(day, 900_000_000 + n), Buffer.from(envelopeAt(n, OBJECTS))),
      { concurrency: 16 },
    );
    const many = [await run('written'), await run('unchanged')] as const;
    let [bytes, objects, fileBytes] = [0, 0, 0];
    for await (const { size } of stage.raw.list(`telegram/context_date=${day}/`)) {
      bytes += size;
      objects++;
    }
    for await (const { size } of stage.enriched.list('telegram/')) fileBytes += size;
    return {
      writtenDay: lineThrough([few[0], UPDATES], [many[0], objects]),
      unchangedDay: lineThrough([few[1], UPDATES], [many[1], objects]),
      etlLogBytes,
      dailyMetrics: [...new Set(metricsOf(etl))],
      objectBytes: bytes / objects,
      rowBytes: fileBytes / objects,
    };
  } finally {
    await etl.stop();
  }
}

/** Runs the functions' bundles over MiniStack, and counts what they ask of AWS. */
export async function count(): Promise<Counted> {
  const python = findPython('ministack');
  if (python === null) throw new Error(`MiniStack is not here. To get it: ${HOW_TO_GET_PYTHON}`);
  const folder = await mkdtemp(join(tmpdir(), 'bench-cost-'));
  const emulator = await startMiniStack(python);
  const proxy = await startCountingProxy(emulator.endpoint);
  const athena = await startAthena();
  athena.script = (sql) => ({
    looks: [{ state: 'SUCCEEDED', bytes: 0 }],
    columns: parseAnalysis('asked.sql', sql).columns.map(({ name, type }) => [name, type]),
    rows: [],
  });
  const botApi = await startBotApi(() => ({ result: true }));
  try {
    const stage = await Stage.make(folder, {
      aws: proxy.url,
      uncounted: emulator.endpoint,
      athena: athena.url,
      botApi: botApi.url,
    });
    const day = addToDay(dayOf(Date.now(), ZONE), -1);
    const direct = await countUpdates(stage, proxy, startOf(day));
    const days = await countDays(stage, proxy, day);
    const before = startOf(addToDay(day, -1));
    const buffered = await countBuffered(stage, proxy, emulator, before);
    const report = await stage.start('report');
    try {
      proxy.take();
      await report.invoke({ date: day });
      const asked = athena.calls.filter(({ action }) => action === 'StartQueryExecution');
      const [sent] = botApi.requests.filter(({ method }) => method === 'sendDocument');
      const { text } = sent?.params['document'] as { text: string };
      return {
        ...days,
        start: direct.start,
        update: { direct: direct.update, buffered: buffered.update },
        batch: buffered.batch,
        dailyMetrics: [...new Set([...days.dailyMetrics, ...metricsOf(report)])],
        digest: {
          requests: proxy.take(),
          queries: asked.length,
          queriedDays: asked.reduce(
            (sum, { body }) => sum + daysOf(String(body['QueryString'])),
            0,
          ),
          logBytes: logBytesOf(report),
          reportBytes: Buffer.byteLength(text),
        },
      };
    } finally {
      await report.stop();
    }
  } finally {
    await botApi.stop();
    await athena.stop();
    await proxy.stop();
    await emulator.stop();
    await rm(folder, { recursive: true });
  }
}
