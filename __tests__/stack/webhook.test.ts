import { beforeAll, describe, expect, test } from '@jest/globals';

import { functionConfigSchema } from '../../src/config/functionConfig.ts';
import {
  type Synthesized,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
});

function redeployment(of: Synthesized): unknown {
  return resource(of, 'aws_api_gateway_deployment', 'webhook_deployment')['triggers'];
}

describe('the webhook', () => {
  test('is an API, a function with role and log, and two secrets', () => {
    expect(Object.keys(resourcesOf(stack, 'webhook'))).toEqual([
      'aws_api_gateway_deployment.webhook_deployment',
      'aws_api_gateway_integration.webhook_integration',
      'aws_api_gateway_method.webhook_method',
      'aws_api_gateway_method_settings.webhook_settings',
      'aws_api_gateway_resource.webhook_path',
      'aws_api_gateway_rest_api.webhook_api',
      'aws_api_gateway_rest_api_policy.webhook_networks',
      'aws_api_gateway_stage.webhook_stage',
      'aws_cloudwatch_log_group.webhook_access_log',
      'aws_cloudwatch_log_group.webhook_execution_log',
      'aws_cloudwatch_log_group.webhook_function_log',
      'aws_iam_role.webhook_function_role',
      'aws_iam_role_policy.webhook_function_key_rights',
      'aws_iam_role_policy.webhook_function_rights',
      'aws_lambda_function.webhook_function_function',
      'aws_lambda_permission.webhook_permission',
      'aws_ssm_parameter.webhook_secret',
      'aws_ssm_parameter.webhook_token',
    ]);
  });

  test('lets in Telegram’s networks only', () => {
    const { policy } = resource(stack, 'aws_api_gateway_rest_api_policy', 'webhook_networks');
    expect(statementsOf(policy)).toEqual([
      {
        Sid: 'AllowedNetworks',
        Effect: 'Allow',
        Principal: '*',
        Action: ['execute-api:Invoke'],
        Resource: ['${aws_api_gateway_rest_api.webhook_api.execution_arn}/test/POST/telegram'],
        Condition: { IpAddress: { 'aws:SourceIp': ['149.154.160.0/20', '91.108.4.0/22'] } },
      },
    ]);
  });

  test('is deployed again when the networks change, and not when anything else does', async () => {
    const others = await synthStack({ networks: ['127.0.0.1/32'] });
    expect(redeployment(others)).not.toEqual(redeployment(stack));
    const longer = await synthStack({ logRetentionDays: 400, chats: 'any', dailyRunHour: 5 });
    expect(redeployment(longer)).toEqual(redeployment(stack));
  });

  test('refuses no body by itself, since a 400 would be repeated for a day', () => {
    const method = resource(stack, 'aws_api_gateway_method', 'webhook_method');
    expect(method).not.toHaveProperty('request_models');
    expect(method).not.toHaveProperty('request_validator_id');
    expect(resource(stack, 'aws_api_gateway_integration', 'webhook_integration')).toMatchObject({
      type: 'AWS_PROXY',
      integration_http_method: 'POST',
    });
  });

  test('writes an access log without headers, is throttled, and logs no body', () => {
    const stage = resource(stack, 'aws_api_gateway_stage', 'webhook_stage');
    expect(stage).toMatchObject({ stage_name: 'test', xray_tracing_enabled: false });
    const { format } = stage['access_log_settings'] as { format: string };
    expect(Object.keys(JSON.parse(format) as object)).toContain('status');
    expect(format).not.toMatch(/header|\$input/i);
    expect(resource(stack, 'aws_api_gateway_method_settings', 'webhook_settings')).toMatchObject({
      settings: {
        data_trace_enabled: false,
        // The method's own metrics would cost like custom ones.
        metrics_enabled: false,
        throttling_burst_limit: 200,
        throttling_rate_limit: 100,
      },
    });
  });

  test('keeps the log that API Gateway would make by itself, unencrypted and for good', () => {
    expect(resource(stack, 'aws_cloudwatch_log_group', 'webhook_execution_log')).toMatchObject({
      name: 'API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.webhook_api.id}/test',
      retention_in_days: 365,
      kms_key_id: '${aws_kms_key.lake_key.arn}',
    });
    // Before there is anything to log.
    expect(resource(stack, 'aws_api_gateway_stage', 'webhook_stage')['depends_on']).toEqual([
      'aws_cloudwatch_log_group.webhook_execution_log',
    ]);
  });

  test('may be called by its API alone', () => {
    expect(resource(stack, 'aws_lambda_permission', 'webhook_permission')).toMatchObject({
      principal: 'apigateway.amazonaws.com',
      source_arn: '${aws_api_gateway_rest_api.webhook_api.execution_arn}/test/POST/telegram',
    });
  });

  test.each(['secret', 'token'])('makes the %s an empty shell that Terraform never fills', (id) => {
    const parameter = resource(stack, 'aws_ssm_parameter', `webhook_${id}`);
    expect(parameter).toMatchObject({
      type: 'SecureString',
      value_wo: 'unset',
      value_wo_version: 1,
      // Any of these would write the placeholder over the secret.
      lifecycle: { ignore_changes: ['description', 'key_id'] },
    });
    expect(parameter).not.toHaveProperty('value');
  });

  test('has a function on Lambda’s Node 22 whose environment tells it all and holds no secret', async () => {
    const bot = { id: 7, username: 'shop_bot' };
    const told = await synthStack({ bot, ownerChat: 5, chats: [5, -6], stateBucket: 'my-states' });
    const lambda = resource(told, 'aws_lambda_function', 'webhook_function_function');
    expect(lambda).toMatchObject({
      architectures: ['arm64'],
      function_name: 'shop-test-webhook',
      memory_size: 512,
      runtime: 'nodejs22.x',
      // Nothing that costs by the call and serves nobody.
      tracing_config: { mode: 'PassThrough' },
      logging_config: { log_format: 'JSON', system_log_level: 'WARN' },
    });
    const { variables } = lambda['environment'] as { variables: Record<string, string> };
    expect(functionConfigSchema.parse(JSON.parse(variables['CHATBOT_CONFIG'] ?? ''))).toEqual({
      stage: 'test',
      zone: 'America/Sao_Paulo',
      language: 'pt',
      chats: [5, -6],
      ownerChat: 5,
      staffChats: [],
      floodPerMinute: 20,
      rawRetentionDays: 365,
      updatesPerShard: 1_000_000,
      bot,
    });
    expect(variables).toMatchObject({
      CHATBOT_ENRICHED_BUCKET: 'shop-test-enriched-123456789012',
      CHATBOT_RAW_BUCKET: 'shop-test-raw-123456789012',
      CHATBOT_SECRET_PARAMETER: '/shop/test/webhook-secret',
      CHATBOT_TOKEN_PARAMETER: '/shop/test/bot-token',
      POWERTOOLS_METRICS_NAMESPACE: 'shop',
      POWERTOOLS_SERVICE_NAME: 'webhook',
    });
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'webhook')).toMatchSnapshot();
  });
});
