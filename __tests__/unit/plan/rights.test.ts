import { describe, expect, test } from '@jest/globals';

import { parsePlan } from '../../../scripts/plan/plan.ts';
import { rightsIn } from '../../../scripts/plan/policies.ts';
import { changedRights } from '../../../scripts/plan/rights.ts';
import { rightsText } from '../../../scripts/plan/rightsText.ts';

interface Given {
  readonly type: string;
  readonly name?: string;
  readonly before?: object;
  readonly after?: object;
  readonly unknown?: object;
  readonly sensitive?: object;
  readonly configured?: object;
}

function textOf(...resources: readonly Given[]): string[] {
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: resources.map(({ type, name = 'x', before, after, unknown, sensitive }) => ({
      address: `${type}.${name}`,
      mode: 'managed',
      type,
      name,
      change: {
        actions: [before ? 'update' : 'create'],
        before: before ?? null,
        after: after ?? null,
        after_unknown: unknown,
        after_sensitive: sensitive,
      },
    })),
    configuration: {
      root_module: {
        resources: resources.map(({ type, name = 'x', configured = {} }) => ({
          address: `${type}.${name}`,
          expressions: configured,
        })),
      },
    },
  });
  return rightsText(changedRights(plan)).split('\n');
}

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };

describe('changed rights', () => {
  test('are also those that a role is given where it is defined', () => {
    const managed_policy_arns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    const inline_policy = [{ name: 'own', policy: policy(READ) }];
    const configured = { name: {}, managed_policy_arns: {}, inline_policy: {} };
    const after = { name: 'r', managed_policy_arns, inline_policy };
    expect(textOf({ type: 'aws_iam_role', after, configured })).toEqual([
      '- role `r`',
      '  - ⚠️ may now all that the policy says on `arn:aws:iam::aws:policy/AdministratorAccess`',
      '  - may now `s3:GetObject` on `arn:aws:s3:::a/*`',
    ]);
    const unknown = { managed_policy_arns: [true] };
    expect(textOf({ type: 'aws_iam_role', after: { name: 'r' }, unknown, configured })).toEqual([
      '- ⚠️ `aws_iam_role.x`: its policy is not shown: it is sensitive, or known only after apply',
    ]);
    // What the provider tells of other resources' doing counts once, there.
    const others = { type: 'aws_iam_role', after, configured: { name: {} } };
    expect(textOf(others)).toEqual(['']);
  });

  test('are wide where a condition lets everybody in', () => {
    const open = (network: string): object => ({
      policy: policy({
        ...{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'a' },
        Condition: { IpAddress: { 'aws:SourceIp': [network] } },
      }),
    });
    const type = 'aws_api_gateway_rest_api_policy';
    expect(textOf({ type, before: open('149.154.160.0/20'), after: open('0.0.0.0/0') })).toEqual([
      '- **anyone**',
      '  - ⚠️ may now `execute-api:Invoke` on `a`, if `aws:SourceIp` IpAddress `0.0.0.0/0`',
      '  - may no longer `execute-api:Invoke` on `a`, if `aws:SourceIp` IpAddress `149.154.160.0/20`',
    ]);
  });

  test.each([
    'aws_iam_policy_attachment',
    'aws_iam_user_login_profile',
    'aws_kms_grant',
    'aws_lambda_function_url',
    'aws_s3_bucket_acl',
  ])('say of %s that it gives some', (type) => {
    expect(textOf({ type, after: { name: 'x' } })).toEqual([
      `- ⚠️ \`${type}.x\`: it changes who may do what, and is not spelled out here`,
    ]);
  });

  test('are none when a statement moves from one policy of a role to another', () => {
    const one = { role: 'r', policy: policy(READ) };
    const none = { role: 'r', policy: policy() };
    expect(
      textOf(
        { type: 'aws_iam_role_policy', name: 'one', before: one, after: none },
        { type: 'aws_iam_role_policy', name: 'two', before: none, after: one },
      ),
    ).toEqual(['']);
  });

  test('are none when a policy is only written in another way', () => {
    const other = JSON.stringify({
      Statement: {
        Resource: ['arn:aws:s3:::a/*'],
        Action: ['s3:GetObject'],
        Effect: 'Allow',
        Sid: 'A',
      },
    });
    expect(
      textOf({
        type: 'aws_iam_role_policy',
        before: { role: 'r', policy: policy(READ) },
        after: { role: 'r', policy: other },
      }),
    ).toEqual(['']);
  });

  test('are joined: actions on one thing, things of one action', () => {
    const statement = {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject'],
      Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
    };
    expect(
      textOf({ type: 'aws_iam_role_policy', after: { role: 'r', policy: policy(statement) } }),
    ).toEqual([
      '- role `r`',
      '  - may now `s3:GetObject`, `s3:PutObject` on `arn:aws:s3:::a/*`, `arn:aws:s3:::b/*`',
    ]);
  });

  test('that are wide stand out: everything, all of a service, anybody, a refusal that goes', () => {
    const wide = [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
      { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::a' },
      { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::a' },
    ];
    expect(
      textOf({ type: 'aws_iam_policy', after: { name: 'p', policy: policy(...wide) } }),
    ).toEqual([
      '- who holds the policy `p`',
      '  - ⚠️ may now `s3:GetObject` on **everything** (`*`)',
      '  - ⚠️ may now **everything** (`*`) on `arn:aws:s3:::a`',
      '  - ⚠️ may now everything but iam:* on everything but arn:aws:s3:::a',
    ]);
    const open = { Principal: '*', ...READ };
    const refused = { ...open, Effect: 'Deny' };
    expect(
      textOf({
        type: 'aws_s3_bucket_policy',
        before: { policy: policy(refused) },
        after: { policy: policy(open) },
      }),
    ).toEqual([
      '- **anyone**',
      '  - ⚠️ may now `s3:GetObject` on `arn:aws:s3:::a/*`',
      '  - ⚠️ is no longer refused `s3:GetObject` on `arn:aws:s3:::a/*`',
    ]);
  });

  test('name every kind of party', () => {
    const principals = {
      AWS: ['123456789012', 'arn:aws:iam::123456789012:role/r', '*'],
      Service: 's3.amazonaws.com',
      Federated: 'github',
    };
    const who = rightsIn(policy({ ...READ, Principal: principals }), 'nobody', 'nothing');
    expect(who.map((right) => right.who)).toEqual([
      'the account `123456789012`, by policies of its own',
      'AWS `arn:aws:iam::123456789012:role/r`',
      '**anyone**',
      "AWS's service `s3.amazonaws.com`",
      'who signs in by `github`',
    ]);
    const [other] = rightsIn(policy({ ...READ, NotPrincipal: { AWS: '123456789012' } }), '', '');
    expect(other?.who).toBe('anyone but the account `123456789012`, by policies of its own');
  });

  test('of functions and attached policies are told, too', () => {
    expect(
      textOf(
        {
          type: 'aws_lambda_permission',
          after: {
            principal: 'events.amazonaws.com',
            action: 'lambda:InvokeFunction',
            function_name: 'f',
            source_arn: 'arn:rule',
          },
        },
        {
          type: 'aws_iam_role_policy_attachment',
          after: { role: 'r', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        },
      ),
    ).toEqual([
      "- AWS's service `events.amazonaws.com`",
      '  - may now `lambda:InvokeFunction` on `f`, if `aws:SourceArn` is `arn:rule`',
      '- role `r`',
      '  - ⚠️ may now all that the policy says on `arn:aws:iam::aws:policy/AdministratorAccess`',
    ]);
  });

  test('that the plan does not show are said to be so', () => {
    const hidden = {
      type: 'aws_iam_role_policy',
      after: { role: 'r' },
      unknown: { policy: true },
      configured: { role: {}, policy: { references: ['data.aws_iam_policy_document.d.json'] } },
    };
    expect(textOf(hidden)).toEqual([
      '- ⚠️ `aws_iam_role_policy.x`: its policy is not shown: it is sensitive, or known only after apply',
    ]);
    const secret = {
      type: 'aws_iam_role_policy',
      after: { role: 'r', policy: policy(READ) },
      sensitive: { policy: true },
      configured: { role: {}, policy: {} },
    };
    expect(textOf(secret)).toEqual([
      '- ⚠️ `aws_iam_role_policy.x`: its policy is not shown: it is sensitive, or known only after apply',
    ]);
  });

  test('are not looked for in policies of other kinds', () => {
    expect(
      textOf({
        type: 'aws_ecr_lifecycle_policy',
        after: {
          policy: JSON.stringify({ rules: [] }),
          redrive_policy: '{"maxReceiveCount":3}',
          other_policy: 'no JSON',
        },
      }),
    ).toEqual(['']);
  });
});
