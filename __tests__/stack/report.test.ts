import { beforeAll, describe, expect, test } from '@jest/globals';

import { type Synthesized, ofType, resource, resourcesOf, synthStack } from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack({ ownerChat: 5, digestHour: 8 });
});

const RULE = 'arn:aws:events:us-east-1:123456789012:rule/shop-test-digest';
const RAW = 'arn:aws:s3:::shop-test-raw-123456789012';

/** What there is with an owner, without a digest. */
const ON_DEMAND = [
  'aws_cloudwatch_log_group.report_function_log',
  'aws_iam_role.report_function_role',
  'aws_iam_role_policy.report_function_key_rights',
  'aws_iam_role_policy.report_function_rights',
  'aws_lambda_function.report_function_function',
  'aws_lambda_function_event_invoke_config.report_retries',
  'aws_lambda_permission.report_wishes_permission',
  'aws_s3_bucket_notification.report_wishes',
];

describe('the report', () => {
  test('is not there without an owner to send it to', async () => {
    const without = await synthStack();
    expect(Object.keys(resourcesOf(without, 'report'))).toEqual([]);
    expect(Object.keys(resourcesOf(without, 'operations')).join()).not.toContain('report');
  });

  test('is a function that wishes start; a rule, where a digest is wanted', async () => {
    const onDemand = await synthStack({ ownerChat: 5 });
    expect(Object.keys(resourcesOf(onDemand, 'report'))).toEqual(ON_DEMAND);
    expect(Object.keys(resourcesOf(stack, 'report'))).toEqual(
      [
        ...ON_DEMAND,
        'aws_cloudwatch_event_rule.report_rule',
        'aws_cloudwatch_event_target.report_target',
        'aws_lambda_permission.report_rule_permission',
      ].sort(),
    );
  });

  test.each([
    ['America/Sao_Paulo', 8, 'cron(0 11 * * ? *)'],
    // Never before the hour, in summer and in winter.
    ['America/New_York', 8, 'cron(0 13 * * ? *)'],
    ['Asia/Kolkata', 5, 'cron(30 23 * * ? *)'],
  ])('sends its digest in %s at %i:00', async (zone, digestHour, cron) => {
    const there = await synthStack({ zone, ownerChat: 5, digestHour });
    expect(resource(there, 'aws_cloudwatch_event_rule', 'report_rule')).toMatchObject({
      name: 'shop-test-digest',
      schedule_expression: cron,
    });
  });

  test('may be called by its rule, and by its own bucket for wishes alone', () => {
    expect(resource(stack, 'aws_lambda_permission', 'report_rule_permission')).toMatchObject({
      principal: 'events.amazonaws.com',
      source_arn: RULE,
    });
    expect(resource(stack, 'aws_lambda_permission', 'report_wishes_permission')).toMatchObject({
      principal: 's3.amazonaws.com',
      source_account: '123456789012',
      source_arn: RAW,
    });
    expect(resource(stack, 'aws_s3_bucket_notification', 'report_wishes')).toMatchObject({
      lambda_function: [
        {
          events: ['s3:ObjectCreated:*'],
          filter_prefix: 'state/reports/',
          filter_suffix: '.json',
          lambda_function_arn: 'arn:aws:lambda:us-east-1:123456789012:function:shop-test-report',
        },
      ],
      depends_on: ['aws_lambda_permission.report_wishes_permission'],
    });
  });

  test('never starts itself: what it writes is under no prefix that it waits for', () => {
    const { lambda_function: waits } = resource(
      stack,
      'aws_s3_bucket_notification',
      'report_wishes',
    ) as { lambda_function: { filter_prefix: string }[] };
    const { policy } = ofType(stack, 'aws_iam_role_policy')['report_function_rights'] ?? {};
    const { Statement } = JSON.parse(String(policy)) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const written = Statement.filter(({ Action }) => Action.includes('s3:PutObject')).flatMap(
      ({ Resource }) => Resource,
    );
    expect(written.filter((arn) => arn.startsWith(RAW))).not.toEqual([]);
    for (const { filter_prefix } of waits) {
      expect(written.filter((arn) => arn.startsWith(`${RAW}/${filter_prefix}`))).toEqual([]);
    }
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'report')).toMatchSnapshot();
  });
});
