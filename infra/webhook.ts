import { createHash } from 'node:crypto';

import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings/index.js';
import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import { ApiGatewayRestApiPolicy } from '@cdktf/provider-aws/lib/api-gateway-rest-api-policy/index.js';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js';
import { DefaultTokenResolver, StringConcat, Tokenization } from 'cdktf';
import { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { UNSET, parameterNames } from '../src/config/parameters.ts';
import { LAKE_KEY } from '../src/lake/keys.ts';
import { WITHOUT_KEY, skipChecks } from './checkov.ts';
import { ChatbotFunction, type FunctionCode } from './function.ts';
import type { Lake } from './lake.ts';
import { createLogGroup } from './logGroup.ts';
import { EXECUTION_LOGS, arn, prefixOf } from './names.ts';
import { allow, policyDocument } from './policy.ts';
import type { Writer } from './writer.ts';

/** What the webhook is made of. */
export interface WebhookProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly code: FunctionCode;
  /** Where updates are put; null where they are written directly. */
  readonly queue: Pick<Writer, 'queueArn' | 'queueUrl'> | null;
}

/** Requests a second, and at once. Telegram opens up to 40 connections and repeats what is refused. */
const THROTTLING = { rate: 100, burst: 200 };

/**
 * The fields of the access log: what the time and the name of the log do not tell. No header is among
 * them: one carries the secret.
 */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  status: '$context.status',
  error: '$context.error.messageString',
  integrationStatus: '$context.integrationStatus',
  latencyMs: '$context.responseLatency',
});

/** `POST /telegram` for the allowed networks, and the function behind it. */
export class Webhook extends Construct {
  readonly function: ChatbotFunction;
  readonly apiName: string;
  readonly stageName: string;
  /** What Telegram is told. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: WebhookProps) {
    super(scope, id);
    const { config, lake } = props;
    const parameters = parameterNames(config);
    this.apiName = `${prefixOf(config)}-webhook`;
    this.stageName = config.stage;

    this.#addSecret('secret', parameters.secret, "The webhook's secret", config, lake);
    this.#addSecret('token', parameters.token, "The bot's token", config, lake);
    this.function = this.#addFunction(props);

    const api = new ApiGatewayRestApi(this, 'api', {
      name: this.apiName,
      description: `Takes Telegram's updates for ${prefixOf(config)}`,
      endpointConfiguration: { types: ['REGIONAL'] },
      // If it is ever replaced, the new one is there before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    const route = `${config.stage}/POST/telegram`;
    const policy = policyDocument([
      {
        ...allow('AllowedNetworks', ['execute-api:Invoke'], [`${api.executionArn}/${route}`], {
          IpAddress: { 'aws:SourceIp': config.networks },
        }),
        Principal: '*',
      },
    ]);
    const apiPolicy = new ApiGatewayRestApiPolicy(this, 'networks', { restApiId: api.id, policy });
    const resource = new ApiGatewayResource(this, 'path', {
      restApiId: api.id,
      parentId: api.rootResourceId,
      pathPart: 'telegram',
    });
    const method = new ApiGatewayMethod(this, 'method', {
      restApiId: api.id,
      resourceId: resource.id,
      httpMethod: 'POST',
      authorization: 'NONE',
    });
    skipChecks(method, {
      CKV_AWS_59: 'Telegram cannot sign requests; its networks and a secret guard the webhook.',
      CKV2_AWS_53: 'No body model: a 400 would make Telegram repeat the update for a day.',
    });
    const integration = new ApiGatewayIntegration(this, 'integration', {
      restApiId: api.id,
      resourceId: resource.id,
      httpMethod: method.httpMethod,
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: this.function.invokeArn,
    });
    new LambdaPermission(this, 'permission', {
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      functionName: this.function.name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/${route}`,
    });

    const deployment = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: api.id,
      description: 'What the stage serves',
      // A changed policy or method takes effect only when it is deployed again.
      triggers: {
        definition: this.#hash([policy, method.toTerraform(), integration.toTerraform()]),
      },
      dependsOn: [apiPolicy, integration],
      lifecycle: { createBeforeDestroy: true },
    });
    const accessLog = createLogGroup(this, 'access_log', {
      name: `/aws/apigateway/${this.apiName}`,
      purpose: 'Who called the API of the webhook',
      config,
      lake,
    });
    // Otherwise API Gateway makes it by itself, unencrypted and for good.
    const executionLog = createLogGroup(this, 'execution_log', {
      name: `${EXECUTION_LOGS}${api.id}/${this.stageName}`,
      purpose: 'Where the API itself failed',
      config,
      lake,
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: api.id,
      deploymentId: deployment.id,
      stageName: this.stageName,
      description: `The webhook of ${prefixOf(config)}`,
      xrayTracingEnabled: false,
      accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
      dependsOn: [executionLog],
    });
    skipChecks(stage, {
      CKV2_AWS_4: "Its level is ERROR; the rule also wants the method's metrics, which cost.",
      CKV2_AWS_29: 'A web application firewall costs more than the whole stack.',
      CKV2_AWS_51: 'Telegram has no client certificate to offer.',
      CKV_AWS_73: 'A trace costs as much as its request, and shows one function.',
      CKV_AWS_120: 'Each request is another update: there is nothing to cache.',
    });
    const settings = new ApiGatewayMethodSettings(this, 'settings', {
      restApiId: api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        throttlingRateLimit: THROTTLING.rate,
        throttlingBurstLimit: THROTTLING.burst,
        // Those of the stage are free and the same: there is one method.
        metricsEnabled: false,
        loggingLevel: 'ERROR',
        // It would write messages and the secret into the log.
        dataTraceEnabled: false,
      },
    });
    skipChecks(settings, {
      CKV_AWS_225: 'Each request is another update: there is nothing to cache.',
    });
    this.url = `${stage.invokeUrl}/telegram`;
  }

  #hash(definitions: readonly unknown[]): string {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const resolved: unknown = Tokenization.resolve(definitions, {
      scope: this,
      resolver,
      preparing: false,
    });
    const text = JSON.stringify(resolved);
    return createHash('sha256').update(text).digest('hex');
  }

  /**
   * An empty shell, whose value Terraform never learns: `value_wo` stands neither in state nor in
   * plan. Any change but of tags would write the placeholder over the secret, so none is made.
   */
  #addSecret(id: string, name: string, purpose: string, config: Config, lake: Lake): void {
    const parameter = new SsmParameter(this, id, {
      name,
      description: `${purpose} of ${prefixOf(config)}; chatbot webhook set fills it`,
      type: 'SecureString',
      ...(lake.key && { keyId: lake.key.arn }),
      valueWo: UNSET,
      valueWoVersion: 1,
      lifecycle: { ignoreChanges: ['description', 'key_id'] },
    });
    if (lake.key === null) {
      skipChecks(parameter, { CKV_AWS_337: WITHOUT_KEY });
    }
  }

  #addFunction({ config, lake, code, queue }: WebhookProps): ChatbotFunction {
    const { raw } = lake;
    const parameters = parameterNames(config);
    const objects = (...keys: readonly string[]): string[] =>
      keys.map((key) => `${raw.arn}/${key}`);
    return new ChatbotFunction(this, 'function', {
      config,
      lake,
      code,
      service: 'webhook',
      description: 'Stores each update that Telegram sends, and answers it',
      memory: 512,
      timeout: 10,
      environment: {
        CHATBOT_SECRET_PARAMETER: parameters.secret,
        CHATBOT_TOKEN_PARAMETER: parameters.token,
        ...(queue && { CHATBOT_QUEUE_URL: queue.queueUrl }),
      },
      rights: [
        ...(queue ? [allow('BufferUpdates', ['sqs:SendMessage'], [queue.queueArn])] : []),
        allow(
          'StoreUpdates',
          ['s3:PutObject'],
          objects('telegram/*', 'rejected/*', 'state/*', LAKE_KEY),
        ),
        allow('ReadWhatItStored', ['s3:GetObject'], objects('telegram/*', 'state/*', LAKE_KEY)),
        // Without it S3 answers 403 instead of 404 for what is not there.
        allow('SeeWhatIsMissing', ['s3:ListBucket'], [raw.arn]),
        allow(
          'ReadSecrets',
          ['ssm:GetParameter'],
          [parameters.secret, parameters.token].map((name) =>
            arn(config, 'ssm', `parameter${name}`),
          ),
        ),
      ],
      skips: {
        CKV_AWS_116: 'It is called synchronously: Telegram repeats what fails.',
      },
    });
  }
}
