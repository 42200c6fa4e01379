import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';

import { OLD_SECONDS } from '../src/config/buffer.ts';
import type { Config } from '../src/config/config.ts';
import { METRICS, type Service, metricDimensions } from '../src/config/metrics.ts';
import type { Analysis } from './analysis.ts';
import { skipChecks } from './checkov.ts';
import type { Etl } from './etl.ts';
import type { ChatbotFunction } from './function.ts';
import type { Lake } from './lake.ts';
import { arn, prefixOf } from './names.ts';
import { allow, denyWithoutTls, policyDocument } from './policy.ts';
import type { Report } from './report.ts';
import type { Shards } from './shards.ts';
import type { Webhook } from './webhook.ts';
import type { Writer } from './writer.ts';

/** What the operations watch. */
export interface OperationsProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly webhook: Webhook;
  /** null where updates are written directly. */
  readonly writer: Writer | null;
  readonly etl: Etl;
  readonly shards: Shards;
  readonly analysis: Analysis;
  /** null where there is no owner to send reports to. */
  readonly report: Report | null;
}

/** A CloudWatch metric. */
interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** When somebody is told. */
interface Alarm {
  readonly id: string;
  /** What happened and what to do. */
  readonly description: string;
  readonly metric: Metric;
  /** Seconds that are summed up. */
  readonly period: number;
  /** So many of them, one after the other; one unless told. */
  readonly periods?: number;
  readonly statistic?: 'Maximum' | 'Sum';
  /** Goes off at one and more (or `threshold`), or at none. */
  readonly when: 'any' | 'none';
  readonly threshold?: number;
}

/** A graph of the dashboard. */
type Graph = readonly [title: string, statistic: string, metrics: readonly Metric[]];

const FIVE_MINUTES = 300;
const HOUR = 3600;

/** Hours: one day and a bit, since no two runs are exactly a day apart. */
const MISSING_AFTER = 26;

/** Alarms, the topic that tells of them, and one dashboard. */
export class Operations extends Construct {
  readonly dashboardUrl: string;
  readonly #props: OperationsProps;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    this.#props = props;
    const { config } = props;
    const topicArn = this.#addTopic();
    for (const alarm of this.#alarms()) {
      const name = `${prefixOf(config)}-${alarm.id.replaceAll('_', '-')}`;
      new CloudwatchMetricAlarm(this, alarm.id, {
        alarmName: name,
        alarmDescription: alarm.description,
        namespace: alarm.metric.namespace,
        metricName: alarm.metric.name,
        dimensions: { ...alarm.metric.dimensions },
        statistic: alarm.statistic ?? 'Sum',
        period: alarm.period,
        evaluationPeriods: alarm.periods ?? 1,
        comparisonOperator:
          alarm.when === 'any' ? 'GreaterThanOrEqualToThreshold' : 'LessThanThreshold',
        threshold: alarm.threshold ?? 1,
        treatMissingData: alarm.when === 'any' ? 'notBreaching' : 'breaching',
        alarmActions: [topicArn],
        okActions: [topicArn],
      });
    }
    const name = prefixOf(config);
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ widgets: this.#widgets() }),
    });
    this.dashboardUrl = `https://${config.region}.console.aws.amazon.com/cloudwatch/home?region=${config.region}#dashboards/dashboard/${name}`;
  }

  #addTopic(): string {
    const { config, lake } = this.#props;
    const name = `${prefixOf(config)}-alarms`;
    const topic = new SnsTopic(this, 'topic', {
      name,
      displayName: `Alarms of ${prefixOf(config)}`,
      ...(lake.key && { kmsMasterKeyId: lake.key.arn }),
      tags: { purpose: 'Tells people of alarms' },
    });
    if (lake.key === null) {
      skipChecks(topic, {
        CKV_AWS_26: "CloudWatch cannot use SNS's own key, and the configuration saves another one.",
      });
    }
    const topicArn = arn(config, 'sns', name);
    new SnsTopicPolicy(this, 'topic_policy', {
      arn: topic.arn,
      policy: policyDocument([
        denyWithoutTls('sns:Publish', [topicArn]),
        {
          ...allow('AlarmsOfTheAccount', ['sns:Publish'], [topicArn], {
            StringEquals: { 'aws:SourceAccount': config.account },
          }),
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        },
      ]),
    });
    if (config.alarmEmail !== undefined) {
      new SnsTopicSubscription(this, 'email', {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: config.alarmEmail,
      });
    }
    return topic.arn;
  }

  #own<S extends Service>(
    service: S,
    name: (typeof METRICS)[S][keyof (typeof METRICS)[S]],
  ): Metric {
    const { project, stage } = this.#props.config;
    return {
      namespace: project,
      name: name as string,
      dimensions: metricDimensions(service, stage),
    };
  }

  #lambda(of: 'etl' | 'webhook', name: string): Metric {
    return this.#metricOf(this.#props[of].function, name);
  }

  #metricOf({ functionName }: ChatbotFunction, name: string): Metric {
    return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } };
  }

  #api(name: string): Metric {
    const { apiName, stageName } = this.#props.webhook;
    return {
      namespace: 'AWS/ApiGateway',
      name,
      dimensions: { ApiName: apiName, Stage: stageName },
    };
  }

  #queue(QueueName: string, name = 'ApproximateNumberOfMessagesVisible'): Metric {
    return { namespace: 'AWS/SQS', name, dimensions: { QueueName } };
  }

  #alarms(): Alarm[] {
    const log = (of: 'etl' | 'webhook') => `Look into ${this.#props[of].function.logGroupName}`;
    return [
      {
        id: 'webhook_errors',
        // What the function throws, runs out of time on, or could not store, all of it is a 5xx there.
        description: `The webhook failed or could not store updates; Telegram repeats them for a day. ${log('webhook')}`,
        metric: this.#api('5XXError'),
        period: FIVE_MINUTES,
        when: 'any',
      },
      {
        id: 'webhook_rejected',
        description: `The webhook got what is no update; it lies under rejected/ in the raw bucket. ${log('webhook')}`,
        metric: this.#own('webhook', METRICS.webhook.rejected),
        period: FIVE_MINUTES,
        when: 'any',
      },
      {
        id: 'etl_failed',
        // Not its errors: most are mended by trying again, and what is not becomes a dead letter.
        description: `A run of the ETL failed for good, and its event could not be put into the queue ${this.#props.etl.deadLetterQueueName} either. Find its days in the log and run them by hand. ${log('etl')}`,
        metric: this.#lambda('etl', 'DestinationDeliveryFailures'),
        period: FIVE_MINUTES,
        when: 'any',
      },
      {
        id: 'etl_missing',
        description:
          `The ETL did not run for ${MISSING_AFTER} hours (before its first run this is so, too). Look at the rule, ` +
          'and run the days by hand: each run does the two days before it.',
        metric: this.#lambda('etl', 'Invocations'),
        period: HOUR,
        periods: MISSING_AFTER,
        when: 'none',
      },
      {
        id: 'etl_rejected',
        description: `Raw objects could not be read; they lie under rejected/ in the raw bucket. Mend and replay them. ${log('etl')}`,
        metric: this.#own('etl', METRICS.etl.rejected),
        period: FIVE_MINUTES,
        when: 'any',
      },
      {
        id: 'dead_letters',
        description: `A run failed for good; its event lies in the queue ${this.#props.etl.deadLetterQueueName}. Run its days by hand, then delete it.`,
        metric: this.#queue(this.#props.etl.deadLetterQueueName),
        period: FIVE_MINUTES,
        statistic: 'Maximum',
        when: 'any',
      },
      ...this.#writerAlarms(),
      {
        id: 'shards_failed',
        description:
          'A day that is too large for one function was not written, though each step was tried again; ' +
          `the next daily run tries the last two days once more, others are run by hand. Look into ${this.#props.shards.logGroupName} and ${this.#props.etl.function.logGroupName}`,
        metric: {
          namespace: 'AWS/States',
          name: 'ExecutionsFailed',
          dimensions: { StateMachineArn: this.#props.shards.arn },
        },
        period: FIVE_MINUTES,
        when: 'any',
      },
      ...this.#reportAlarms(),
    ];
  }

  #writerAlarms(): Alarm[] {
    const { writer } = this.#props;
    if (writer === null) return [];
    return [
      {
        id: 'updates_old',
        description: `Updates wait in the queue ${writer.queueName} for more than ${OLD_SECONDS / 60} minutes: the writer fails, or is too slow. They are kept for 14 days. Look into ${writer.function.logGroupName}`,
        metric: this.#queue(writer.queueName, 'ApproximateAgeOfOldestMessage'),
        period: FIVE_MINUTES,
        statistic: 'Maximum',
        when: 'any',
        threshold: OLD_SECONDS,
      },
      {
        id: 'updates_dead_letters',
        description: `Updates could not be written; they lie in the queue ${writer.deadLetterQueueName} for 14 days since they came. docs/ingestion.md says how to look at them and how to have them written. Look into ${writer.function.logGroupName}`,
        metric: this.#queue(writer.deadLetterQueueName),
        period: FIVE_MINUTES,
        statistic: 'Maximum',
        when: 'any',
      },
    ];
  }

  #reportAlarms(): Alarm[] {
    const { report } = this.#props;
    if (report === null) return [];
    return [
      {
        id: 'report_failed',
        description: `The owner's digest or report was not sent, or nobody knows; it is tried again twice, and never sent twice. Look into ${report.function.logGroupName}; docs/report.md says how to send it again.`,
        metric: this.#metricOf(report.function, 'Errors'),
        period: FIVE_MINUTES,
        when: 'any',
      },
    ];
  }

  #writerGraphs(): Graph[] {
    const { writer } = this.#props;
    if (writer === null) return [];
    const { queueName, deadLetterQueueName } = writer;
    return [
      [
        'Updates: queued, and written or set aside',
        'Sum',
        [
          ...['NumberOfMessagesSent', 'NumberOfMessagesDeleted'].map((name) =>
            this.#queue(queueName, name),
          ),
          this.#own('webhook', METRICS.webhook.bufferFailed),
          this.#own('writer', METRICS.writer.failed),
        ],
      ],
      [
        'Updates: waiting, and set aside',
        'Maximum',
        [queueName, deadLetterQueueName].map((name) => this.#queue(name)),
      ],
      [
        'Updates: the oldest waits for (s)',
        'Maximum',
        [this.#queue(queueName, 'ApproximateAgeOfOldestMessage')],
      ],
    ];
  }

  #widgets(): unknown[] {
    const { webhook, etl, report } = METRICS;
    const graphs: readonly Graph[] = [
      [
        'Updates',
        'Sum',
        [
          this.#api('Count'),
          ...[webhook.duplicate, webhook.dropped, webhook.rejected].map((name) =>
            this.#own('webhook', name),
          ),
        ],
      ],
      [
        'Webhook: refused and failed',
        'Sum',
        [
          ...['4XXError', '5XXError'].map((name) => this.#api(name)),
          ...[webhook.unauthorized, webhook.failed, webhook.tapsUnanswered].map((name) =>
            this.#own('webhook', name),
          ),
        ],
      ],
      [
        'Webhook: 95 % answered within (ms)',
        'p95',
        [this.#api('Latency'), this.#lambda('webhook', 'Duration')],
      ],
      [
        'ETL: days and rows',
        'Sum',
        [etl.daysWritten, etl.rowsWritten, etl.rejected, etl.daysFailed].map((name) =>
          this.#own('etl', name),
        ),
      ],
      ['ETL: longest run (ms)', 'Maximum', [this.#lambda('etl', 'Duration')]],
      ...this.#writerGraphs(),
      ...(this.#props.report === null
        ? []
        : [
            [
              'Digests and reports',
              'Sum',
              [report.digestsSent, report.reportsSent, report.failed, report.analysesFailed].map(
                (name) => this.#own('report', name),
              ),
            ] as const,
          ]),
      [
        'Athena: bytes scanned',
        'Sum',
        [
          {
            namespace: 'AWS/Athena',
            name: 'ProcessedBytes',
            dimensions: {
              WorkGroup: this.#props.analysis.workgroupName,
              QueryState: 'SUCCEEDED',
              QueryType: 'DML',
            },
          },
        ],
      ],
    ];
    const width = 8;
    const height = 6;
    return graphs.map(([title, stat, metrics], index) => ({
      type: 'metric',
      x: (index % 3) * width,
      y: Math.floor(index / 3) * height,
      width,
      height,
      properties: {
        title,
        region: this.#props.config.region,
        stat,
        period: stat === 'Sum' ? HOUR : FIVE_MINUTES,
        metrics: metrics.map(({ namespace, name, dimensions }) => [
          namespace,
          name,
          ...Object.entries(dimensions).flat(),
        ]),
      },
    }));
  }
}
