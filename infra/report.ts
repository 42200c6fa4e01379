import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { Construct } from 'constructs';

import { athenaNames } from '../src/config/athenaNames.ts';
import type { Config } from '../src/config/config.ts';
import { parameterNames } from '../src/config/parameters.ts';
import { DIGEST_MARKERS, REPORT_MARKERS, REPORT_REQUESTS } from '../src/lake/keys.ts';
import type { Catalog } from './catalog.ts';
import { ChatbotFunction, type FunctionCode } from './function.ts';
import type { Lake } from './lake.ts';
import { arn, prefixOf } from './names.ts';
import { type Statement, allow } from './policy.ts';
import { dailySchedule } from './schedule.ts';

/** What the owner's reports are made of. */
export interface ReportProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly catalog: Catalog;
  readonly code: FunctionCode;
}

/** Tries again after the first, and seconds after which an event is given up: by then it is no news. */
const RETRIES = { count: 2, age: 60 * 60 };

/** What the owner is sent: the function, started by wishes and, where a digest is wanted, by a rule. */
export class Report extends Construct {
  readonly function: ChatbotFunction;

  constructor(scope: Construct, id: string, props: ReportProps) {
    super(scope, id);
    const { config, lake } = props;
    this.function = this.#addFunction(props);
    new LambdaFunctionEventInvokeConfig(this, 'retries', {
      functionName: this.function.name,
      maximumRetryAttempts: RETRIES.count,
      maximumEventAgeInSeconds: RETRIES.age,
    });
    this.#startByWishes(config, lake);
    if (config.digestHour !== undefined) this.#startDaily(config, config.digestHour);
  }

  /** The webhook writes down that the owner asked, and has answered long before the report is made. */
  #startByWishes(config: Config, lake: Lake): void {
    const permission = new LambdaPermission(this, 'wishes_permission', {
      statementId: 'wishes',
      action: 'lambda:InvokeFunction',
      functionName: this.function.name,
      principal: 's3.amazonaws.com',
      sourceArn: lake.raw.arn,
      // Names of buckets can come to belong to others.
      sourceAccount: config.account,
    });
    new S3BucketNotification(this, 'wishes', {
      bucket: lake.raw.id,
      lambdaFunction: [
        {
          lambdaFunctionArn: this.function.arn,
          events: ['s3:ObjectCreated:*'],
          filterPrefix: REPORT_REQUESTS,
          filterSuffix: '.json',
        },
      ],
      // S3 tries whether it may.
      dependsOn: [permission],
    });
  }

  #startDaily(config: Config, hour: number): void {
    const ruleName = `${prefixOf(config)}-digest`;
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: ruleName,
      description: `Sends the owner's digest every day after ${hour}:00 in ${config.zone}; UTC knows no summer time`,
      scheduleExpression: dailySchedule(config.zone, hour),
    });
    new LambdaPermission(this, 'rule_permission', {
      statementId: 'rule',
      action: 'lambda:InvokeFunction',
      functionName: this.function.name,
      principal: 'events.amazonaws.com',
      sourceArn: arn(config, 'events', `rule/${ruleName}`),
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      targetId: 'report',
      arn: this.function.arn,
      retryPolicy: { maximumRetryAttempts: RETRIES.count, maximumEventAgeInSeconds: RETRIES.age },
    });
  }

  #addFunction(props: ReportProps): ChatbotFunction {
    const { config, lake, code } = props;
    const { workgroup, database } = athenaNames(config);
    return new ChatbotFunction(this, 'function', {
      config,
      lake,
      code,
      service: 'report',
      description: 'Sends the owner digests and reports, which it asks Athena for',
      memory: 1024,
      // Thirty queries of a few seconds, four at a time; then a call of a minute at most, some times.
      timeout: 300,
      environment: {
        CHATBOT_DATABASE: database,
        CHATBOT_RESULTS_BUCKET: lake.results.bucketName,
        CHATBOT_TOKEN_PARAMETER: parameterNames(config).token,
        CHATBOT_WORKGROUP: workgroup,
      },
      rights: rightsOf(props),
      skips: {
        CKV_AWS_116: 'An alarm tells of what failed, and it can be asked for again.',
      },
    });
  }
}

/** What the function may do: ask this stage's tables, keep reports, mark what was sent. */
function rightsOf({ config, lake, catalog }: ReportProps): Statement[] {
  const { raw, enriched, results } = lake;
  const { databaseName, tableNames } = catalog;
  const markers = [DIGEST_MARKERS, REPORT_MARKERS].map((prefix) => `${raw.arn}/${prefix}*`);
  return [
    allow(
      'AskAthena',
      [
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
      ],
      [arn(config, 'athena', `workgroup/${athenaNames(config).workgroup}`)],
    ),
    allow(
      'ReadTheCatalog',
      ['glue:GetDatabase', 'glue:GetPartition', 'glue:GetPartitions', 'glue:GetTable'],
      [
        arn(config, 'glue', 'catalog'),
        arn(config, 'glue', `database/${databaseName}`),
        ...tableNames.map((table) => arn(config, 'glue', `table/${databaseName}/${table}`)),
      ],
    ),
    allow(
      'ReadDaysAndRuns',
      ['s3:GetObject'],
      [`${enriched.arn}/runs/*`, `${enriched.arn}/telegram/*`],
    ),
    allow(
      'ReadAndWriteResults',
      ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      [`${results.arn}/athena/*`],
    ),
    allow(
      'FindDaysAndResults',
      ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      [enriched.arn, results.arn],
    ),
    allow('KeepReports', ['s3:PutObject'], [`${results.arn}/reports/*`]),
    allow('ReadWishes', ['s3:GetObject'], [`${raw.arn}/${REPORT_REQUESTS}*`]),
    allow('MarkWhatWasSent', ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], markers),
    // Without it S3 answers 403 instead of 404 for what is not there.
    allow('SeeWhatIsMissing', ['s3:ListBucket'], [raw.arn]),
    allow(
      'ReadToken',
      ['ssm:GetParameter'],
      [arn(config, 'ssm', `parameter${parameterNames(config).token}`)],
    ),
  ];
}
