import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account/index.js';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { AwsStack } from './awsStack.ts';
import { Bucket } from './bucket.ts';
import { EXECUTION_LOGS, STATES_LOGS, arn, bucketArn, iamArn } from './names.ts';
import { type Statement, allow, assumedBy, policyDocument } from './policy.ts';

/** What the bootstrap is made of. */
export interface BootstrapStackProps {
  readonly config: Config;
}

/** Who tells AWS which workflow is asking. */
const GITHUB = 'token.actions.githubusercontent.com';

/** GitHub's environment that a deployment is bound to: people approve what enters it. */
const DEPLOY_ENVIRONMENT = 'deploy';

/** Days that an older state can be brought back. */
const STATE_VERSIONS_DAYS = 365;

/** Each service that a stack uses, and what is ours there, whatever the stage. */
function resourcesOf(config: Config): Readonly<Record<string, readonly string[]>> {
  const { project, region } = config;
  const database = project.replaceAll('-', '_');
  return {
    // APIs have no names in their ARNs.
    apigateway: ['restapis', 'restapis/*', 'tags/*'].map(
      (path) => `arn:aws:apigateway:${region}::/${path}`,
    ),
    athena: [arn(config, 'athena', `workgroup/${project}-*`)],
    cloudwatch: [
      arn(config, 'cloudwatch', `alarm:${project}-*`),
      `arn:aws:cloudwatch::${config.account}:dashboard/${project}-*`,
    ],
    events: [arn(config, 'events', `rule/${project}-*`)],
    glue: [
      arn(config, 'glue', 'catalog'),
      arn(config, 'glue', `database/${database}_*`),
      arn(config, 'glue', `table/${database}_*/*`),
    ],
    lambda: [arn(config, 'lambda', `function:${project}-*`)],
    logs: [
      arn(config, 'logs', `log-group:/aws/lambda/${project}-*`),
      arn(config, 'logs', `log-group:/aws/apigateway/${project}-*`),
      arn(config, 'logs', `log-group:${STATES_LOGS}${project}-*`),
      // Named after an API's id, which nobody knows before.
      arn(config, 'logs', `log-group:${EXECUTION_LOGS}*`),
    ],
    sns: [arn(config, 'sns', `${project}-*`)],
    sqs: [arn(config, 'sqs', `${project}-*`)],
    ssm: [arn(config, 'ssm', `parameter/${project}/*`)],
    states: [arn(config, 'states', `stateMachine:${project}-*`)],
  };
}

/** Actions that only read, where not all of a service's are to be given. */
const READ_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  apigateway: ['apigateway:GET'],
  // Not the history, in which every secret stands that was ever set.
  ssm: ['ssm:GetParameter', 'ssm:ListTagsForResource'],
};

/** What starts functions from queues. A mapping has a number, and no name that could be ours. */
function mappingsOf(config: Config): readonly string[] {
  return [arn(config, 'lambda', 'event-source-mapping:*')];
}

/** Names of a service's actions that only read. */
function readActions(service: string): readonly string[] {
  return READ_ACTIONS[service] ?? ['Describe', 'Get', 'List'].map((verb) => `${service}:${verb}*`);
}

/** What a plan looks at: how things are set up, and not what is in them. */
function readRights(config: Config): Statement[] {
  const { project } = config;
  const { lambda = [], logs = [], ...others } = resourcesOf(config);
  const keys = [arn(config, 'kms', 'key/*')];
  return [
    ...Object.entries(others).map(([service, resources]) =>
      allow(`Read${service}`, readActions(service), resources),
    ),
    // Not GetFunction alone: it is how Terraform asks; the code is this repository's.
    allow('Readlambda', readActions('lambda'), lambda),
    allow('ReadMappings', ['lambda:GetEventSourceMapping', 'lambda:ListTags'], mappingsOf(config)),
    allow('Readlogs', ['logs:ListTagsForResource', 'logs:ListTagsLogGroup'], logs),
    allow(
      'ReadBuckets',
      [
        's3:GetAccelerateConfiguration',
        's3:GetBucket*',
        's3:GetEncryptionConfiguration',
        's3:GetLifecycleConfiguration',
        's3:GetReplicationConfiguration',
        's3:ListBucket',
      ],
      [bucketArn(`${project}-*`)],
    ),
    allow(
      'ReadRolesAndPolicies',
      ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:GetRole', 'iam:GetRolePolicy', 'iam:List*'],
      [iamArn(config, `role/${project}-*`), iamArn(config, `policy/${project}-*`)],
    ),
    allow(
      'ReadKeys',
      ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      keys,
      { StringEquals: { 'aws:ResourceTag/project': project } },
    ),
    // Terraform reads the secrets' shells decrypted, or not at all; their values stay out of the state.
    allow('ReadShellsOfSecrets', ['kms:Decrypt'], keys, {
      StringEquals: {
        'aws:ResourceTag/project': project,
        'kms:ViaService': `ssm.${config.region}.amazonaws.com`,
      },
    }),
    // These name no resource: they list what there is, or check what was sent. Alarms are looked for
    // among all, too.
    allow(
      'Find',
      [
        'cloudwatch:DescribeAlarms',
        'kms:ListAliases',
        'logs:DescribeLogGroups',
        'sns:GetSubscriptionAttributes',
        'ssm:DescribeParameters',
        'states:ValidateStateMachineDefinition',
      ],
      ['*'],
    ),
  ];
}

/** What a deployment changes. */
function writeRights(config: Config): Statement[] {
  const { project } = config;
  const roles = iamArn(config, `role/${project}-*`);
  const policies = iamArn(config, `policy/${project}-*`);
  return [
    ...Object.entries(resourcesOf(config)).map(([service, resources]) =>
      allow(`Change${service}`, [`${service}:*`], resources),
    ),
    // One that is yet to be made has no ARN: the function that it starts is ours.
    allow(
      'ChangeMappings',
      [
        'lambda:CreateEventSourceMapping',
        'lambda:DeleteEventSourceMapping',
        'lambda:UpdateEventSourceMapping',
      ],
      ['*'],
      { ArnLike: { 'lambda:FunctionArn': arn(config, 'lambda', `function:${project}-*`) } },
    ),
    allow('TagMappings', ['lambda:TagResource', 'lambda:UntagResource'], mappingsOf(config)),
    allow('ChangeBuckets', ['s3:*'], [bucketArn(`${project}-*`)]),
    allow(
      'ChangeRolesAndPolicies',
      [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:CreateRole',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:PutRolePolicy',
        'iam:TagPolicy',
        'iam:TagRole',
        'iam:UntagPolicy',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      [roles, policies],
    ),
    allow('GiveRolesToFunctions', ['iam:PassRole'], [roles], {
      StringEquals: {
        'iam:PassedToService': ['lambda.amazonaws.com', 'states.amazonaws.com'],
      },
    }),
    // A new key has no ARN that a right could name; its tag is ours from the start.
    allow('MakeKeys', ['kms:CreateKey', 'kms:TagResource'], ['*'], {
      StringEquals: { 'aws:RequestTag/project': project },
    }),
    allow('ChangeKeys', ['kms:*'], [arn(config, 'kms', 'key/*')], {
      StringEquals: { 'aws:ResourceTag/project': project },
    }),
    allow(
      'ChangeAliases',
      ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      [arn(config, 'kms', `alias/${project}-*`)],
    ),
    // Subscriptions are no resources that a right could name; only their owner may change one.
    allow('ChangeSubscriptions', ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'], ['*']),
    {
      Sid: 'NotItsOwnRights',
      Effect: 'Deny',
      Action: ['iam:Delete*', 'iam:Put*', 'iam:Update*'],
      // Nor those of its like in another region.
      Resource: ['plan', 'deploy'].map((name) =>
        iamArn(config, `role/${project}-github-${name}-*`),
      ),
    },
  ];
}

/** IAM has no regions, and what these roles may do is of one. */
function roleName({ project, region }: Config, name: string): string {
  return `${project}-github-${name}-${region}`;
}

/** What exists once per account and region: made once, by hand, before the first stage. */
export class BootstrapStack extends AwsStack {
  constructor(scope: Construct, { config }: BootstrapStackProps) {
    const { project, region, account } = config;
    super(scope, `${project}-bootstrap`, {
      config,
      // Not in the bucket that it makes. Another region or account has a bootstrap of its own: in one
      // state with this one, Terraform would delete this one's.
      state: { file: `terraform.${project}-bootstrap-${region}-${account}.tfstate` },
      tags: { stage: 'bootstrap' },
    });

    const state = new Bucket(this, 'state', {
      bucketName: `${project}-tf-${region}-${account}`,
      purpose: 'Terraform state of all stages and its locks',
      key: null,
      expiration: {},
      noncurrentDays: STATE_VERSIONS_DAYS,
      accessLogs: null,
      skips: {
        CKV_AWS_18: 'Only Terraform comes here, and each of its states is kept as a version.',
        CKV_AWS_145: 'The state holds no secret; a key of its own would cost a dollar a month.',
      },
    });
    this.#letApisLog(config);
    new TerraformOutput(this, 'state_bucket', {
      description: 'To be set as stateBucket in cdktf.json',
      value: state.bucketName,
    });
    if (config.repository !== undefined) this.#trustGithub(config, config.repository, state);
  }

  /** API Gateway writes access logs by one role for all APIs of the account and region. */
  #letApisLog(config: Config): void {
    const role = new IamRole(this, 'api_log_role', {
      name: `${config.project}-api-log-${config.region}`,
      description: 'Lets API Gateway write the logs of all APIs of this region',
      assumeRolePolicy: assumedBy('apigateway.amazonaws.com'),
    });
    const attachment = new IamRolePolicyAttachment(this, 'api_log_rights', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    });
    new ApiGatewayAccount(this, 'api_log', {
      cloudwatchRoleArn: role.arn,
      dependsOn: [attachment],
    });
  }

  /** ARN of the account's identity provider for GitHub, of which an account can have one only. */
  #githubProvider(config: Config): string {
    if (config.githubProvider === 'existing') return iamArn(config, `oidc-provider/${GITHUB}`);
    return new IamOpenidConnectProvider(this, 'github', {
      url: `https://${GITHUB}`,
      clientIdList: ['sts.amazonaws.com'],
      tags: { purpose: 'Knows which workflow of GitHub is asking' },
    }).arn;
  }

  /** One role that plans, for pull requests and the nightly look, and one that deploys. */
  #trustGithub(config: Config, repository: string, state: Bucket): void {
    const provider = this.#githubProvider(config);
    const stateObjects = [`${state.arn}/${config.project}/*`];
    const readState = allow('ReadState', ['s3:GetObject'], stateObjects);
    const roles = {
      plan: {
        description: 'Plans in pull requests, and every night; may read the setup only',
        subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`],
        rights: { read: [...readRights(config), readState] },
      },
      deploy: {
        description: `Deploys, from GitHub's environment ${DEPLOY_ENVIRONMENT} only`,
        subjects: [`repo:${repository}:environment:${DEPLOY_ENVIRONMENT}`],
        rights: {
          read: [...readRights(config), readState],
          write: [
            ...writeRights(config),
            allow('WriteStateAndLock', ['s3:DeleteObject', 's3:PutObject'], stateObjects),
          ],
        },
      },
    };
    for (const [name, { description, subjects, rights }] of Object.entries(roles)) {
      const role = new IamRole(this, `${name}_role`, {
        name: roleName(config, name),
        description,
        assumeRolePolicy: policyDocument([
          {
            Sid: 'Workflows',
            Effect: 'Allow',
            Principal: { Federated: provider },
            Action: ['sts:AssumeRoleWithWebIdentity'],
            Condition: {
              StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: subjects },
            },
          },
        ]),
      });
      for (const [kind, statements] of Object.entries(rights)) {
        new IamRolePolicy(this, `${name}_${kind}`, {
          name: kind,
          role: role.name,
          policy: policyDocument(statements),
        });
      }
      new TerraformOutput(this, `${name}_role_arn`, { description, value: role.arn });
    }
  }
}
