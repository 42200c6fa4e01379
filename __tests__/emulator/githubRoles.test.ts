import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

import { AthenaClient, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import {
  CreateUserCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { Deployment, synthesize } from '../../localstack/deployment.ts';
import { type Credentials, type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { type Terraform, findTerraform } from '../../localstack/terraform.ts';
import { ALARM_DRIFT } from '../support/alarmDrift.ts';
import { temporaryFolder } from '../support/folders.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { PROJECT, statementsOf, synthBootstrap } from '../support/stacks.ts';

/*
 * What docs/aws.md says of pull requests, with the roles that the bootstrap makes: the one deploys the
 * whole stack, the other plans it, their state is in the bootstrap's bucket, and neither can more.
 */

const python = findPython('ministack');
const describeWithMiniStack = onDemand('emulator', "the roles of GitHub's workflows", () =>
  requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON),
);

const SETTINGS = {
  CHATBOT_PROJECT: 'shop',
  CHATBOT_STAGE: 'roles',
  CHATBOT_REPOSITORY: 'acme/shop-bot',
  CHATBOT_STATE_BUCKET: 'shop-tf-us-east-1-000000000000',
  CHATBOT_ALARM_EMAIL: 'owner@example.org',
  CHATBOT_OWNER_CHAT: '987654321',
  CHATBOT_DIGEST_HOUR: '8',
} as const;

/**
 * What MiniStack does not hold against the ARN that AWS does, by the Service Authorization Reference:
 * it looks for another field, and finds none. The roles get these for all resources besides, and must
 * have all others as they stand.
 */
const ELSEWHERE = {
  reading: [
    'athena:GetNamedQuery',
    'athena:ListTagsForResource',
    'cloudwatch:GetDashboard',
    'cloudwatch:ListTagsForResource',
    'events:ListTagsForResource',
    'sns:ListTagsForResource',
    'states:ListTagsForResource',
    // It puts the bus into the ARN of a rule, also the default one.
    'events:DescribeRule',
    'events:ListTargetsByRule',
    // It takes a database's name for a table's.
    'glue:GetDatabase',
  ],
  writing: [
    'athena:CreateWorkGroup',
    'athena:DeleteNamedQuery',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:DeleteDashboards',
    'cloudwatch:PutDashboard',
    'events:DeleteRule',
    'events:PutRule',
    'events:PutTargets',
    'events:RemoveTargets',
    'glue:DeleteDatabase',
    'iam:CreatePolicy',
    'kms:CreateAlias',
    'kms:DeleteAlias',
    'lambda:CreateFunction',
  ],
} as const;

/** Whether a policy of the bootstrap gives a right on something of the project's. */
function gives(policy: unknown, action: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Action, Resource = [] }) =>
      Effect === 'Allow' &&
      Action.some((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`).test(action)) &&
      Resource.some((arn) => /shop[-_]/.test(arn)),
  );
}

const refused: unknown = expect.objectContaining({
  name: expect.stringMatching(/^AccessDenied/) as unknown,
});

describeWithMiniStack("the roles of GitHub's workflows", () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let agent: Agent;
  let roles: Record<string, string>;
  let stackFolder: string;
  const cleanups: (() => Promise<void> | void)[] = [];

  /** Takes on a role as a workflow does, by a token that says who it is. @returns what STS says */
  const ask = async (roleArn: string, subject: string, audience: string): Promise<string> => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = [
      part({ alg: 'RS256', typ: 'JWT' }),
      part({
        iss: 'https://token.actions.githubusercontent.com',
        aud: audience,
        sub: subject,
        exp: 4_000_000_000,
      }),
      // MiniStack does not look at the signature.
      part({}),
    ].join('.');
    const call = request(emulator.endpoint, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    call.end(
      new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: roleArn,
        RoleSessionName: 'workflow',
        WebIdentityToken: token,
      }).toString(),
    );
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return Buffer.concat((await response.toArray()) as Buffer[]).toString();
  };

  const take = async (
    name: 'deploy' | 'plan',
    subject: string,
    audience = 'sts.amazonaws.com',
  ): Promise<Credentials> => {
    const said = await ask(roles[`${name}_role_arn`] ?? '', subject, audience);
    const [accessKeyId, secretAccessKey, sessionToken] = [
      'AccessKeyId',
      'SecretAccessKey',
      'SessionToken',
    ].map((field) => new RegExp(`<${field}>([^<]+)<`).exec(said)?.[1]);
    if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error(said);
    return { accessKeyId, secretAccessKey, sessionToken };
  };

  const planner = () => take('plan', 'repo:acme/shop-bot:pull_request');
  const deployer = () => take('deploy', 'repo:acme/shop-bot:environment:deploy');

  beforeAll(async () => {
    terraform = findTerraform();
    folder = await temporaryFolder();
    cleanups.push(() => folder.remove());
    emulator = await startMiniStack(python ?? '', { enforce: true });
    cleanups.push(() => emulator.stop());
    agent = new Agent({ ca: emulator.certificate?.pem, keepAlive: true });
    cleanups.push(() => {
      agent.destroy();
    });

    const out = (name: string) => join(folder.path, name);
    await synthesize(out('bootstrap'), SETTINGS, PROJECT, 'bootstrap.ts');
    await synthesize(out('stack'), SETTINGS);
    const bootstrapFolder = join(out('bootstrap'), 'stacks', 'shop-bootstrap');
    stackFolder = join(out('stack'), 'stacks', 'shop-roles');
    const bootstrap = new Deployment(bootstrapFolder, terraform, emulator);
    await bootstrap.apply();
    roles = await bootstrap.outputs();

    const iam = new IAMClient(clientSettingsOf(emulator, agent));
    for (const [name, actions] of [
      ['plan', ELSEWHERE.reading],
      ['deploy', [...ELSEWHERE.reading, ...ELSEWHERE.writing]],
    ] as const) {
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: `shop-github-${name}-us-east-1`,
          PolicyName: 'elsewhere',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
          }),
        }),
      );
    }
    iam.destroy();
  });

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  test('have of themselves what MiniStack looks for elsewhere', () => {
    const { aws_iam_role_policy: policies = {} } = synthBootstrap({
      project: 'shop',
      repository: SETTINGS.CHATBOT_REPOSITORY,
    }).resource;
    const lacking = {
      plan: ELSEWHERE.reading.filter((action) => !gives(policies['plan_read']?.['policy'], action)),
      deploy: [...ELSEWHERE.reading, ...ELSEWHERE.writing].filter(
        (action) =>
          !['deploy_read', 'deploy_write'].some((name) =>
            gives(policies[name]?.['policy'], action),
          ),
      ),
    };
    expect(lacking).toEqual({ plan: [], deploy: [] });
  });

  test('are taken by the workflows that they are for, and by no others', async () => {
    await expect(planner()).resolves.toBeDefined();
    await expect(take('plan', 'repo:acme/shop-bot:ref:refs/heads/main')).resolves.toBeDefined();
    await expect(deployer()).resolves.toBeDefined();
    for (const [name, subject, audience] of [
      ['plan', 'repo:evil/shop-bot:pull_request'],
      ['plan', 'repo:acme/shop-bot:ref:refs/heads/other'],
      ['plan', 'repo:acme/shop-bot:pull_request', 'elsewhere'],
      ['deploy', 'repo:acme/shop-bot:pull_request'],
      ['deploy', 'repo:acme/shop-bot:ref:refs/heads/main'],
      ['deploy', 'repo:acme/shop-bot:environment:other'],
    ] as const) {
      await expect(take(name, subject, audience)).rejects.toThrow('AccessDenied');
    }
  });

  test('one deploys the whole stack, and keeps its state in the bucket', async () => {
    const stack = new Deployment(stackFolder, terraform, emulator, await deployer());
    expect(await stack.apply()).toBeNull();
    expect(await stack.outputs()).toMatchObject({ workgroup: 'shop-roles' });
  });

  test('the other plans it, and changes nothing and sees no message', async () => {
    const credentials = await planner();
    const stack = new Deployment(stackFolder, terraform, emulator, credentials);
    const { changes } = await stack.plan('-lock=false');
    for (const { type, actions, attributes } of changes) {
      expect({ type, actions }).toEqual({
        type: 'aws_cloudwatch_metric_alarm',
        actions: ['update'],
      });
      expect(ALARM_DRIFT).toEqual(expect.arrayContaining([...attributes]));
    }
    await expect(stack.terraform('apply', '-no-color', '-lock=false', 'plan')).rejects.toThrow(
      'AccessDenied',
    );

    const settings = clientSettingsOf(emulator, agent, credentials);
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const root = new S3Client({ ...clientSettingsOf(emulator, agent), forcePathStyle: true });
    const ssm = new SSMClient(settings);
    const iam = new IAMClient(settings);
    const athena = new AthenaClient(settings);
    try {
      const raw = { Bucket: 'shop-roles-raw-000000000000', Key: 'telegram/probe' };
      const state = { Bucket: SETTINGS.CHATBOT_STATE_BUCKET, Key: 'shop/roles.tfstate' };
      const { VersionId } = await root.send(
        new PutObjectCommand({ ...raw, Body: 'somebody wrote this' }),
      );
      const { Body } = await s3.send(new GetObjectCommand(state));
      expect(await Body?.transformToString()).toContain('aws_s3_bucket');
      await expect(s3.send(new GetObjectCommand(raw))).rejects.toEqual(refused);
      for (const target of [raw, state]) {
        await expect(s3.send(new PutObjectCommand({ ...target, Body: 'x' }))).rejects.toEqual(
          refused,
        );
      }
      await root.send(new DeleteObjectCommand({ ...raw, VersionId }));
      const Name = '/shop/roles/bot-token';
      await expect(ssm.send(new GetParameterHistoryCommand({ Name }))).rejects.toEqual(refused);
      await expect(
        ssm.send(new PutParameterCommand({ Name, Value: 'x', Overwrite: true })),
      ).rejects.toEqual(refused);
      await expect(
        iam.send(new DeleteRolePolicyCommand({ RoleName: 'shop-roles-etl', PolicyName: 'rights' })),
      ).rejects.toEqual(refused);
      await expect(
        athena.send(
          new StartQueryExecutionCommand({ WorkGroup: 'shop-roles', QueryString: 'SELECT 1' }),
        ),
      ).rejects.toEqual(refused);
    } finally {
      for (const client of [s3, root, ssm, iam, athena]) client.destroy();
    }
  });

  test('the one that deploys gives itself no rights, and leaves what is not the project’s', async () => {
    const settings = clientSettingsOf(emulator, agent, await deployer());
    const iam = new IAMClient(settings);
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const root = new S3Client({ ...clientSettingsOf(emulator, agent), forcePathStyle: true });
    try {
      const everything = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      });
      for (const RoleName of ['shop-github-deploy-us-east-1', 'shop-github-plan-us-east-1']) {
        await expect(
          iam.send(
            new PutRolePolicyCommand({
              ...{ RoleName, PolicyName: 'more', PolicyDocument: everything },
            }),
          ),
        ).rejects.toEqual(refused);
        await expect(
          iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: everything })),
        ).rejects.toEqual(refused);
      }
      await expect(iam.send(new CreateUserCommand({ UserName: 'shop-user' }))).rejects.toEqual(
        refused,
      );
      const Bucket = 'somebody-elses';
      await root.send(new CreateBucketCommand({ Bucket }));
      await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }))).rejects.toEqual(
        refused,
      );
    } finally {
      for (const client of [iam, s3, root]) client.destroy();
    }
  });

  test('and takes down what it made', async () => {
    const stack = new Deployment(stackFolder, terraform, emulator, await deployer());
    await stack.terraform('destroy', '-no-color', '-auto-approve');
    expect(await stack.state()).toEqual([]);
    const root = new S3Client({ ...clientSettingsOf(emulator, agent), forcePathStyle: true });
    const { Buckets = [] } = await root.send(new ListBucketsCommand());
    root.destroy();
    expect(Buckets.map(({ Name }) => Name).sort()).toEqual([
      SETTINGS.CHATBOT_STATE_BUCKET,
      'somebody-elses',
    ]);
  });
});
