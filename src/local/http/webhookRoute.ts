import { randomUUID } from 'node:crypto';

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What API Gateway hands to the function, at most. */
const MAX_BODY = 10 * 1024 * 1024;

/** A webhook's Lambda, called with API Gateway's event. */
export type WebhookHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** The event that API Gateway's REST API makes of a request. */
async function toEvent(request: Request, now: number): Promise<APIGatewayProxyEvent> {
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const one = <T>(values: Record<string, T>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  const identity = {
    accessKey: null,
    accountId: null,
    apiKey: null,
    apiKeyId: null,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: '127.0.0.1',
    user: null,
    userAgent: headers['user-agent'] ?? null,
    userArn: null,
  };
  return {
    resource: url.pathname,
    path: url.pathname,
    httpMethod: request.method,
    headers,
    multiValueHeaders: one(headers),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: await request.text(),
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: null,
      protocol: 'HTTP/1.1',
      httpMethod: request.method,
      identity,
      path: url.pathname,
      stage: 'local',
      requestId: randomUUID(),
      requestTimeEpoch: now,
      resourceId: 'local',
      resourcePath: url.pathname,
    },
  };
}

/**
 * `POST path` as API Gateway serves it: the request becomes its event, the function's result the
 * response.
 *
 * @param now Unix milliseconds
 */
export function webhookRoute(path: string, handler: WebhookHandler, now: () => number): Hono {
  const app = new Hono();
  app.post(path, bodyLimit({ maxSize: MAX_BODY }), async (context) => {
    const { statusCode, body, headers } = await handler(await toEvent(context.req.raw, now()));
    for (const [name, value] of Object.entries(headers ?? {})) context.header(name, String(value));
    return context.body(body, statusCode as ContentfulStatusCode);
  });
  return app;
}
