import { describe, expect, test } from '@jest/globals';

import { ofType, resource, resourcesOf, statementsOf, synthBootstrap } from '../support/stacks.ts';

const stack = synthBootstrap({ repository: 'acme/shop-bot', stateBucket: 'some-bucket' });

describe('the bootstrap', () => {
  test('is the state’s bucket, the API Gateway account, and GitHub’s two roles', () => {
    const types = Object.entries(stack.resource).map(([type, named]) => [
      type,
      Object.keys(named).sort(),
    ]);
    expect(Object.fromEntries(types)).toEqual({
      aws_api_gateway_account: ['api_log'],
      aws_iam_openid_connect_provider: ['github'],
      aws_iam_role: ['api_log_role', 'deploy_role', 'plan_role'],
      aws_iam_role_policy: ['deploy_read', 'deploy_write', 'plan_read'],
      aws_iam_role_policy_attachment: ['api_log_rights'],
      aws_s3_bucket: ['state_bucket'],
      aws_s3_bucket_lifecycle_configuration: ['state_lifecycle'],
      aws_s3_bucket_ownership_controls: ['state_ownership'],
      aws_s3_bucket_policy: ['state_policy'],
      aws_s3_bucket_public_access_block: ['state_public_access'],
      aws_s3_bucket_server_side_encryption_configuration: ['state_encryption'],
      aws_s3_bucket_versioning: ['state_versioning'],
    });
  });

  test('keeps its own state in a file: the bucket is not there yet', () => {
    const path = '../../../terraform.shop-bootstrap-us-east-1-123456789012.tfstate';
    expect(stack.terraform).toMatchObject({ backend: { local: { path } } });
  });

  test('of another region stands beside it: it shares neither state nor names', () => {
    const other = synthBootstrap({ repository: 'acme/shop-bot', region: 'sa-east-1' });
    const namesOf = (of: typeof stack): unknown[] => [
      of.terraform['backend'],
      ...Object.values(ofType(of, 'aws_iam_role')).map(({ name }) => name),
      ...Object.values(ofType(of, 'aws_s3_bucket')).map(({ bucket }) => bucket),
    ];
    expect(namesOf(stack)).toHaveLength(5);
    for (const name of namesOf(other)) expect(namesOf(stack)).not.toContainEqual(name);
  });

  test('takes the account’s identity provider for GitHub where there is one', () => {
    const settings = { repository: 'acme/shop-bot', githubProvider: 'existing' } as const;
    const beside = synthBootstrap(settings);
    expect(ofType(beside, 'aws_iam_openid_connect_provider')).toEqual({});
    const { assume_role_policy } = resource(beside, 'aws_iam_role', 'plan_role');
    expect(statementsOf(assume_role_policy)[0]?.Principal).toEqual({
      Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    });
  });

  test('trusts nobody at GitHub where no repository is named', () => {
    const alone = synthBootstrap();
    expect(Object.keys(ofType(alone, 'aws_iam_role'))).toEqual(['api_log_role']);
    expect(JSON.stringify(alone)).not.toContain('githubusercontent');
  });

  test.each([
    ['plan', ['repo:acme/shop-bot:pull_request', 'repo:acme/shop-bot:ref:refs/heads/main']],
    ['deploy', ['repo:acme/shop-bot:environment:deploy']],
  ])('lets workflows take on the role %s only as %j', (name, subjects) => {
    const { assume_role_policy } = resource(stack, 'aws_iam_role', `${name}_role`);
    expect(statementsOf(assume_role_policy)).toEqual([
      {
        Sid: 'Workflows',
        Effect: 'Allow',
        Principal: { Federated: '${aws_iam_openid_connect_provider.github.arn}' },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subjects,
          },
        },
      },
    ]);
  });

  test('lets a plan read how things are set up, change nothing, and see no message', () => {
    const { policy } = resource(stack, 'aws_iam_role_policy', 'plan_read');
    const actions = statementsOf(policy).flatMap(({ Action }) => Action);
    const reading = /^[a-z0-9]+:(Get|List|Describe|Validate)|^apigateway:GET$|^kms:Decrypt$/;
    expect(actions.filter((action) => !reading.test(action))).toEqual([]);
    const objects = statementsOf(policy).filter(({ Action }) => Action.includes('s3:GetObject'));
    expect(objects.map(({ Resource }) => Resource)).toEqual([
      ['arn:aws:s3:::shop-tf-us-east-1-123456789012/shop/*'],
    ]);
    // Terraform reads the shells decrypted; of what was in them before nothing is to be seen.
    expect(actions.filter((action) => action.startsWith('ssm:'))).toEqual([
      'ssm:GetParameter',
      'ssm:ListTagsForResource',
      'ssm:DescribeParameters',
    ]);
    expect(actions.filter((action) => /^s3:(Get\*|\*)|^logs:(Get|Filter)/.test(action))).toEqual(
      [],
    );
  });

  test('lets a deployment change what is the project’s, and not its own rights', () => {
    const { policy } = resource(stack, 'aws_iam_role_policy', 'deploy_write');
    const statements = statementsOf(policy);
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Sid: 'NotItsOwnRights',
        Effect: 'Deny',
        Action: ['iam:Delete*', 'iam:Put*', 'iam:Update*'],
        Resource: [
          'arn:aws:iam::123456789012:role/shop-github-plan-*',
          'arn:aws:iam::123456789012:role/shop-github-deploy-*',
        ],
      },
    ]);
    // What has no ARN of ours: APIs, subscriptions, which only their owner may change, and mappings,
    // whose tags do nothing.
    const nameless = ['Changeapigateway', 'ChangeSubscriptions', 'TagMappings'];
    for (const { Sid, Effect, Resource = [], Condition } of statements) {
      if (Effect === 'Deny' || Condition !== undefined || nameless.includes(Sid)) continue;
      const foreign = Resource.filter(
        (arn) => !/shop[-_/]|:catalog$|:API-Gateway-Execution-Logs_\*$/.test(arn),
      );
      expect([Sid, foreign]).toEqual([Sid, []]);
    }
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack)).toMatchSnapshot();
  });
});
