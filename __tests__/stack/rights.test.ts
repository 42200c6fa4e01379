import { beforeAll, describe, expect, test } from '@jest/globals';

import {
  type PolicyStatement,
  type Synthesized,
  ofType,
  statementsOf,
  synthBootstrap,
  synthStack,
} from '../support/stacks.ts';

/*
 * What no scanner and no emulator sees: a right that is missing on AWS only, or one too many.
 */

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack(OWNED);
});

/** With an owner there is one function more, and one with a queue for updates. */
const OWNED = { ownerChat: 5, digestHour: 8, ingest: 'buffered' } as const;

const FUNCTIONS = ['webhook', 'etl', 'report', 'writer'] as const;

const KEY = '${aws_kms_key.lake_key.arn}';

/** All statements of a function's role. */
function rightsOf(name: string, of: Synthesized = stack): readonly PolicyStatement[] {
  return Object.entries(ofType(of, 'aws_iam_role_policy'))
    .filter(([id]) => id.startsWith(`${name}_function_`))
    .flatMap(([, { policy }]) => statementsOf(policy));
}

function analystRights(of: Synthesized = stack): readonly PolicyStatement[] {
  return statementsOf(ofType(of, 'aws_iam_policy')['analysis_analyst']?.['policy']);
}

function shardsRights(of: Synthesized = stack): readonly PolicyStatement[] {
  return statementsOf(ofType(of, 'aws_iam_role_policy')['shards_rights']?.['policy']);
}

/** Everybody's rights by name. */
function allRights(of: Synthesized): Readonly<Record<string, readonly PolicyStatement[]>> {
  return {
    ...Object.fromEntries(FUNCTIONS.map((name) => [name, rightsOf(name, of)])),
    shards: shardsRights(of),
    analyst: analystRights(of),
  };
}

function resourcesFor(statements: readonly PolicyStatement[], action: string): readonly string[] {
  return statements.flatMap(({ Effect, Action, Resource = [] }) =>
    Effect === 'Allow' && Action.includes(action) ? Resource : [],
  );
}

/** What `action` on an encrypted resource takes of its key. */
const KEY_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
  // The parts of an upload are decrypted when they are put together.
  's3:AbortMultipartUpload': ['kms:Decrypt', 'kms:GenerateDataKey'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  'sqs:SendMessage': ['kms:Decrypt', 'kms:GenerateDataKey'],
  'ssm:GetParameter': ['kms:Decrypt'],
};

describe('rights', () => {
  test.each([
    ['aws_s3_bucket_policy', 's3:*'],
    ['aws_sqs_queue_policy', 'sqs:*'],
    ['aws_sns_topic_policy', 'sns:Publish'],
  ])('each %s refuses what comes without TLS', (type, action) => {
    const policies = Object.entries(ofType(stack, type));
    expect(policies).not.toEqual([]);
    for (const [, { policy }] of policies) {
      expect(statementsOf(policy).find(({ Sid }) => Sid === 'TlsOnly')).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: [action],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });

  test.each(['raw', 'enriched', 'results', 'logs'])(
    '… to the bucket %s and each object',
    (layer) => {
      const { policy } = ofType(stack, 'aws_s3_bucket_policy')[`lake_${layer}_policy`] ?? {};
      const bucket = `arn:aws:s3:::shop-test-${layer}-123456789012`;
      expect(statementsOf(policy).find(({ Sid }) => Sid === 'TlsOnly')?.Resource).toEqual([
        bucket,
        `${bucket}/*`,
      ]);
    },
  );

  test('every bucket, queue and topic has such a policy', () => {
    const count = (type: string): number => Object.keys(ofType(stack, type)).length;
    expect(count('aws_s3_bucket_policy')).toBe(count('aws_s3_bucket'));
    expect(count('aws_sqs_queue_policy')).toBe(count('aws_sqs_queue'));
    expect(count('aws_sns_topic_policy')).toBe(count('aws_sns_topic'));
  });

  /** Rights on actions that know no resource. */
  const WITHOUT_RESOURCE = ['DeliverLog', 'FindTheWorkgroup', 'WriteTraces'];

  test('name exact actions and resources; only X-Ray, the delivery of logs and two lists have no resources to name', () => {
    for (const [who, statements] of Object.entries(allRights(stack))) {
      for (const { Effect, Sid, Action, Resource = [] } of statements) {
        if (Effect === 'Deny') continue;
        expect([who, Sid, Action.filter((action) => action.includes('*'))]).toEqual([who, Sid, []]);
        const open = Resource.filter((arn) => /^\*|:\*$|^arn:aws:s3:::\*/.test(arn)).filter(
          (arn) => !/:log-group:[^*]+:\*$/.test(arn),
        );
        expect([who, Sid, open]).toEqual([who, Sid, WITHOUT_RESOURCE.includes(Sid) ? ['*'] : []]);
      }
    }
  });

  test.each(['customer', 's3'] as const)(
    'with encryption %s: whoever acts on what the key encrypts may use the key as that takes',
    async (encryption) => {
      for (const [who, statements] of Object.entries(
        allRights(await synthStack({ ...OWNED, encryption })),
      )) {
        // It touches nothing but the ETL.
        if (who === 'shards') continue;
        const wanted = new Set(
          Object.entries(KEY_RIGHTS).flatMap(([action, rights]) =>
            resourcesFor(statements, action).length > 0 ? rights : [],
          ),
        );
        expect(wanted.size).toBeGreaterThan(0);
        for (const right of wanted) {
          const keys = encryption === 'customer' ? [KEY] : [];
          expect([who, right, resourcesFor(statements, right)]).toEqual([who, right, keys]);
        }
      }
    },
  );

  test('include ListBucket wherever something is read that may be missing, without a prefix', () => {
    for (const [who, statements] of Object.entries(allRights(stack))) {
      if (who === 'shards') continue;
      const buckets = new Set(
        resourcesFor(statements, 's3:GetObject').map((arn) => arn.replace(/\/.*$/, '')),
      );
      // The writer reads nothing.
      expect(buckets.size > 0).toBe(who !== 'writer');
      const listable = statements
        .filter(({ Action, Condition }) => Action.includes('s3:ListBucket') && !Condition)
        .flatMap(({ Resource = [] }) => Resource);
      expect([who, [...buckets].filter((bucket) => !listable.includes(bucket))]).toEqual([who, []]);
    }
  });

  test('keep each function to its business', () => {
    const may = (name: string, action: string): string[] =>
      resourcesFor(rightsOf(name), action).map((arn) =>
        arn.replace(/^.*shop-test-(?<layer>[a-z-]+)-123456789012/, '$<layer>'),
      );
    expect(may('webhook', 's3:PutObject')).toEqual([
      'raw/telegram/*',
      'raw/rejected/*',
      'raw/state/*',
      'raw/lake.json',
    ]);
    expect(may('webhook', 's3:DeleteObject')).toEqual([]);
    expect(JSON.stringify(rightsOf('webhook'))).not.toContain('enriched');
    expect(may('etl', 's3:PutObject')).toEqual([
      'raw/rejected/*',
      'raw/lake.json',
      'enriched/telegram/*',
      'enriched/staging/*',
      'enriched/runs/*',
    ]);
    expect(may('etl', 's3:DeleteObject')).toEqual([
      'raw/rejected/*',
      'enriched/telegram/*',
      'enriched/staging/*',
    ]);
    expect(resourcesFor(rightsOf('etl'), 'states:StartExecution')).toEqual([
      'arn:aws:states:us-east-1:123456789012:stateMachine:shop-test-shards',
    ]);
    expect(resourcesFor(shardsRights(), 'lambda:InvokeFunction')).toEqual([
      'arn:aws:lambda:us-east-1:123456789012:function:shop-test-etl',
    ]);
    expect(JSON.stringify(rightsOf('etl'))).not.toContain('ssm:');
    expect(may('writer', 's3:PutObject')).toEqual(['raw/telegram/*']);
    expect(
      rightsOf('writer')
        .flatMap(({ Action }) => Action)
        .sort(),
    ).toEqual([
      ...['kms:Decrypt', 'kms:GenerateDataKey'],
      ...['logs:CreateLogStream', 'logs:PutLogEvents'],
      's3:PutObject',
      ...['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    ]);
    const queue = 'arn:aws:sqs:us-east-1:123456789012:shop-test-updates';
    expect(resourcesFor(rightsOf('writer'), 'sqs:ReceiveMessage')).toEqual([queue]);
    expect(resourcesFor(rightsOf('webhook'), 'sqs:SendMessage')).toEqual([queue]);
    expect(may('report', 's3:PutObject')).toEqual([
      'results/athena/*',
      'results/reports/*',
      'raw/state/digests/*',
      'raw/state/sent/*',
    ]);
    expect(may('report', 's3:DeleteObject')).toEqual(['raw/state/digests/*', 'raw/state/sent/*']);
    // Not what people wrote, as it was received.
    expect(may('report', 's3:GetObject').filter((place) => place.startsWith('raw/'))).toEqual([
      'raw/state/reports/*',
      'raw/state/digests/*',
      'raw/state/sent/*',
    ]);
    expect(resourcesFor(rightsOf('report'), 'ssm:GetParameter')).toEqual([
      'arn:aws:ssm:us-east-1:123456789012:parameter/shop/test/bot-token',
    ]);
    expect(resourcesFor(rightsOf('report'), 'athena:StartQueryExecution')).toEqual([
      'arn:aws:athena:us-east-1:123456789012:workgroup/shop-test',
    ]);
    expect(resourcesFor(rightsOf('webhook'), 'ssm:GetParameter')).toEqual([
      'arn:aws:ssm:us-east-1:123456789012:parameter/shop/test/webhook-secret',
      'arn:aws:ssm:us-east-1:123456789012:parameter/shop/test/bot-token',
    ]);
  });

  test('may be taken on by Lambda alone, those of the state machine by Step Functions', () => {
    for (const [name, { assume_role_policy }] of Object.entries(ofType(stack, 'aws_iam_role'))) {
      const service = name === 'shards_role' ? 'states' : 'lambda';
      expect(statementsOf(assume_role_policy)).toEqual([
        {
          Sid: 'AssumedByService',
          Effect: 'Allow',
          Principal: { Service: `${service}.amazonaws.com` },
          Action: ['sts:AssumeRole'],
        },
      ]);
    }
  });

  test('let S3 write the access log of these buckets alone', () => {
    const { policy } = ofType(stack, 'aws_s3_bucket_policy')['lake_logs_policy'] ?? {};
    expect(statementsOf(policy).find(({ Effect }) => Effect === 'Allow')).toEqual({
      Sid: 'AccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::shop-test-logs-123456789012/*'],
      Condition: {
        ArnLike: {
          'aws:SourceArn': ['raw', 'enriched', 'results'].map(
            (layer) => `arn:aws:s3:::shop-test-${layer}-123456789012`,
          ),
        },
        StringEquals: { 'aws:SourceAccount': '123456789012' },
      },
    });
  });

  test('open nothing to everybody: each grant in a resource’s policy has a condition', () => {
    const types = [
      'aws_api_gateway_rest_api_policy',
      'aws_s3_bucket_policy',
      'aws_sns_topic_policy',
      'aws_sqs_queue_policy',
    ];
    for (const type of types) {
      for (const { policy } of Object.values(ofType(stack, type))) {
        for (const { Effect, Condition } of statementsOf(policy)) {
          expect([type, Effect, Condition !== undefined]).toEqual([type, Effect, true]);
        }
      }
    }
  });

  test('fit into what IAM takes', () => {
    const longest = { project: `a${'b'.repeat(30)}`, stage: 'c'.repeat(9) };
    const stacks = [synthBootstrap({ ...longest, repository: 'some-owner/some-repository' })];
    for (const of of [stack, ...stacks]) {
      const byRole = new Map<unknown, number>();
      for (const { role, policy } of Object.values(ofType(of, 'aws_iam_role_policy'))) {
        byRole.set(role, (byRole.get(role) ?? 0) + String(policy).length);
      }
      for (const [role, size] of byRole) {
        expect([role, size <= 10_240]).toEqual([role, true]);
      }
      for (const { policy } of Object.values(ofType(of, 'aws_iam_policy'))) {
        expect(String(policy).length).toBeLessThanOrEqual(6_144);
      }
    }
  });
});
