import { readFile } from 'node:fs/promises';

import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { bundleFunction } from '../../scripts/bundle.ts';
import { parseAnalysis } from '../../src/analytics/analyses.ts';
import { requestReport } from '../../src/lake/reportRequest.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { updateFacts } from '../../src/telegram/updateFacts.ts';
import { type AthenaServer, startAthena } from '../support/athenaServer.ts';
import { requirement } from '../support/requirement.ts';
import { type BotApiServer, startBotApi } from '../support/scriptedBotApi.ts';
import { type Synthesized, resource, synthStack } from '../support/stacks.ts';
import { UPDATES } from '../support/updates/fixtures.ts';
import { waitFor } from '../support/waitFor.ts';

/*
 * Whether S3's notification of a wish really starts the function, as the stack sets it up. Athena is a
 * stand-in: the emulator's is DuckDB, which does not know all of Trino's functions.
 */

const python = findPython('ministack');
const describeWithMiniStack = requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON);

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';
const OWNER = UPDATES.message.message.chat.id;

describeWithMiniStack('a wish for a report', () => {
  let miniStack: Emulator;
  let botApi: BotApiServer;
  let athena: AthenaServer;
  let s3: S3Client;
  let stack: Synthesized;
  let raw: S3Store;
  let results: S3Store;

  beforeAll(async () => {
    stack = await synthStack({
      ownerChat: OWNER,
      encryption: 's3',
      bot: { id: 1, username: 'loja_bot' },
    });
    botApi = await startBotApi(() => ({ result: true }));
    athena = await startAthena();
    athena.script = (sql) => {
      const { columns } = parseAnalysis('asked.sql', sql);
      return {
        looks: [{ state: 'SUCCEEDED', bytes: 0 }],
        columns: columns.map(({ name, type }) => [name, type]),
        rows: [],
      };
    };
    miniStack = await startMiniStack(python ?? '', {
      functionEnv: { CHATBOT_TELEGRAM_API: botApi.url, AWS_ENDPOINT_URL_ATHENA: athena.url },
    });
    s3 = s3ClientOf(miniStack);
    const settings = clientSettingsOf(miniStack);
    const [ssm, lambda] = [new SSMClient(settings), new LambdaClient(settings)];
    try {
      const made = resource(stack, 'aws_lambda_function', 'report_function_function') as {
        function_name: string;
        handler: string;
        runtime: 'nodejs22.x';
        timeout: number;
        environment: { variables: Record<string, string> };
      };
      const { variables } = made.environment;
      const bucketOf = (name: string) => variables[name] ?? '';
      const rawBucket = bucketOf('CHATBOT_RAW_BUCKET');
      const resultsBucket = bucketOf('CHATBOT_RESULTS_BUCKET');
      for (const Bucket of [rawBucket, resultsBucket]) {
        await s3.send(new CreateBucketCommand({ Bucket }));
      }
      raw = new S3Store({ client: s3, bucket: rawBucket });
      results = new S3Store({ client: s3, bucket: resultsBucket });
      await ssm.send(
        new PutParameterCommand({
          Name: bucketOf('CHATBOT_TOKEN_PARAMETER'),
          Value: TOKEN,
          Type: 'SecureString',
        }),
      );
      const { FunctionArn } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: made.function_name,
          Runtime: made.runtime,
          Handler: made.handler,
          Timeout: made.timeout,
          Role: 'arn:aws:iam::000000000000:role/any',
          Environment: { Variables: variables },
          Code: { ZipFile: await readFile((await bundleFunction('report')).zip) },
        }),
      );
      await lambda.send(
        new AddPermissionCommand({
          FunctionName: made.function_name,
          StatementId: 'wishes',
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
        }),
      );
      const { lambda_function: waits } = resource(
        stack,
        'aws_s3_bucket_notification',
        'report_wishes',
      ) as {
        lambda_function: {
          events: 's3:ObjectCreated:*'[];
          filter_prefix: string;
          filter_suffix: string;
        }[];
      };
      await s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: rawBucket,
          NotificationConfiguration: {
            LambdaFunctionConfigurations: waits.map((wait) => ({
              LambdaFunctionArn: FunctionArn,
              Events: wait.events,
              Filter: {
                Key: {
                  FilterRules: [
                    { Name: 'prefix', Value: wait.filter_prefix },
                    { Name: 'suffix', Value: wait.filter_suffix },
                  ],
                },
              },
            })),
          },
        }),
      );
    } finally {
      ssm.destroy();
      lambda.destroy();
    }
  });

  afterAll(async () => {
    s3.destroy();
    await athena.stop();
    await botApi.stop();
    await miniStack.stop();
  });

  test('starts the function by its coming; what the function writes starts nothing', async () => {
    const facts = updateFacts(UPDATES.message);
    await requestReport(raw, { facts, threadId: null, at: Date.now() });
    // Of other objects it hears nothing.
    await raw.put('telegram/context_date=2026-01-15/1.json', Buffer.from('{}'));
    await waitFor('the report', () => botApi.requests.length > 0);
    expect(botApi.requests).toMatchObject([
      { token: TOKEN, method: 'sendDocument', params: { chat_id: String(OWNER) } },
    ]);
    const asked = athena.calls.length;
    const kept: string[] = [];
    for await (const { key } of results.list('')) kept.push(key);
    expect(kept).toEqual([expect.stringMatching(/^reports\/report-.*\.html$/)]);
    await waitFor('the marker', async () => {
      for await (const { key } of raw.list('state/sent/')) {
        return key === `state/sent/${UPDATES.message.update_id}.json`;
      }
      return false;
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(athena.calls).toHaveLength(asked);
    expect(botApi.requests).toHaveLength(1);
  });
});
