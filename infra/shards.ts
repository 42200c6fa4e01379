import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { skipChecks } from './checkov.ts';
import type { ChatbotFunction } from './function.ts';
import type { Lake } from './lake.ts';
import { createLogGroup } from './logGroup.ts';
import { type Place, STATES_LOGS, arn, prefixOf } from './names.ts';
import { allow, assumedBy, policyDocument } from './policy.ts';

/** What writes large days in shards is made of. */
export interface ShardsProps {
  readonly config: Config;
  readonly lake: Lake;
  /** The ETL: every step is a call of it. */
  readonly function: ChatbotFunction;
}

function nameOf(place: Pick<Place, 'project' | 'stage'>): string {
  return `${prefixOf(place)}-shards`;
}

/** ARN of the state machine, known before it is made. */
export function shardsArn(place: Place): string {
  return arn(place, 'states', `stateMachine:${nameOf(place)}`);
}

/** Seconds after which a call counts as lost: a function runs for 900 at most. */
const LOST_AFTER = 960;

/**
 * Tries again after the first, the first of them after some seconds, each later twice as late; with
 * jitter, after a random part of that.
 */
function retry(count: number, seconds: number, jitter: 'FULL' | 'NONE') {
  return [
    {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: seconds,
      BackoffRate: 2,
      MaxAttempts: count,
      JitterStrategy: jitter,
    },
  ];
}

/** For what a shard meets, many of them at once: a store that is busy, a function that died or had no room. */
const SOON = retry(4, 15, 'FULL');

/**
 * For what the other steps meet besides: another run that is putting the day in place, which is done or
 * given up within a quarter of an hour. With jitter this would be half as long, and now and then too short.
 */
const LATER = retry(7, 15, 'NONE');

/**
 * The machine, in Amazon States Language. `plan` lists the day and shares it out, `shard` runs for each
 * share, `finish` puts the parts in place, or says that the day has to be planned again.
 */
function definition(functionArn: string, shardsAtOnce: number): unknown {
  const call = (payload: object, retries: ReturnType<typeof retry>) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn, Payload: payload },
    OutputPath: '$.Payload',
    TimeoutSeconds: LOST_AFTER,
    Retry: retries,
  });
  const branch = (status: string, next: string) => ({
    Type: 'Choice',
    Choices: [{ Variable: '$.status', StringEquals: status, Next: next }],
    Default: 'Done',
  });
  return {
    Comment: 'Writes a day that is too large for one run of the ETL',
    StartAt: 'Plan',
    States: {
      Plan: { ...call({ step: 'plan', 'day.$': '$.day' }, LATER), Next: 'Is planned' },
      'Is planned': branch('planned', 'Shards'),
      Shards: {
        Type: 'Map',
        ItemsPath: '$.shards',
        ItemSelector: {
          step: 'shard',
          'day.$': '$.day',
          'run.$': '$.run',
          'shard.$': '$$.Map.Item.Value',
        },
        MaxConcurrency: shardsAtOnce,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Shard',
          States: {
            Shard: {
              ...call(
                {
                  'step.$': '$.step',
                  'day.$': '$.day',
                  'run.$': '$.run',
                  'shard.$': '$.shard',
                },
                SOON,
              ),
              End: true,
            },
          },
        },
        // What each has found lies in the staging.
        ResultPath: null,
        Next: 'Finish',
      },
      Finish: {
        ...call({ step: 'finish', 'day.$': '$.day', 'run.$': '$.run' }, LATER),
        Next: 'Is to be planned again',
      },
      'Is to be planned again': branch('again', 'Plan'),
      Done: { Type: 'Succeed' },
    },
  };
}

/** Writes days that are too large for one function with many: idle, it costs nothing. */
export class Shards extends Construct {
  readonly arn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: ShardsProps) {
    super(scope, id);
    const { config, lake } = props;
    const name = nameOf(config);
    this.arn = shardsArn(config);
    this.logGroupName = `${STATES_LOGS}${name}`;

    const logGroup = createLogGroup(this, 'log', {
      name: this.logGroupName,
      purpose: 'What went wrong with days in shards',
      config,
      lake,
    });
    const role = new IamRole(this, 'role', {
      name,
      description: `What writes days of ${prefixOf(config)} in shards may do`,
      assumeRolePolicy: assumedBy('states.amazonaws.com'),
    });
    const rights = new IamRolePolicy(this, 'rights', {
      name: 'rights',
      role: role.name,
      policy: policyDocument([
        allow('CallTheEtl', ['lambda:InvokeFunction'], [props.function.arn]),
        // The services that deliver logs have no resources that a right could name.
        allow(
          'DeliverLog',
          [
            'logs:CreateLogDelivery',
            'logs:DeleteLogDelivery',
            'logs:DescribeLogGroups',
            'logs:DescribeResourcePolicies',
            'logs:GetLogDelivery',
            'logs:ListLogDeliveries',
            'logs:PutResourcePolicy',
            'logs:UpdateLogDelivery',
          ],
          ['*'],
        ),
      ]),
    });
    const machine = new SfnStateMachine(this, 'machine', {
      name,
      type: 'STANDARD',
      roleArn: role.arn,
      // With an ARN that is not known yet, a first plan needs no account: the provider asks Step
      // Functions to check a definition that it knows.
      definition: JSON.stringify(definition(props.function.madeArn, config.shardsAtOnce)),
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: false,
        logDestination: `${logGroup.arn}:*`,
      },
      dependsOn: [rights],
      tags: { purpose: 'Writes days that are too large for one run of the ETL' },
    });
    skipChecks(machine, {
      CKV_AWS_285:
        'Errors are logged; what a step is given, a day and numbers, stands in the history of the run.',
      CKV_AWS_284: 'All that it does is to call a function, which traces each of its runs.',
    });
  }
}
