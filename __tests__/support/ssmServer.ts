import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for SSM Parameter Store that answers as AWS does, errors included. */
export interface SsmServer {
  readonly url: string;
  readonly parameters: Map<string, { value: string; readonly keyId: string }>;
  /** What every call gets instead of an answer, as AWS words it. */
  failure: { readonly type: string; readonly message: string } | null;
  /** Names of the calls so far, and the keys that were written under. */
  readonly calls: { readonly action: string; readonly keyId: unknown }[];
  readonly stop: () => Promise<void>;
}

export async function startSsm(): Promise<SsmServer> {
  const parameters: SsmServer['parameters'] = new Map();
  const calls: SsmServer['calls'] = [];

  const answer = (action: string, body: Record<string, unknown>): [number, unknown] => {
    if (ssm.failure) return [400, { __type: ssm.failure.type, message: ssm.failure.message }];
    if (action === 'DescribeParameters') {
      const [{ Values }] = body['ParameterFilters'] as [{ Values: string[] }];
      const found = Values.flatMap((Name) => {
        const parameter = parameters.get(Name);
        return parameter ? [{ Name, Type: 'SecureString', KeyId: parameter.keyId }] : [];
      });
      return [200, { Parameters: found }];
    }
    const name = body['Name'] as string;
    const parameter = parameters.get(name);
    if (!parameter) return [400, { __type: 'ParameterNotFound' }];
    if (action === 'PutParameter') {
      parameter.value = body['Value'] as string;
      return [200, { Version: 2, Tier: 'Standard' }];
    }
    return [200, { Parameter: { Name: name, Type: 'SecureString', Value: parameter.value } }];
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      calls.push({ action, keyId: body['KeyId'] });
      const [status, answered] = answer(action, body);
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answered));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ssm: SsmServer = {
    url: `http://127.0.0.1:${port}`,
    parameters,
    failure: null,
    calls,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return ssm;
}
