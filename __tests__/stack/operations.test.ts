import process from 'node:process';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { createEtlObserver } from '../../functions/etl/observe.ts';
import type { EtlEvent } from '../../functions/etl/handler.ts';
import { createReportObserver } from '../../functions/report/observe.ts';
import type { WebhookEvent } from '../../functions/webhook/handler.ts';
import { createWebhookObserver } from '../../functions/webhook/observe.ts';
import type { Receipt } from '../../functions/webhook/receive.ts';
import { createWriterObserver } from '../../functions/writer/observe.ts';
import { METRICS } from '../../src/config/metrics.ts';
import {
  type Resource,
  type Synthesized,
  ofType,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let stack: Synthesized;
/** One that has an owner to send reports to. */
let owned: Synthesized;
/** One that has all there can be. */
let whole: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
  owned = await synthStack({ ownerChat: 5, digestHour: 8 });
  whole = await synthStack({ ownerChat: 5, digestHour: 8, ingest: 'buffered' });
});

const alarms = (of = stack): Readonly<Record<string, Resource>> =>
  ofType(of, 'aws_cloudwatch_metric_alarm');

/** A metric as text: namespace, name and sorted dimensions. */
function metricText(
  namespace: unknown,
  name: unknown,
  dimensions: Readonly<Record<string, unknown>>,
): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return [namespace, name, ...sorted.flat()].join(' ');
}

describe('the operations', () => {
  test('are six alarms, a topic and a dashboard; e-mail where there is an address', async () => {
    const names = [
      'aws_cloudwatch_dashboard.operations_dashboard',
      'aws_cloudwatch_metric_alarm.operations_dead_letters',
      'aws_cloudwatch_metric_alarm.operations_etl_failed',
      'aws_cloudwatch_metric_alarm.operations_etl_missing',
      'aws_cloudwatch_metric_alarm.operations_etl_rejected',
      'aws_cloudwatch_metric_alarm.operations_shards_failed',
      'aws_cloudwatch_metric_alarm.operations_webhook_errors',
      'aws_cloudwatch_metric_alarm.operations_webhook_rejected',
      'aws_sns_topic.operations_topic',
      'aws_sns_topic_policy.operations_topic_policy',
    ];
    expect(Object.keys(resourcesOf(stack, 'operations'))).toEqual(names);
    const told = await synthStack({ alarmEmail: 'owner@example.org' });
    expect(Object.keys(resourcesOf(told, 'operations'))).toEqual([
      ...names,
      'aws_sns_topic_subscription.operations_email',
    ]);
    const more = Object.keys(resourcesOf(owned, 'operations'));
    expect(more.filter((name) => !names.includes(name))).toEqual([
      'aws_cloudwatch_metric_alarm.operations_report_failed',
    ]);
    const most = Object.keys(resourcesOf(whole, 'operations'));
    expect(most.filter((name) => !more.includes(name))).toEqual([
      'aws_cloudwatch_metric_alarm.operations_updates_dead_letters',
      'aws_cloudwatch_metric_alarm.operations_updates_old',
    ]);
  });

  test('tell of updates that wait in the queue when they have been tried twice', () => {
    const { operations_updates_old: old, operations_updates_dead_letters: dead } = alarms(whole);
    expect(old).toMatchObject({
      comparison_operator: 'GreaterThanOrEqualToThreshold',
      dimensions: { QueueName: 'shop-test-updates' },
      metric_name: 'ApproximateAgeOfOldestMessage',
      namespace: 'AWS/SQS',
      statistic: 'Maximum',
      threshold: 900,
      treat_missing_data: 'notBreaching',
    });
    expect(dead).toMatchObject({
      dimensions: { QueueName: 'shop-test-updates-dead-letters' },
      metric_name: 'ApproximateNumberOfMessagesVisible',
      threshold: 1,
    });
  });

  test('tell the topic when something starts and ends, and say what to do', () => {
    for (const alarm of Object.values(alarms())) {
      expect(alarm).toMatchObject({
        alarm_actions: ['${aws_sns_topic.operations_topic.arn}'],
        ok_actions: ['${aws_sns_topic.operations_topic.arn}'],
        threshold: 1,
      });
      expect(String(alarm['alarm_description']).length).toBeGreaterThan(40);
    }
  });

  test('stay calm while the ETL is tried again, and go off when nothing else tells of a run', () => {
    const { operations_etl_failed: failed, operations_dead_letters: dead } = alarms();
    expect(failed).toMatchObject({ metric_name: 'DestinationDeliveryFailures' });
    expect(dead).toMatchObject({ metric_name: 'ApproximateNumberOfMessagesVisible' });
    const errors = Object.values(alarms()).filter((alarm) => alarm['metric_name'] === 'Errors');
    expect(errors).toEqual([]);
  });

  test('go off when the ETL did not run, and stay calm when nothing is counted elsewhere', () => {
    const { operations_etl_missing: missing, ...others } = alarms();
    expect(missing).toMatchObject({
      comparison_operator: 'LessThanThreshold',
      // Two runs may be a minute more than a day apart, and that is no news.
      evaluation_periods: 26,
      metric_name: 'Invocations',
      period: 3600,
      treat_missing_data: 'breaching',
    });
    for (const alarm of Object.values(others)) {
      expect(alarm).toMatchObject({
        comparison_operator: 'GreaterThanOrEqualToThreshold',
        evaluation_periods: 1,
        treat_missing_data: 'notBreaching',
      });
    }
  });

  test('let CloudWatch’s alarms of this account publish, over TLS', () => {
    const { policy } = resource(stack, 'aws_sns_topic_policy', 'operations_topic_policy');
    expect(statementsOf(policy)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Sid: 'TlsOnly' }),
      {
        Sid: 'AlarmsOfTheAccount',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['sns:Publish'],
        Resource: ['arn:aws:sns:us-east-1:123456789012:shop-test-alarms'],
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      },
    ]);
  });

  test('are as they were reviewed', () => {
    expect(resourcesOf(stack, 'operations')).toMatchSnapshot();
  });
});

describe('the metrics that alarms and dashboard read', () => {
  const variables = { POWERTOOLS_METRICS_NAMESPACE: 'shop' };
  beforeAll(() => {
    Object.assign(process.env, variables);
  });
  afterAll(() => {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  });

  /** What the functions write for CloudWatch when everything happens once. */
  async function emitted(): Promise<Set<string>> {
    const lines: string[] = [];
    // Powertools writes there by a console of its own.
    const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(...String(text).trim().split('\n'));
      return true;
    });
    const err = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      const { createTelemetry } = await import('../../src/aws/telemetry.ts');
      const webhook = createTelemetry('webhook', 'test');
      const observeWebhook = createWebhookObserver(webhook);
      for (const outcome of ['stored', 'buffered', 'duplicate', 'dropped', 'rejected'] as const) {
        const receipt = { outcome, facts: null, answer: null, key: null } as unknown as Receipt;
        observeWebhook({ type: 'received', receipt });
      }
      const error = new Error('a test');
      const events: WebhookEvent[] = [
        { type: 'unauthorized' },
        { type: 'failed', error },
        { type: 'tap-unanswered', error },
        { type: 'buffer-failed', error },
      ];
      events.forEach(observeWebhook);
      webhook.flush();
      const etl = createTelemetry('etl', 'test');
      const observeEtl = createEtlObserver(etl);
      observeEtl({
        type: 'day-run',
        run: { status: 'written', rows: 1, rejected: 1 },
      } as EtlEvent);
      observeEtl({ type: 'day-failed', failure: { day: '2026-11-22', error } });
      etl.flush();
      const report = createTelemetry('report', 'test');
      const observeReport = createReportObserver(report);
      const sent = {
        isRepeated: false,
        report: {
          html: '',
          fileName: '',
          period: { from: '2026-11-01', to: '2026-11-22' },
          lastClosed: null,
          isEmpty: true,
          failures: [{ name: 'words', reason: 'a test' }],
        },
      };
      observeReport({ type: 'digest', day: '2026-11-22', sent });
      observeReport({ type: 'report', key: 'state/reports/1.json', sent });
      observeReport({ type: 'failed', error });
      report.flush();
      const writer = createTelemetry('writer', 'test');
      const observeWriter = createWriterObserver(writer);
      const batch = { key: '', bytes: new Uint8Array(), records: 1 };
      observeWriter({ type: 'written', day: '2026-11-22', batch, isRepeated: false });
      observeWriter({ type: 'failed', day: '2026-11-22', messages: 1, error });
      writer.flush();
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
    const metrics = new Set<string>();
    for (const line of lines) {
      const record = JSON.parse(line) as {
        readonly [key: string]: unknown;
        readonly _aws?: {
          readonly CloudWatchMetrics: readonly {
            readonly Namespace: string;
            readonly Dimensions: readonly (readonly string[])[];
            readonly Metrics: readonly { readonly Name: string }[];
          }[];
        };
      };
      for (const { Namespace, Dimensions, Metrics } of record._aws?.CloudWatchMetrics ?? []) {
        for (const dimensions of Dimensions) {
          const values = Object.fromEntries(dimensions.map((name) => [name, record[name]]));
          for (const { Name } of Metrics) metrics.add(metricText(Namespace, Name, values));
        }
      }
    }
    return metrics;
  }

  /** Metrics of AWS's own that name what this stack makes. */
  const AWS_METRICS: readonly string[] = [
    'AWS/ApiGateway 4XXError ApiName shop-test-webhook Stage test',
    'AWS/ApiGateway 5XXError ApiName shop-test-webhook Stage test',
    'AWS/ApiGateway Count ApiName shop-test-webhook Stage test',
    'AWS/ApiGateway Latency ApiName shop-test-webhook Stage test',
    'AWS/Athena ProcessedBytes QueryState SUCCEEDED QueryType DML WorkGroup shop-test',
    'AWS/Lambda Duration FunctionName shop-test-etl',
    'AWS/Lambda Duration FunctionName shop-test-webhook',
    'AWS/Lambda DestinationDeliveryFailures FunctionName shop-test-etl',
    'AWS/Lambda Errors FunctionName shop-test-report',
    'AWS/Lambda Invocations FunctionName shop-test-etl',
    'AWS/SQS ApproximateAgeOfOldestMessage QueueName shop-test-updates',
    'AWS/States ExecutionsFailed StateMachineArn arn:aws:states:us-east-1:123456789012:stateMachine:shop-test-shards',
    'AWS/SQS ApproximateNumberOfMessagesVisible QueueName shop-test-dead-letters',
    'AWS/SQS ApproximateNumberOfMessagesVisible QueueName shop-test-updates',
    'AWS/SQS ApproximateNumberOfMessagesVisible QueueName shop-test-updates-dead-letters',
    'AWS/SQS NumberOfMessagesDeleted QueueName shop-test-updates',
    'AWS/SQS NumberOfMessagesSent QueueName shop-test-updates',
  ];

  test('are those that the functions really emit, or AWS does for what is there', async () => {
    const there = new Set([...(await emitted()), ...AWS_METRICS]);
    const watched = Object.values(alarms(whole)).map(({ namespace, metric_name, dimensions }) =>
      metricText(namespace, metric_name, dimensions as Record<string, string>),
    );
    const { dashboard_body } = resource(whole, 'aws_cloudwatch_dashboard', 'operations_dashboard');
    const { widgets } = JSON.parse(String(dashboard_body)) as {
      widgets: { properties: { metrics: string[][] } }[];
    };
    const shown = widgets.flatMap(({ properties }) =>
      properties.metrics.map(([namespace, name, ...pairs]) => {
        const dimensions: Record<string, string> = {};
        for (let at = 0; at < pairs.length; at += 2) {
          dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
        }
        return metricText(namespace, name, dimensions);
      }),
    );
    expect([...watched, ...shown].filter((metric) => !there.has(metric))).toEqual([]);
    // And every one of ours is looked at somewhere.
    const ours = Object.values(METRICS).flatMap((names) => Object.values(names));
    expect(ours.filter((name) => ![...watched, ...shown].join('\n').includes(` ${name} `))).toEqual(
      [],
    );
  });
});
