import { beforeAll, describe, expect, test } from '@jest/globals';

import {
  type Synthesized,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
});

const RULE = 'arn:aws:events:us-east-1:123456789012:rule/shop-test-daily';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:shop-test-dead-letters';

describe('the ETL', () => {
  test('is a rule, a function with role and log, and a queue', () => {
    expect(Object.keys(resourcesOf(stack, 'etl'))).toEqual([
      'aws_cloudwatch_event_rule.etl_rule',
      'aws_cloudwatch_event_target.etl_target',
      'aws_cloudwatch_log_group.etl_function_log',
      'aws_iam_role.etl_function_role',
      'aws_iam_role_policy.etl_function_key_rights',
      'aws_iam_role_policy.etl_function_rights',
      'aws_lambda_function.etl_function_function',
      'aws_lambda_function_event_invoke_config.etl_retries',
      'aws_lambda_permission.etl_permission',
      'aws_sqs_queue.etl_dead_letters',
      'aws_sqs_queue_policy.etl_dead_letters_policy',
    ]);
  });

  test('runs every day at 01:00 in São Paulo, or by the schedule of a trial', async () => {
    const schedule = (of: Synthesized): unknown =>
      resource(of, 'aws_cloudwatch_event_rule', 'etl_rule')['schedule_expression'];
    expect(schedule(stack)).toBe('cron(0 4 * * ? *)');
    expect(schedule(await synthStack({ schedule: 'rate(1 minute)' }))).toBe('rate(1 minute)');
  });

  test('tries again, and keeps what fails for good, whoever failed', () => {
    expect(resource(stack, 'aws_cloudwatch_event_target', 'etl_target')).toMatchObject({
      dead_letter_config: { arn: '${aws_sqs_queue.etl_dead_letters.arn}' },
      retry_policy: { maximum_event_age_in_seconds: 21600, maximum_retry_attempts: 2 },
    });
    expect(resource(stack, 'aws_lambda_function_event_invoke_config', 'etl_retries')).toMatchObject(
      {
        destination_config: {
          on_failure: { destination: '${aws_sqs_queue.etl_dead_letters.arn}' },
        },
        maximum_retry_attempts: 2,
      },
    );
    expect(resource(stack, 'aws_sqs_queue', 'etl_dead_letters')).toMatchObject({
      kms_master_key_id: '${aws_kms_key.lake_key.arn}',
      message_retention_seconds: 1_209_600,
    });
  });

  test('takes dead letters from its rule alone', () => {
    const { policy } = resource(stack, 'aws_sqs_queue_policy', 'etl_dead_letters_policy');
    expect(statementsOf(policy).find(({ Effect }) => Effect === 'Allow')).toEqual({
      Sid: 'DeadLettersOfTheRule',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['sqs:SendMessage'],
      Resource: [QUEUE],
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
    });
  });

  test('may be called by its rule alone, and reserves nothing', () => {
    expect(resource(stack, 'aws_lambda_permission', 'etl_permission')).toMatchObject({
      principal: 'events.amazonaws.com',
      source_arn: RULE,
    });
    expect(resource(stack, 'aws_lambda_function', 'etl_function_function')).not.toHaveProperty(
      'reserved_concurrent_executions',
    );
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'etl')).toMatchSnapshot();
  });
});
