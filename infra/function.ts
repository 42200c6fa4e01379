import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import type { FunctionConfig } from '../src/config/functionConfig.ts';
import type { Service } from '../src/config/metrics.ts';
import { WITHOUT_KEY, skipChecks } from './checkov.ts';
import type { Lake } from './lake.ts';
import { createLogGroup } from './logGroup.ts';
import { arn, prefixOf } from './names.ts';
import { type Statement, allow, assumedBy, policyDocument } from './policy.ts';

/** Runtime of all functions; AWS deprecates it on 2027-04-30, and provider 5.x knows none later. */
const RUNTIME = 'nodejs22.x';

/** A function's code, as `scripts/bundle.ts` makes it. */
export interface FunctionCode {
  /** Path of the zip. */
  readonly zip: string;
  /** SHA-256 of the zip in base64. */
  readonly sha256Base64: string;
  /** File and export of the handler. */
  readonly handler: string;
}

/** What a function is made of. */
export interface FunctionProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly service: Service;
  readonly description: string;
  readonly code: FunctionCode;
  /** Megabytes; the share of processors grows with it, one whole at 1769. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** Variables besides those that every function has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do besides writing its log and using the lake's key. */
  readonly rights: readonly Statement[];
  /** See {@link skipChecks}. */
  readonly skips: Readonly<Record<string, string>>;
}

/** What a function is told of the configuration. */
function functionConfig(config: Config): FunctionConfig {
  const { stage, zone, language, chats, ownerChat, staffChats } = config;
  const { floodPerMinute, rawRetentionDays, updatesPerShard, bot } = config;
  return {
    ...{ stage, zone, language, chats, ownerChat, staffChats },
    ...{ floodPerMinute, rawRetentionDays, updatesPerShard },
    ...(bot && { bot }),
  };
}

/** A Lambda function with its role, rights and log: every default stands here. */
export class ChatbotFunction extends Construct {
  readonly functionName: string;
  /** Known before the function is made. */
  readonly arn: string;
  readonly logGroupName: string;
  readonly #function: LambdaFunction;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    const { config, lake, service } = props;
    this.functionName = `${prefixOf(config)}-${service}`;
    this.arn = arn(config, 'lambda', `function:${this.functionName}`);
    this.logGroupName = `/aws/lambda/${this.functionName}`;

    const logGroup = createLogGroup(this, 'log', {
      name: this.logGroupName,
      purpose: `Log of the function ${service}`,
      config,
      lake,
    });
    const role = new IamRole(this, 'role', {
      name: this.functionName,
      description: `What the function ${service} of ${prefixOf(config)} may do`,
      assumeRolePolicy: assumedBy('lambda.amazonaws.com'),
    });
    const rights = new IamRolePolicy(this, 'rights', {
      name: 'rights',
      role: role.name,
      policy: policyDocument([
        allow(
          'WriteLog',
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          [arn(config, 'logs', `log-group:${this.logGroupName}:*`)],
        ),
        ...props.rights,
      ]),
    });
    // Apart, since the key's ARN is not known before it is made: the plan can show the rest.
    const keyRights =
      lake.key === null
        ? []
        : [
            new IamRolePolicy(this, 'key_rights', {
              name: 'key',
              role: role.name,
              policy: policyDocument([
                allow('UseKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [lake.key.arn]),
              ]),
            }),
          ];

    const asset = new TerraformAsset(this, 'code', {
      path: props.code.zip,
      type: AssetType.FILE,
      assetHash: Buffer.from(props.code.sha256Base64, 'base64').toString('hex').slice(0, 32),
    });
    this.#function = new LambdaFunction(this, 'function', {
      functionName: this.functionName,
      description: props.description,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ['arm64'],
      handler: props.code.handler,
      filename: asset.path,
      sourceCodeHash: props.code.sha256Base64,
      memorySize: props.memory,
      timeout: props.timeout,
      environment: {
        variables: {
          CHATBOT_CONFIG: JSON.stringify(functionConfig(config)),
          CHATBOT_ENRICHED_BUCKET: lake.enriched.bucketName,
          CHATBOT_RAW_BUCKET: lake.raw.bucketName,
          POWERTOOLS_METRICS_NAMESPACE: config.project,
          POWERTOOLS_SERVICE_NAME: service,
          ...props.environment,
        },
      },
      ...(lake.key && { kmsKeyArn: lake.key.arn }),
      // Traces cost as much as S3's PUTs, and tell of two calls what the log tells.
      tracingConfig: { mode: 'PassThrough' },
      // START, END and REPORT of each call are a third of the log; metrics tell how long calls take.
      loggingConfig: { logFormat: 'JSON', systemLogLevel: 'WARN' },
      // The first call finds its rights and its log group there.
      dependsOn: [logGroup, rights, ...keyRights],
    });
    skipChecks(this.#function, {
      CKV_AWS_115: 'New accounts have 10 concurrent executions and may not reserve any of them.',
      CKV_AWS_117: 'It calls AWS and Telegram only; a network of its own would protect nothing.',
      CKV_AWS_272:
        'The code comes from this repository by the deploying role alone; see its checksum.',
      ...(lake.key === null && { CKV_AWS_173: WITHOUT_KEY }),
      ...props.skips,
    });
  }

  /** How API Gateway calls it. */
  get invokeArn(): string {
    return this.#function.invokeArn;
  }

  /** Its ARN, for what needs it to be there. */
  get madeArn(): string {
    return this.#function.arn;
  }

  /** Name of the function, for what needs it to be there. */
  get name(): string {
    return this.#function.functionName;
  }
}
