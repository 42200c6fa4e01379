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

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Retry?: readonly Readonly<Record<string, unknown>>[];
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: number;
  readonly ItemProcessor?: Machine;
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

function machineOf(of: Synthesized): Machine {
  const { definition } = resource(of, 'aws_sfn_state_machine', 'shards_machine');
  return JSON.parse(String(definition)) as Machine;
}

describe('what writes days in shards', () => {
  test('is a state machine with a role and a log', () => {
    expect(Object.keys(resourcesOf(stack, 'shards'))).toEqual([
      'aws_cloudwatch_log_group.shards_log',
      'aws_iam_role.shards_role',
      'aws_iam_role_policy.shards_rights',
      'aws_sfn_state_machine.shards_machine',
    ]);
  });

  test('every state leads to one that is there, or ends', () => {
    const check = ({ StartAt, States }: Machine): void => {
      const names = Object.keys(States);
      const targets = Object.values(States).flatMap(({ Next, Default, Choices = [] }) =>
        [Next, Default, ...Choices.map((choice) => choice.Next)].filter((to) => to !== undefined),
      );
      expect([...new Set([StartAt, ...targets])].sort()).toEqual(names.sort());
      for (const state of Object.values(States))
        if (state.ItemProcessor) check(state.ItemProcessor);
    };
    check(machineOf(stack));
  });

  test('tries each step again, the last one for longer than another run can hold the day', () => {
    const { Plan, Shards, Finish } = machineOf(stack).States;
    const retryOf = (state: State | undefined) => {
      expect(state?.TimeoutSeconds).toBeGreaterThan(900);
      expect(state?.Retry?.[0]).toMatchObject({ ErrorEquals: ['States.ALL'], BackoffRate: 2 });
      return state?.Retry?.[0];
    };
    for (const state of [Plan, Finish]) {
      const { IntervalSeconds: first, MaxAttempts: count, JitterStrategy } = retryOf(state) ?? {};
      // With jitter each wait would be a random part of itself: no time would be sure.
      expect(JitterStrategy).toBe('NONE');
      expect(Number(first) * (2 ** Number(count) - 1)).toBeGreaterThan(2 * 900);
    }
    expect(retryOf(Shards?.ItemProcessor?.States['Shard'])).toMatchObject({
      MaxAttempts: 4,
      JitterStrategy: 'FULL',
    });
  });

  test('runs as many shards at a time as the configuration says', async () => {
    expect(machineOf(stack).States['Shards']?.MaxConcurrency).toBe(5);
    const more = await synthStack({ shardsAtOnce: 40 });
    expect(machineOf(more).States['Shards']?.MaxConcurrency).toBe(40);
  });

  test('may be started by the ETL, which knows it by its name', () => {
    const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:shop-test-shards';
    expect(resource(stack, 'aws_sfn_state_machine', 'shards_machine')['name']).toBe(
      'shop-test-shards',
    );
    const { environment } = resource(stack, 'aws_lambda_function', 'etl_function_function') as {
      environment: { variables: Record<string, string> };
    };
    expect(environment.variables['CHATBOT_STATE_MACHINE']).toBe(arn);
    const { policy } = resource(stack, 'aws_iam_role_policy', 'etl_function_rights');
    expect(statementsOf(policy)).toContainEqual({
      Sid: 'StartShards',
      Effect: 'Allow',
      Action: ['states:StartExecution'],
      Resource: [arn],
    });
  });

  test('logs errors, without what it was given, into a log that the key covers', () => {
    expect(resource(stack, 'aws_sfn_state_machine', 'shards_machine')).toMatchObject({
      logging_configuration: { level: 'ERROR', include_execution_data: false },
    });
    const { name } = resource(stack, 'aws_cloudwatch_log_group', 'shards_log');
    expect(name).toBe('/aws/vendedlogs/states/shop-test-shards');
    const { policy } = resource(stack, 'aws_kms_key', 'lake_key');
    expect(JSON.stringify(statementsOf(policy))).toContain(
      'log-group:/aws/vendedlogs/states/shop-test-*',
    );
  });

  test('what a run that failed has left in the staging goes by itself', () => {
    const { rule } = resource(
      stack,
      'aws_s3_bucket_lifecycle_configuration',
      'lake_enriched_lifecycle',
    );
    expect(rule).toContainEqual({
      id: 'scratch-staging',
      status: 'Enabled',
      filter: [{ prefix: 'staging/' }],
      expiration: [{ days: 3 }],
      noncurrent_version_expiration: [{ noncurrent_days: 1 }],
    });
  });

  test('somebody is told when a day was not written', () => {
    expect(
      resource(stack, 'aws_cloudwatch_metric_alarm', 'operations_shards_failed'),
    ).toMatchObject({
      namespace: 'AWS/States',
      metric_name: 'ExecutionsFailed',
      dimensions: {
        StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:shop-test-shards',
      },
    });
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'shards')).toMatchSnapshot();
  });
});
