import { describe, expect, test } from '@jest/globals';

import { summarizePlan } from '../../../scripts/plan/summary.ts';
import { PLANS, type PlanName, planJson, planText } from './plans.ts';

const names = Object.keys(PLANS) as PlanName[];

async function summaryOf(name: PlanName): Promise<string> {
  return summarizePlan(await planJson(name), { title: 'shop' });
}

/** Lines below a heading, up to the next one. */
function section(summary: string, title: string): string[] {
  const [, after = ''] = summary.split(`### ${title}\n`);
  return (after.split('\n### ')[0] ?? '').split('\n').filter((line) => line !== '');
}

function headings(summary: string): string[] {
  return [...summary.matchAll(/^### (.*)$/gm)].map(([, title = '']) => title);
}

describe('the summary of a plan', () => {
  test.each([
    ['create', '13 to add, 0 to change, 0 to replace, 0 to delete'],
    ['unchanged', 'nothing changes'],
    ['update', '0 to add, 4 to change, 0 to replace, 0 to delete'],
    ['replace', '0 to add, 2 to change, 3 to replace, 0 to delete'],
    ['delete', '0 to add, 0 to change, 0 to replace, 7 to delete'],
    ['destroy', '0 to add, 0 to change, 0 to replace, 13 to delete'],
    ['overwrite', '0 to add, 1 to change, 0 to replace, 0 to delete'],
    ['tags', '0 to add, 1 to change, 0 to replace, 0 to delete'],
    ['moved', '0 to add, 0 to change, 0 to replace, 0 to delete, 2 to leave alone'],
    ['drift', '1 to add, 1 to change, 0 to replace, 0 to delete'],
  ] as const)('counts what becomes of the resources: %s', async (name, counts) => {
    expect((await summaryOf(name)).split('\n')[0]).toBe(`## Plan of shop: ${counts}`);
  });

  test('of a plan that changes nothing is one line', async () => {
    expect(await summaryOf('unchanged')).toBe('## Plan of shop: nothing changes\n');
  });

  test('tells each change in one line, and what only follows not at all', async () => {
    const summary = await summaryOf('update');
    expect(section(summary, 'Changed')).toEqual([
      '- `~` `aws_cloudwatch_log_group.log` `/aws/lambda/shop-reader`: retention_in_days `30` → `90`',
      '- `~` `aws_iam_role_policy.rights` `rights`: policy (see Rights)',
      '- `~` `aws_lambda_function.reader` `shop-reader`: memory_size `128` → `256`; source_code_hash `one` → `two`',
      '- `~` `aws_ssm_parameter.password` `/shop/password`: value (sensitive)',
    ]);
  });

  test('begins with what is replaced and deleted, and says what is lost and why', async () => {
    const summary = await summaryOf('replace');
    expect(summary.split('\n').slice(2, 7)).toEqual([
      '> [!CAUTION]',
      '> **`aws_glue_catalog_table.table` is deleted and made anew**, and with it the table that queries name (⛔ not expected)  ',
      '> **`aws_s3_bucket.layer` is deleted and made anew**, and with it every object in it (⛔ not expected)  ',
      '>',
      '> If that is meant: `npm run plan -- --allow-delete aws_glue_catalog_table.table --allow-delete aws_s3_bucket.layer`',
    ]);
    expect(headings(summary)[0]).toBe('Replaced');
    expect(section(summary, 'Replaced')).toEqual([
      expect.stringContaining('name `messages` → `posts` **forces replacement**'),
      '- `±` `aws_s3_bucket.layer` `shop-other`: bucket `shop-layer` → `shop-other` **forces replacement**',
      '- `±` `aws_s3_bucket_policy.layer`: bucket `shop-layer` → (known after apply) **forces replacement**; policy (see Rights)',
    ]);
    expect(headings(await summaryOf('delete'))[0]).toBe('Deleted');
  });

  test('says which losses somebody expects', async () => {
    const summary = summarizePlan(await planJson('replace'), {
      allowed: ['aws_s3_bucket.layer', 'aws_glue_catalog_table.table'],
    });
    expect(summary).toContain('every object in it (expected)');
    expect(summary).not.toMatch(/not expected|If that is meant/);
  });

  test('spells out who may now do what on what, and what is wide', async () => {
    expect(section(await summaryOf('update'), 'Rights')).toEqual([
      '- role `shop-reader`',
      '  - ⚠️ may now `s3:*` on `arn:aws:s3:::shop-layer/*`',
      '  - may no longer `s3:ListBucket` on `arn:aws:s3:::shop-layer/*`',
    ]);
  });

  test('shows rights on what is yet to be made', async () => {
    expect(section(await summaryOf('create'), 'Rights')).toEqual([
      '- **anyone**',
      '  - is now refused `s3:*` on `arn:aws:s3:::shop-layer/*`, if `aws:SecureTransport` Bool `false`',
      "- AWS's service `lambda.amazonaws.com`",
      '  - may now `sts:AssumeRole` on `role shop-reader`',
      '- role `shop-reader`',
      '  - may now `kms:Decrypt` on `${aws_kms_key.key.arn}`',
      '  - may now `s3:GetObject`, `s3:ListBucket` on `arn:aws:s3:::shop-layer/*`',
    ]);
  });

  test('tells what changes the bill', async () => {
    expect(section(await summaryOf('update'), 'Cost')).toEqual([
      '- `aws_cloudwatch_log_group.log`: retention_in_days `30` → `90`',
      '- `aws_lambda_function.reader`: memory_size `128` → `256`',
    ]);
    expect(section(await summaryOf('delete'), 'Cost')).toEqual([
      '- 1 fewer `aws_kms_key`, each $1.00 a month, and more with each yearly rotation',
    ]);
  });

  test('tells the size of code that changes', async () => {
    const sizeOf = (file: string): number | undefined => (file === 'code.zip' ? 4242 : undefined);
    const created = summarizePlan(await planJson('create'), { sizeOf });
    expect(section(created, 'Function code')).toEqual([
      '- `aws_lambda_function.reader`: new, 4.2 kB',
    ]);
    const updated = summarizePlan(await planJson('update'), { sizeOf });
    expect(section(updated, 'Function code')).toEqual([
      expect.stringMatching(/^- `aws_lambda_function.reader`: 0\.1 kB → 4\.2 kB \(\+[\d,.]+ %\)$/),
    ]);
    expect(headings(await summaryOf('tags'))).not.toContain('Function code');
  });

  test('tells what others changed by hand', async () => {
    const summary = await summaryOf('drift');
    expect(section(summary, 'Changed by others since the last deployment')).toEqual([
      '- `aws_s3_bucket_policy.layer`: policy (see Rights)',
      '- `aws_ssm_parameter.greeting` `/shop/greeting`: is no longer there',
    ]);
    expect(section(summary, 'Rights')).toContain(
      '  - may no longer `s3:GetObject` on `arn:aws:s3:::shop-layer/*`',
    );
    expect(headings(await summaryOf('unchanged'))).toEqual([]);
  });

  test('tells what is only moved or left alone', async () => {
    const summary = await summaryOf('moved');
    expect(section(summary, 'Moved')).toEqual([
      expect.stringContaining('(moved from `aws_cloudwatch_log_group.log`)'),
    ]);
    expect(section(summary, 'Left alone: there, and no longer managed')).toHaveLength(2);
    expect(summary).not.toContain('[!CAUTION]');
  });

  test('shows no secret, though the plan has it', async () => {
    expect(await planText('update')).toContain('second-secret-value');
    for (const name of names) {
      expect({ name, summary: await summaryOf(name) }).toEqual({
        name,
        summary: expect.not.stringMatching(/secret-value|unset/) as unknown,
      });
    }
    expect(section(await summaryOf('update'), 'Outputs')).toEqual(['- `~` password: (sensitive)']);
  });

  test('folds long lists', async () => {
    const plan = (await planJson('create')) as { resource_changes: object[] };
    const many = Array.from({ length: 3 }, () => plan.resource_changes).flat();
    const summary = summarizePlan({ ...plan, resource_changes: many });
    expect(section(summary, 'Added')[0]).toBe('<details><summary>39 resources</summary>');
  });

  /** A summary of changes that no fixture has. */
  function summaryOfChanges(
    ...changes: readonly (readonly [type: string, before: object | null, after: object | null])[]
  ): string {
    return summarizePlan({
      format_version: '1.2',
      terraform_version: '1.11.4',
      resource_changes: changes.map(([type, before, after]) => ({
        address: `${type}.x`,
        mode: 'managed',
        type,
        name: 'x',
        change: {
          actions: [before === null ? 'create' : after === null ? 'delete' : 'update'],
          before,
          after,
        },
      })),
    });
  }

  test('tells what changes in settings that are JSON, and of much of it only the size', () => {
    const settings = (chats: string): object => ({
      environment: [{ variables: { CONFIG: JSON.stringify({ chats, more: 'x'.repeat(99) }) } }],
    });
    const changed = summaryOfChanges(['aws_lambda_function', settings('private'), settings('any')]);
    expect(section(changed, 'Changed')).toEqual([
      '- `~` `aws_lambda_function.x`: environment.variables.CONFIG.chats `private` → `any`',
    ]);
    const body = (base: number): object => ({
      dashboard_body: JSON.stringify(Array.from({ length: 99 }, (_, index) => index + base)),
    });
    const redone = summaryOfChanges(['aws_cloudwatch_dashboard', body(0), body(1)]);
    expect(section(redone, 'Changed')).toEqual([
      expect.stringMatching(/: dashboard_body \d+ characters → \d+ characters$/),
    ]);
  });

  test('tells first what is less protected than before, and nothing of what is more', () => {
    const lifecycle = (days: number): object => ({
      rule: [
        { status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 0 }] },
        { status: 'Enabled', filter: [{ prefix: 'telegram/' }], expiration: [{ days }] },
      ],
    });
    const versioning = (status: string): object => ({ versioning_configuration: [{ status }] });
    const block = { bucket: 'a', block_public_acls: true, ignore_public_acls: true };
    const changes = [
      ['aws_s3_bucket_lifecycle_configuration', lifecycle(365), lifecycle(30)],
      ['aws_s3_bucket_versioning', versioning('Enabled'), versioning('Suspended')],
      ['aws_s3_bucket_public_access_block', block, { ...block, block_public_acls: false }],
      ['aws_s3_bucket', { force_destroy: false }, { force_destroy: true }],
      ['aws_kms_key', { enable_key_rotation: true }, { enable_key_rotation: false }],
    ] as const;
    const summary = summaryOfChanges(...changes);
    expect(headings(summary)[0]).toBe('⚠️ Less protected');
    expect(section(summary, '⚠️ Less protected')).toEqual([
      '- `aws_s3_bucket_lifecycle_configuration.x`: deletes objects under `telegram/` after 30 days, no longer after 365',
      '- `aws_s3_bucket_versioning.x`: keeps no versions: what is overwritten or deleted is gone',
      '- `aws_s3_bucket_public_access_block.x`: `block_public_acls` is off',
      '- `aws_s3_bucket.x`: can be deleted with all that is in it',
      '- `aws_kms_key.x`: `enable_key_rotation` is off',
    ]);
    const back = changes.map(([type, before, after]) => [type, after, before] as const);
    expect(headings(summaryOfChanges(...back))).not.toContain('⚠️ Less protected');
    // A block that goes leaves its bucket open, unless the bucket goes with it.
    const gone = ['aws_s3_bucket_public_access_block', block, null] as const;
    expect(section(summaryOfChanges(gone), '⚠️ Less protected')).toHaveLength(2);
    const both = summaryOfChanges(gone, ['aws_s3_bucket', { bucket: 'a' }, null]);
    expect(headings(both)).not.toContain('⚠️ Less protected');
  });

  test('names who is told of alarms', () => {
    const endpoint = 'maria@example.com';
    const summary = summaryOfChanges(['aws_sns_topic_subscription', null, { endpoint }]);
    expect(section(summary, 'Added')).toEqual([
      '- `+` `aws_sns_topic_subscription.x` `maria@example.com`',
    ]);
  });

  test('takes nothing of a plan for Markdown', () => {
    const resource = {
      address: 'aws_athena_named_query.query',
      mode: 'managed',
      type: 'aws_athena_named_query',
      name: 'query',
      change: {
        actions: ['create'],
        before: null,
        after: {
          name: '`</details>`',
          description: '@everyone <img src=x> **[no](http://x)** a|b',
        },
      },
    };
    const summary = summarizePlan({
      format_version: '1.2',
      terraform_version: '1.11.4',
      resource_changes: [resource],
    });
    expect(section(summary, 'Added')).toEqual([
      '- `+` `aws_athena_named_query.query` `` `</details>` ``: &#64;everyone &#60;img src=x&#62; \\*\\*\\[no\\](http://x)\\*\\* a\\|b',
    ]);
  });

  test('is refused for what is no plan, or has actions that nobody knows', async () => {
    expect(() => summarizePlan({ resource_changes: [] })).toThrow(/format_version/);
    const plan = (await planJson('create')) as { resource_changes: { change: object }[] };
    const resources = plan.resource_changes.map((each) => ({
      ...each,
      change: { ...each.change, actions: ['transmogrify'] },
    }));
    expect(() => summarizePlan({ ...plan, resource_changes: resources })).toThrow(/actions/);
  });
});
