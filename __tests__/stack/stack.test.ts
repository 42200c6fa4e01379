import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { describe, expect, test } from '@jest/globals';

import { PROJECT, ofType, synthStack } from '../support/stacks.ts';

describe('the stack', () => {
  test('belongs to one account and region, and to Terraform that knows write-only values', async () => {
    const stack = await synthStack({ region: 'sa-east-1' });
    expect(stack.provider.aws).toEqual([
      expect.objectContaining({
        allowed_account_ids: ['123456789012'],
        default_tags: [{ tags: { project: 'shop', stage: 'test' } }],
        region: 'sa-east-1',
      }),
    ]);
    expect(stack.terraform).toMatchObject({
      required_version: '>= 1.11.0',
      required_providers: { aws: { version: '5.100.0' } },
    });
  });

  test('keeps its state beside cdktf.json, or locked in a bucket', async () => {
    expect((await synthStack()).terraform).toMatchObject({
      backend: { local: { path: '../../../terraform.shop-test.tfstate' } },
    });
    expect((await synthStack({ stateBucket: 'my-states' })).terraform).toMatchObject({
      backend: {
        s3: {
          bucket: 'my-states',
          encrypt: true,
          key: 'shop/test.tfstate',
          region: 'us-east-1',
          use_lockfile: true,
        },
      },
    });
  });

  test('says what one needs next', async () => {
    const { output } = await synthStack();
    expect(Object.keys(output).sort()).toEqual([
      'analyst_policy',
      'dashboard',
      'database',
      'enriched_bucket',
      'next',
      'raw_bucket',
      'results_bucket',
      'secret_parameter',
      'token_parameter',
      'webhook_url',
      'workgroup',
    ]);
    expect(output['next']?.value).toBe(
      `CHATBOT_STAGE=test npx chatbot webhook set --url ${output['webhook_url']?.value ?? ''}`,
    );
  });

  test('says of every resource what it is for, where AWS has a place for it', async () => {
    const stack = await synthStack({
      alarmEmail: 'owner@example.org',
      ownerChat: 5,
      digestHour: 8,
    });
    const purposeful = [
      'aws_api_gateway_rest_api',
      'aws_api_gateway_stage',
      'aws_athena_named_query',
      'aws_athena_workgroup',
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_log_group',
      'aws_glue_catalog_database',
      'aws_glue_catalog_table',
      'aws_iam_policy',
      'aws_iam_role',
      'aws_kms_key',
      'aws_lambda_function',
      'aws_s3_bucket',
      'aws_sns_topic',
      'aws_sqs_queue',
      'aws_ssm_parameter',
    ];
    for (const type of purposeful) {
      const resources = Object.entries(ofType(stack, type));
      expect(resources).not.toEqual([]);
      for (const [name, { description, tags }] of resources) {
        const { purpose } = (tags ?? {}) as { purpose?: string };
        const text = (description as string | undefined) ?? purpose ?? '';
        expect([name, text.length > 10]).toEqual([name, true]);
      }
    }
  });

  test('two stages share no name', async () => {
    const [one, other] = [await synthStack({ stage: 'one' }), await synthStack({ stage: 'two' })];
    const names = (of: typeof one): string[] =>
      [
        ['aws_api_gateway_rest_api', 'name'],
        ['aws_athena_workgroup', 'name'],
        ['aws_cloudwatch_dashboard', 'dashboard_name'],
        ['aws_cloudwatch_event_rule', 'name'],
        ['aws_cloudwatch_log_group', 'name'],
        ['aws_cloudwatch_metric_alarm', 'alarm_name'],
        ['aws_glue_catalog_database', 'name'],
        ['aws_iam_policy', 'name'],
        ['aws_iam_role', 'name'],
        ['aws_kms_alias', 'name'],
        ['aws_lambda_function', 'function_name'],
        ['aws_s3_bucket', 'bucket'],
        ['aws_sns_topic', 'name'],
        ['aws_sqs_queue', 'name'],
        ['aws_ssm_parameter', 'name'],
      ].flatMap(([type = '', field = '']) =>
        Object.values(ofType(of, type)).map((found) => String(found[field])),
      );
    expect(names(one)).not.toContain('undefined');
    expect(names(one).filter((name) => names(other).includes(name))).toEqual([]);
  });

  test('has names that fit even where project and stage are as long as they may be', async () => {
    const long = await synthStack({ project: `a${'b'.repeat(30)}`, stage: 'c'.repeat(9) });
    for (const { bucket } of Object.values(ofType(long, 'aws_s3_bucket'))) {
      expect(String(bucket).length).toBeLessThanOrEqual(63);
    }
    for (const { name } of Object.values(ofType(long, 'aws_iam_role'))) {
      expect(String(name).length).toBeLessThanOrEqual(64);
    }
  });
});

describe('synth', () => {
  /** A copy of the project in a folder of its own, as a clone would be. */
  function copyProject(): string {
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    const files = execFileSync(
      'git',
      [
        'ls-files',
        '-z',
        '--cached',
        '--others',
        '--exclude-standard',
        'main.ts',
        'cdktf.json',
        'package.json',
        'tsconfig.json',
        'infra',
        'src',
        'functions',
        'scripts',
        'sql',
        'knowledge',
      ],
      { cwd: PROJECT, encoding: 'utf8' },
    );
    for (const file of files.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(PROJECT, file), join(folder, file));
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  }

  test('refuses a wrong value, naming it and what is allowed', () => {
    const folder = copyProject();
    try {
      const env = { ...process.env, CHATBOT_NETWORKS: '149.154.160.0' };
      const synth = () =>
        execFileSync(process.execPath, ['--import', 'tsx', 'main.ts'], {
          cwd: folder,
          env,
          stdio: 'pipe',
        });
      expect(synth).toThrow(
        'CHATBOT_NETWORKS is "149.154.160.0": is a list of IPv4 networks such as 149.154.160.0/20',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
