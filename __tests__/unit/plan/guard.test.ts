import { describe, expect, test } from '@jest/globals';

import { judgeLosses, lossesOf } from '../../../scripts/plan/guard.ts';
import { parsePlan } from '../../../scripts/plan/plan.ts';
import { type PlanName, planJson, planText } from './plans.ts';

async function lost(name: PlanName): Promise<string[]> {
  return lossesOf(parsePlan(await planJson(name))).map(({ how, address }) => `${how} ${address}`);
}

describe('the guard', () => {
  test.each(['create', 'unchanged', 'tags', 'moved', 'drift'] as const)(
    'has nothing against the plan %s',
    async (name) => {
      expect(await lost(name)).toEqual([]);
    },
  );

  test('sees what is deleted: key, bucket, table, secrets', async () => {
    expect(await lost('delete')).toEqual([
      'delete aws_glue_catalog_table.table',
      'delete aws_kms_key.key',
      'delete aws_s3_bucket.layer',
      'delete aws_ssm_parameter.password',
      'delete aws_ssm_parameter.secret',
    ]);
  });

  test('sees a queue that goes, with all that waits in it', async () => {
    const text = (await planText('delete')).replaceAll('aws_s3_bucket', 'aws_sqs_queue');
    expect(lossesOf(parsePlan(JSON.parse(text)))).toContainEqual({
      address: 'aws_sqs_queue.layer',
      how: 'delete',
      what: 'the messages that wait in it',
    });
  });

  test('sees what is replaced', async () => {
    expect(await lost('replace')).toEqual([
      'replace aws_glue_catalog_table.table',
      'replace aws_s3_bucket.layer',
    ]);
  });

  test('sees a secret that would be overwritten, and lets its tags change', async () => {
    expect(await lost('overwrite')).toEqual(['overwrite aws_ssm_parameter.secret']);
    expect(await lost('update')).toEqual(['overwrite aws_ssm_parameter.password']);
  });

  test('lets pass what is named, and nothing else', async () => {
    const plan = parsePlan(await planJson('replace'));
    const { unexpected, unused } = judgeLosses(plan, [
      'aws_s3_bucket.layer',
      'aws_s3_bucket.lay',
      'aws_lambda_function.reader',
    ]);
    expect(unexpected.map(({ address }) => address)).toEqual(['aws_glue_catalog_table.table']);
    expect(unused).toEqual(['aws_s3_bucket.lay', 'aws_lambda_function.reader']);
  });
});
