/**
 * Makes the plans that the tests of `scripts/plan/` read, with Terraform and MiniStack:
 * `npx tsx scripts/plan-fixtures.ts`. A small stack is applied, then changed in one way after the
 * other and planned; what no test reads is left out of the plans.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { zipSync } from 'fflate';

import { Deployment } from '../localstack/deployment.ts';
import { type Emulator, clientSettingsOf } from '../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../localstack/python.ts';
import { findTerraform } from '../localstack/terraform.ts';
import { formatted } from './markdown.ts';

const FIXTURES = fileURLToPath(new URL('../__tests__/unit/plan/plans/', import.meta.url));

const REGION = 'us-east-1';

/** Values that no summary may show. */
const SECRETS = ['first-secret-value', 'second-secret-value'] as const;

/** What somebody puts in the place of the bucket's policy. */
const OPEN = policy({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop-layer/*',
});

type Json = Record<string, unknown>;

/** What differs from plan to plan. */
interface Variant {
  readonly bucket: string;
  readonly table: string;
  readonly actions: readonly string[];
  readonly memory: number;
  readonly code: string;
  readonly retention: number;
  readonly secret: string;
  readonly secretVersion: number;
  readonly secretTag: string;
}

const BASE: Variant = {
  bucket: 'shop-layer',
  table: 'messages',
  actions: ['s3:GetObject', 's3:ListBucket'],
  memory: 128,
  code: 'one',
  retention: 30,
  secret: SECRETS[0],
  secretVersion: 1,
  secretTag: 'first',
};

function policy(...statements: readonly Json[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function resourcesOf(variant: Variant): Record<string, Record<string, Json>> {
  return {
    aws_kms_key: { key: { description: 'Encrypts the layer', deletion_window_in_days: 30 } },
    aws_s3_bucket: { layer: { bucket: variant.bucket, tags: { purpose: 'What is kept' } } },
    aws_s3_bucket_policy: {
      layer: {
        bucket: '${aws_s3_bucket.layer.id}',
        policy: policy({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: `arn:aws:s3:::${variant.bucket}/*`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      },
    },
    aws_iam_role: {
      reader: {
        name: 'shop-reader',
        assume_role_policy: policy({
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
      },
    },
    aws_iam_role_policy: {
      rights: {
        name: 'rights',
        role: '${aws_iam_role.reader.name}',
        policy: policy({
          Effect: 'Allow',
          Action: variant.actions,
          Resource: `arn:aws:s3:::${variant.bucket}/*`,
        }),
      },
      key_rights: {
        name: 'key',
        role: '${aws_iam_role.reader.name}',
        policy: policy({
          Effect: 'Allow',
          Action: ['kms:Decrypt'],
          Resource: '${aws_kms_key.key.arn}',
        }),
      },
    },
    aws_lambda_function: {
      reader: {
        function_name: 'shop-reader',
        description: 'Reads the layer',
        role: '${aws_iam_role.reader.arn}',
        runtime: 'nodejs22.x',
        handler: 'index.handler',
        filename: 'code.zip',
        source_code_hash: variant.code,
        memory_size: variant.memory,
        environment: { variables: { BUCKET: variant.bucket } },
      },
    },
    aws_cloudwatch_log_group: {
      log: { name: '/aws/lambda/shop-reader', retention_in_days: variant.retention },
    },
    aws_glue_catalog_database: { database: { name: 'shop' } },
    aws_glue_catalog_table: {
      table: {
        name: variant.table,
        database_name: '${aws_glue_catalog_database.database.name}',
        table_type: 'EXTERNAL_TABLE',
        storage_descriptor: {
          location: 's3://shop-layer/',
          columns: [{ name: 'text', type: 'string' }],
        },
      },
    },
    aws_ssm_parameter: {
      secret: {
        name: '/shop/secret',
        type: 'SecureString',
        value_wo: 'unset',
        value_wo_version: variant.secretVersion,
        tags: { kept: variant.secretTag },
      },
      password: { name: '/shop/password', type: 'SecureString', value: variant.secret },
      greeting: { name: '/shop/greeting', type: 'String', value: 'Hello' },
    },
  };
}

function stackOf(
  variant: Variant,
  resource: unknown = resourcesOf(variant),
  more: Json = {},
): Json {
  return {
    terraform: {
      backend: { local: {} },
      required_providers: { aws: { source: 'aws', version: '5.100.0' } },
    },
    provider: { aws: [{ region: REGION }] },
    resource,
    output: {
      bucket: { value: '${aws_s3_bucket.layer.bucket}' },
      password: { value: variant.secret, sensitive: true },
    },
    ...more,
  };
}

/** An object without some of its parts. */
function without<T extends object>(from: T, ...keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key))) as T;
}

/** The base without what holds something, and without what needs that. */
function withoutLayers(): Json {
  const resources = without(
    resourcesOf(BASE),
    'aws_kms_key',
    'aws_s3_bucket',
    'aws_s3_bucket_policy',
    'aws_glue_catalog_table',
  );
  const stack = stackOf(BASE, {
    ...resources,
    aws_iam_role_policy: without(resources['aws_iam_role_policy'] ?? {}, 'key_rights'),
    aws_ssm_parameter: without(resources['aws_ssm_parameter'] ?? {}, 'secret', 'password'),
  });
  return without(stack, 'output');
}

/** A log group under another name, and a database that is left alone from now on. */
function moved(): Json {
  const resources = resourcesOf(BASE);
  const others = without(resources, 'aws_glue_catalog_database', 'aws_glue_catalog_table');
  const forget = (from: string): Json => ({ from, lifecycle: { destroy: false } });
  return stackOf(
    BASE,
    {
      ...others,
      aws_cloudwatch_log_group: { reader_log: resources['aws_cloudwatch_log_group']?.['log'] },
    },
    {
      moved: [{ from: 'aws_cloudwatch_log_group.log', to: 'aws_cloudwatch_log_group.reader_log' }],
      removed: [
        forget('aws_glue_catalog_database.database'),
        forget('aws_glue_catalog_table.table'),
      ],
    },
  );
}

/** A value without what is null, false or empty in it. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === false ? undefined : value;
  if (Array.isArray(value)) return value.map((each) => withoutEmpty(each) ?? null);
  const parts = Object.entries(value)
    .filter(([, part]) => part !== null)
    .map(([key, part]) => [key, withoutEmpty(part)] as const)
    .filter(([, part]) => part !== undefined && !['{}', '[]', '""'].includes(JSON.stringify(part)));
  return Object.fromEntries(parts);
}

function trimmedChange(resource: Json): Json {
  const { address, previous_address, mode, type, name } = resource;
  const change = withoutEmpty(resource['change']);
  return { address, previous_address, mode, type, name, change };
}

/** What tests read of a plan. */
function trimmed(plan: Json): Json {
  const { format_version, terraform_version, output_changes } = plan;
  const { root_module } = plan['configuration'] as {
    root_module: { resources?: readonly Json[] };
  };
  const changes = (of: unknown): Json[] => ((of ?? []) as Json[]).map(trimmedChange);
  return {
    format_version,
    terraform_version,
    resource_changes: changes(plan['resource_changes']),
    resource_drift: changes(plan['resource_drift']),
    output_changes,
    configuration: {
      root_module: {
        resources: root_module.resources?.map(({ address, expressions }) => ({
          address,
          expressions,
        })),
      },
    },
  };
}

/** Somebody changes things by hand. */
async function meddle(emulator: Emulator): Promise<void> {
  const s3 = s3ClientOf(emulator);
  await s3.send(new PutBucketPolicyCommand({ Bucket: BASE.bucket, Policy: OPEN }));
  s3.destroy();
  const ssm = new SSMClient(clientSettingsOf(emulator));
  await ssm.send(new DeleteParameterCommand({ Name: '/shop/greeting' }));
  ssm.destroy();
}

async function makeAll(folder: string, emulator: Emulator): Promise<void> {
  const deployment = new Deployment(folder, findTerraform(), emulator);
  const make = async (name: string, stack: Json, ...options: string[]): Promise<void> => {
    await writeFile(join(folder, 'stack.tf.json'), JSON.stringify(stack));
    await deployment.terraform('plan', '-out=plan', ...options);
    const plan = JSON.parse(await deployment.terraform('show', '-json', 'plan')) as Json;
    const file = join(FIXTURES, `${name}.json`);
    await writeFile(file, await formatted(file, JSON.stringify(trimmed(plan))));
    process.stdout.write(`${name}\n`);
  };
  await writeFile(
    join(folder, 'code.zip'),
    zipSync({ 'index.mjs': Buffer.from('export const handler = () => 1;') }),
  );
  await writeFile(join(folder, 'stack.tf.json'), JSON.stringify(stackOf(BASE)));
  await deployment.terraform('init');

  await make('create', stackOf(BASE));
  await deployment.terraform('apply', 'plan');
  await make('unchanged', stackOf(BASE));
  await make(
    'update',
    stackOf({
      ...BASE,
      actions: ['s3:GetObject', 's3:*'],
      memory: 256,
      code: 'two',
      retention: 90,
      secret: SECRETS[1],
    }),
  );
  await make('replace', stackOf({ ...BASE, bucket: 'shop-other', table: 'posts' }));
  await make('delete', withoutLayers());
  await make('destroy', stackOf(BASE), '-destroy');
  await make('overwrite', stackOf({ ...BASE, secretVersion: 2 }));
  await make('tags', stackOf({ ...BASE, secretTag: 'second' }));
  await make('moved', moved());
  await meddle(emulator);
  await make('drift', stackOf(BASE));
}

const python = findPython('ministack');
if (python === null) throw new Error(`MiniStack is not here. To get it: ${HOW_TO_GET_PYTHON}`);
const folder = await mkdtemp(join(tmpdir(), 'plans-'));
const emulator = await startMiniStack(python);
try {
  await mkdir(FIXTURES, { recursive: true });
  await makeAll(folder, emulator);
} finally {
  await emulator.stop();
  await rm(folder, { recursive: true });
}
