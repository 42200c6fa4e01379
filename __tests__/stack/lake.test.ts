import { beforeAll, describe, expect, test } from '@jest/globals';

import {
  type Synthesized,
  ofType,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
});

const LAYERS = ['enriched', 'logs', 'raw', 'results'];

describe('the lake', () => {
  test('is four buckets with all that belongs to a bucket, a key and the zone', () => {
    const parts = [
      'aws_s3_bucket',
      'aws_s3_bucket_lifecycle_configuration',
      'aws_s3_bucket_ownership_controls',
      'aws_s3_bucket_policy',
      'aws_s3_bucket_public_access_block',
      'aws_s3_bucket_server_side_encryption_configuration',
      'aws_s3_bucket_versioning',
    ];
    for (const type of parts) expect(Object.keys(ofType(stack, type))).toHaveLength(LAYERS.length);
    expect(Object.keys(ofType(stack, 'aws_s3_bucket_logging')).sort()).toEqual([
      'lake_enriched_access_log',
      'lake_raw_access_log',
      'lake_results_access_log',
    ]);
    expect(Object.keys(ofType(stack, 'aws_kms_key'))).toEqual(['lake_key']);
    expect(Object.keys(ofType(stack, 'terraform_data'))).toEqual(['lake_zone']);
  });

  test.each(LAYERS)(
    '%s is private, versioned and named after project, stage and account',
    (layer) => {
      expect(resource(stack, 'aws_s3_bucket', `lake_${layer}_bucket`)).toMatchObject({
        bucket: `shop-test-${layer}-123456789012`,
        force_destroy: layer === 'results',
      });
      expect(
        resource(stack, 'aws_s3_bucket_public_access_block', `lake_${layer}_public_access`),
      ).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
      expect(resource(stack, 'aws_s3_bucket_versioning', `lake_${layer}_versioning`)).toMatchObject(
        {
          versioning_configuration: { status: 'Enabled' },
        },
      );
      expect(
        resource(stack, 'aws_s3_bucket_ownership_controls', `lake_${layer}_ownership`),
      ).toMatchObject({ rule: { object_ownership: 'BucketOwnerEnforced' } });
    },
  );

  test('keeps each layer as long as the configuration says, and lake.json and state/ for good', async () => {
    const short = await synthStack({
      rawRetentionDays: 11,
      enrichedRetentionDays: 22,
      resultsRetentionDays: 33,
      logRetentionDays: 5,
    });
    const expiring = (layer: string): unknown[] => {
      const { rule } = resource(
        short,
        'aws_s3_bucket_lifecycle_configuration',
        `lake_${layer}_lifecycle`,
      ) as { rule: { filter: { prefix: string }[]; expiration: { days?: number }[] }[] };
      return rule.flatMap(({ filter, expiration }) =>
        expiration.filter(({ days }) => days).map(({ days }) => [filter[0]?.prefix, days]),
      );
    };
    expect(expiring('raw')).toEqual([
      ['telegram/', 11],
      ['rejected/', 11],
    ]);
    expect(expiring('enriched')).toEqual([
      ['staging/', 3],
      ['', 22],
    ]);
    expect(expiring('results')).toEqual([['', 33]]);
    expect(expiring('logs')).toEqual([['', 5]]);
  });

  test.each(LAYERS)('%s throws away unfinished uploads and old versions', (layer) => {
    expect(
      resource(stack, 'aws_s3_bucket_lifecycle_configuration', `lake_${layer}_lifecycle`),
    ).toMatchObject({
      rule: expect.arrayContaining([
        expect.objectContaining({
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          filter: [{ prefix: '' }],
          noncurrent_version_expiration: [{ noncurrent_days: /raw|enriched/.test(layer) ? 30 : 1 }],
        }),
      ]),
    });
  });

  test('encrypts with its own key, but for the access log, which S3 could not write then', () => {
    const algorithm = (layer: string): unknown =>
      (
        resource(
          stack,
          'aws_s3_bucket_server_side_encryption_configuration',
          `lake_${layer}_encryption`,
        ) as { rule: { apply_server_side_encryption_by_default: unknown }[] }
      ).rule[0]?.apply_server_side_encryption_by_default;
    const customer = { kms_master_key_id: '${aws_kms_key.lake_key.arn}', sse_algorithm: 'aws:kms' };
    expect(algorithm('raw')).toEqual(customer);
    expect(algorithm('enriched')).toEqual(customer);
    expect(algorithm('results')).toEqual(customer);
    expect(algorithm('logs')).toEqual({ sse_algorithm: 'AES256' });
  });

  test('keeps the key as long as a bucket that it encrypts: one with objects outlives destroy', () => {
    const needs = (layer: string): unknown =>
      resource(stack, 'aws_s3_bucket', `lake_${layer}_bucket`)['depends_on'];
    for (const layer of ['raw', 'enriched', 'results']) {
      expect(needs(layer)).toEqual(['aws_kms_key.lake_key']);
    }
    expect(needs('logs')).toBeUndefined();
  });

  test('makes no key, and names none, where the configuration wants the services’ own', async () => {
    const plain = await synthStack({ encryption: 's3' });
    expect(ofType(plain, 'aws_kms_key')).toEqual({});
    expect(JSON.stringify(plain)).not.toContain('aws_kms_key');
    expect(resource(plain, 'aws_sqs_queue', 'etl_dead_letters')).toMatchObject({
      sqs_managed_sse_enabled: true,
    });
  });

  test('lets the log service, dead letters and alarms use the key, each within bounds', () => {
    const key = resource(stack, 'aws_kms_key', 'lake_key');
    expect(key).toMatchObject({ deletion_window_in_days: 30, enable_key_rotation: true });
    const statements = statementsOf(key['policy']);
    expect(statements.map(({ Principal }) => Principal)).toEqual([
      { AWS: 'arn:aws:iam::123456789012:root' },
      { Service: 'logs.us-east-1.amazonaws.com' },
      { Service: 'events.amazonaws.com' },
      { Service: 'cloudwatch.amazonaws.com' },
    ]);
    const [, logs, deadLetters, alarms] = statements;
    expect(logs?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': [
          'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/shop-test-*',
          'arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/shop-test-*',
          'arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/shop-test-*',
          'arn:aws:logs:us-east-1:123456789012:log-group:API-Gateway-Execution-Logs_*/test',
        ],
      },
    });
    for (const statement of [deadLetters, alarms]) {
      expect(statement?.Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    }
    expect(deadLetters?.Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '123456789012' },
    });
    expect(alarms).not.toHaveProperty('Condition');
  });

  test('remembers its zone in the state, and refuses a plan with another one', () => {
    expect(resource(stack, 'terraform_data', 'lake_zone')).toMatchObject({
      input: { zone: 'America/Sao_Paulo' },
      lifecycle: {
        ignore_changes: ['input'],
        postcondition: [{ condition: '${self.output.zone == "America/Sao_Paulo"}' }],
      },
    });
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'lake')).toMatchSnapshot();
  });
});
