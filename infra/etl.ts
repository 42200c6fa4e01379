import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { LAKE_KEY, STAGING_PREFIX } from '../src/lake/keys.ts';
import { ChatbotFunction, type FunctionCode } from './function.ts';
import type { Lake } from './lake.ts';
import { arn, prefixOf } from './names.ts';
import { allow, denyWithoutTls, policyDocument } from './policy.ts';
import { dailySchedule } from './schedule.ts';
import { shardsArn } from './shards.ts';

/** What the ETL is made of. */
export interface EtlProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly code: FunctionCode;
}

/** Tries again after the first, and seconds after which an event is given up. */
const RETRIES = { count: 2, age: 6 * 60 * 60 };

/** Seconds that a dead letter waits to be looked at: the longest that SQS can. */
const DEAD_LETTER_RETENTION = 14 * 24 * 60 * 60;

/** The daily run: rule, function, and the queue of runs that failed for good. */
export class Etl extends Construct {
  readonly function: ChatbotFunction;
  readonly deadLetterQueueName: string;

  constructor(scope: Construct, id: string, { config, lake, code }: EtlProps) {
    super(scope, id);
    const ruleName = `${prefixOf(config)}-daily`;
    const ruleArn = arn(config, 'events', `rule/${ruleName}`);
    this.deadLetterQueueName = `${prefixOf(config)}-dead-letters`;
    const queueArn = arn(config, 'sqs', this.deadLetterQueueName);

    const queue = new SqsQueue(this, 'dead_letters', {
      name: this.deadLetterQueueName,
      messageRetentionSeconds: DEAD_LETTER_RETENTION,
      ...(lake.key ? { kmsMasterKeyId: lake.key.arn } : { sqsManagedSseEnabled: true }),
      tags: { purpose: 'Runs of the ETL that failed for good' },
    });
    const queuePolicy = new SqsQueuePolicy(this, 'dead_letters_policy', {
      queueUrl: queue.url,
      policy: policyDocument([
        denyWithoutTls('sqs:*', [queueArn]),
        {
          ...allow('DeadLettersOfTheRule', ['sqs:SendMessage'], [queueArn], {
            ArnEquals: { 'aws:SourceArn': ruleArn },
          }),
          Principal: { Service: 'events.amazonaws.com' },
        },
      ]),
    });

    this.function = this.#addFunction(config, lake, code, queueArn);
    // EventBridge hands events over and is done: what the function throws is the function's affair.
    new LambdaFunctionEventInvokeConfig(this, 'retries', {
      functionName: this.function.name,
      maximumRetryAttempts: RETRIES.count,
      maximumEventAgeInSeconds: RETRIES.age,
      destinationConfig: { onFailure: { destination: queue.arn } },
    });

    const rule = new CloudwatchEventRule(this, 'rule', {
      name: ruleName,
      description:
        config.schedule === undefined
          ? `Runs the ETL every day after ${config.dailyRunHour}:00 in ${config.zone}; UTC knows no summer time`
          : 'Runs the ETL by the schedule of the configuration',
      scheduleExpression: config.schedule ?? dailySchedule(config.zone, config.dailyRunHour),
    });
    new LambdaPermission(this, 'permission', {
      statementId: 'rule',
      action: 'lambda:InvokeFunction',
      functionName: this.function.name,
      principal: 'events.amazonaws.com',
      sourceArn: ruleArn,
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      targetId: 'etl',
      arn: this.function.arn,
      retryPolicy: { maximumRetryAttempts: RETRIES.count, maximumEventAgeInSeconds: RETRIES.age },
      deadLetterConfig: { arn: queue.arn },
      dependsOn: [queuePolicy],
    });
  }

  #addFunction(config: Config, lake: Lake, code: FunctionCode, queueArn: string): ChatbotFunction {
    const { raw, enriched } = lake;
    return new ChatbotFunction(this, 'function', {
      config,
      lake,
      code,
      service: 'etl',
      description:
        'Writes one Parquet file per day from what the webhook stored, or its share of one',
      // Days stream through in less than 512 MB; with this much comes one processor and a sixth.
      memory: 2048,
      timeout: 900,
      environment: { CHATBOT_STATE_MACHINE: shardsArn(config) },
      rights: [
        allow(
          'ReadRaw',
          ['s3:GetObject'],
          [`${raw.arn}/telegram/*`, `${raw.arn}/rejected/*`, `${raw.arn}/${LAKE_KEY}`],
        ),
        allow('KeepRejected', ['s3:DeleteObject', 's3:PutObject'], [`${raw.arn}/rejected/*`]),
        allow('MakeTheLake', ['s3:PutObject'], [`${raw.arn}/${LAKE_KEY}`]),
        allow(
          'ReplaceDays',
          ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
          [`${enriched.arn}/telegram/*`, `${enriched.arn}/${STAGING_PREFIX}*`],
        ),
        allow('StartShards', ['states:StartExecution'], [shardsArn(config)]),
        allow(
          // A day without rows is recorded once: its last run is read to see whether anything is new.
          'RecordRuns',
          ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          [`${enriched.arn}/runs/*`],
        ),
        // Also, without it S3 answers 403 instead of 404 for what is not there.
        allow('ListDays', ['s3:ListBucket'], [raw.arn, enriched.arn]),
        allow('SendDeadLetters', ['sqs:SendMessage'], [queueArn]),
      ],
      skips: {
        CKV_AWS_116: 'A destination on failure takes its place: it also tells what went wrong.',
      },
    });
  }
}
