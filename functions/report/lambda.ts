import { readFileSync } from 'node:fs';
import process from 'node:process';

import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';

import { parseAnalysis } from '../../src/analytics/analyses.ts';
import { athenaEngine } from '../../src/analytics/athenaEngine.ts';
import { FOREVER, cached } from '../../src/aws/cached.ts';
import { clientSettings } from '../../src/aws/clientSettings.ts';
import { readFunctionEnvironment, requireVariable } from '../../src/aws/functionEnvironment.ts';
import { mapStacks } from '../../src/aws/mapStacks.ts';
import { ssmParameters } from '../../src/aws/parameters.ts';
import { createTelemetry } from '../../src/aws/telemetry.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { createReporter } from '../../src/report/reporter.ts';
import { type TopicTitles, titleFinder } from '../../src/report/topicTitles.ts';
import { BotApi } from '../../src/telegram/botApi.ts';
import { createReportHandler, type ReportResult } from './handler.ts';
import { createReportObserver } from './observe.ts';

/*
 * The report as Lambda runs it: environment, clients and analyses at module scope, so that they are
 * made once, while the function starts. What it does is in handler.ts, which needs no AWS.
 */

/** Minutes that a result of Athena may be old: a try after a failed one costs nothing. */
const REUSE_MINUTES = 60;

mapStacks(import.meta.url);

const { config, rawBucket } = readFunctionEnvironment(process.env);
const { ownerChat } = config;
const tokenName = requireVariable(process.env, 'CHATBOT_TOKEN_PARAMETER');
const region = requireVariable(process.env, 'AWS_REGION');

/** What lies beside the code, as scripts/bundle.ts puts it there. */
function bundled(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

const analyses = Object.entries(bundled('analyses.json') as Readonly<Record<string, string>>)
  .map(([file, sql]) => parseAnalysis(file, sql))
  .sort((a, b) => a.order - b.order);
const engine = athenaEngine({
  client: new AthenaClient(clientSettings(10_000)),
  names: {
    workgroup: requireVariable(process.env, 'CHATBOT_WORKGROUP'),
    database: requireVariable(process.env, 'CHATBOT_DATABASE'),
  },
  region,
  analyses,
  reuseMinutes: REUSE_MINUTES,
});
const client = new S3Client(clientSettings(10_000));
const raw = new S3Store({ client, bucket: rawBucket });
const results = new S3Store({
  client,
  bucket: requireVariable(process.env, 'CHATBOT_RESULTS_BUCKET'),
});
const { get: read } = ssmParameters(new SSMClient(clientSettings(5_000)));
const telemetry = createTelemetry('report', config.stage);

/** Read anew for each event: a token is replaced now and then, and events are few. */
async function botApi(): Promise<BotApi> {
  const token = await read(tokenName);
  if (token === null)
    throw new Error(`No bot token is set in ${tokenName}. Run: chatbot webhook set`);
  return new BotApi({ token, baseUrl: process.env['CHATBOT_TELEGRAM_API'] });
}

const username = cached(
  async () => config.bot?.username ?? (await (await botApi()).getMe()).username,
  FOREVER,
);

const handle = createReportHandler({
  zone: config.zone,
  observe: createReportObserver(telemetry),
  reporter: async () => {
    if (ownerChat === undefined) {
      throw new Error('No ownerChat is set: there is nobody to send reports to.');
    }
    return createReporter({
      engine,
      raw,
      zone: config.zone,
      language: config.language,
      subject: `@${await username.get()}`,
      ownerChat,
      topicTitle: titleFinder(bundled('topics.json') as TopicTitles),
      api: botApi,
      now: Date.now,
      keep: async ({ fileName, html }) => {
        await results.put(`reports/${fileName}`, Buffer.from(html));
      },
      onRetry: (error, waitMs) => {
        telemetry.logger.warn('Not sent yet', { error, waitMs });
      },
    });
  },
});

/** Takes EventBridge's event, S3's, or a day by hand, see createReportHandler. */
export async function handler(
  event: unknown,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<ReportResult> {
  try {
    return await handle(event, awsRequestId);
  } finally {
    telemetry.flush();
  }
}
