import { beforeAll, describe, expect, test } from '@jest/globals';

import { BATCH, RETRY_SECONDS } from '../../src/config/buffer.ts';
import {
  type Synthesized,
  ofType,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let direct: Synthesized;
let buffered: Synthesized;
let draining: Synthesized;
beforeAll(async () => {
  direct = await synthStack();
  buffered = await synthStack({ ingest: 'buffered' });
  draining = await synthStack({ ingest: 'draining' });
});

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:shop-test-updates';

function variablesOfWebhook(of: Synthesized): Record<string, string> {
  const { environment } = resource(of, 'aws_lambda_function', 'webhook_function_function');
  return (environment as { variables: Record<string, string> }).variables;
}

function mayOfWebhook(of: Synthesized): readonly string[] {
  const { policy } = resource(of, 'aws_iam_role_policy', 'webhook_function_rights');
  return statementsOf(policy).flatMap(({ Action }) => Action);
}

/** Addresses of all resources. */
function addresses(of: Synthesized): string[] {
  return Object.entries(of.resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
}

describe('the writer', () => {
  test('is two queues and a function with role and log, and two alarms; without it nothing is there', () => {
    const names = [
      'aws_cloudwatch_log_group.writer_function_log',
      'aws_iam_role.writer_function_role',
      'aws_iam_role_policy.writer_function_key_rights',
      'aws_iam_role_policy.writer_function_rights',
      'aws_lambda_event_source_mapping.writer_mapping',
      'aws_lambda_function.writer_function_function',
      'aws_sqs_queue.writer_dead_letters',
      'aws_sqs_queue.writer_queue',
      'aws_sqs_queue_policy.writer_dead_letters_policy',
      'aws_sqs_queue_policy.writer_queue_policy',
    ];
    expect(Object.keys(resourcesOf(buffered, 'writer'))).toEqual(names);
    expect(Object.keys(resourcesOf(direct, 'writer'))).toEqual([]);
    const before = addresses(direct);
    expect(
      addresses(buffered)
        .filter((address) => !before.includes(address))
        .sort(),
    ).toEqual(
      [
        ...names,
        'aws_cloudwatch_metric_alarm.operations_updates_dead_letters',
        'aws_cloudwatch_metric_alarm.operations_updates_old',
      ].sort(),
    );
    expect(Object.keys(buffered.output).filter((name) => !(name in direct.output))).toEqual([
      'updates_dead_letters',
      'updates_queue',
    ]);
  });

  test('is the one way in while the switch says so, and on the way back only the way out', () => {
    expect(variablesOfWebhook(buffered)).toMatchObject({
      CHATBOT_QUEUE_URL: '${aws_sqs_queue.writer_queue.url}',
    });
    expect(mayOfWebhook(buffered)).toContain('sqs:SendMessage');
    for (const each of [direct, draining]) {
      expect(variablesOfWebhook(each)).not.toHaveProperty('CHATBOT_QUEUE_URL');
      expect(mayOfWebhook(each)).not.toContain('sqs:SendMessage');
    }
    expect(resourcesOf(draining, 'writer')).toEqual(resourcesOf(buffered, 'writer'));
    expect(resourcesOf(draining, 'operations')).toEqual(resourcesOf(buffered, 'operations'));
  });

  test('takes batches, and puts back only what failed', () => {
    expect(resource(buffered, 'aws_lambda_event_source_mapping', 'writer_mapping')).toMatchObject({
      batch_size: BATCH.messages,
      event_source_arn: '${aws_sqs_queue.writer_queue.arn}',
      function_response_types: ['ReportBatchItemFailures'],
      maximum_batching_window_in_seconds: BATCH.windowSeconds,
      scaling_config: { maximum_concurrency: BATCH.concurrency },
    });
  });

  test('has the time that AWS advises, before a message is given out again', () => {
    const { timeout } = resource(buffered, 'aws_lambda_function', 'writer_function_function');
    const queue = resource(buffered, 'aws_sqs_queue', 'writer_queue');
    expect(queue['visibility_timeout_seconds']).toBe(RETRY_SECONDS);
    expect(RETRY_SECONDS).toBe(6 * Number(timeout) + BATCH.windowSeconds);
    // AWS wants a window for more than ten messages, and has limits.
    expect(BATCH.messages).toBeLessThanOrEqual(10_000);
    expect(BATCH.windowSeconds).toBeGreaterThanOrEqual(1);
    expect(BATCH.windowSeconds).toBeLessThanOrEqual(300);
    expect(BATCH.concurrency).toBeGreaterThanOrEqual(2);
  });

  test('sets aside what fails again and again, and keeps it as long as SQS can', () => {
    const queue = resource(buffered, 'aws_sqs_queue', 'writer_queue');
    expect(JSON.parse(String(queue['redrive_policy']))).toEqual({
      deadLetterTargetArn: '${aws_sqs_queue.writer_dead_letters.arn}',
      maxReceiveCount: 5,
    });
    const deadLetters = resource(buffered, 'aws_sqs_queue', 'writer_dead_letters');
    expect(JSON.parse(String(deadLetters['redrive_allow_policy']))).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [QUEUE],
    });
    for (const { message_retention_seconds } of [queue, deadLetters]) {
      expect(message_retention_seconds).toBe(1_209_600);
    }
  });

  test('encrypts its queues by the stage’s key, or by SQS’s own', async () => {
    for (const each of ['writer_queue', 'writer_dead_letters']) {
      expect(resource(buffered, 'aws_sqs_queue', each)).toMatchObject({
        kms_master_key_id: '${aws_kms_key.lake_key.arn}',
        kms_data_key_reuse_period_seconds: 3600,
      });
    }
    const without = await synthStack({ ingest: 'buffered', encryption: 's3' });
    for (const [name, queue] of Object.entries(ofType(without, 'aws_sqs_queue'))) {
      expect([name, queue['sqs_managed_sse_enabled'], queue['kms_master_key_id']]).toEqual([
        ...[name, true, undefined],
      ]);
    }
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(buffered, 'writer')).toMatchSnapshot();
  });
});
