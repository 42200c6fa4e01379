import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';

import { CAPABILITIES, type Capability, type Emulator, clientSettingsOf } from './emulator.ts';
import { findLambdaNode } from './lambdaNode.ts';
import { freePort, startServer } from './server.ts';

/** Without enforcement it lets everybody do everything, and speaks plain HTTP. */
export const WITHOUT_ENFORCEMENT = (Object.keys(CAPABILITIES) as Capability[]).filter(
  (name) => name !== 'rights' && name !== 'tls',
);

/** Whether it answers. TLS: its certificate is not looked at, it was made a moment ago. */
function isReady(endpoint: string): Promise<boolean> {
  const url = `${endpoint}/_ministack/health`;
  if (endpoint.startsWith('http:')) return fetch(url).then(({ ok }) => ok);
  return new Promise((resolve, reject) => {
    request(url, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', reject)
      .end();
  });
}

/**
 * Starts MiniStack on a port of its own; it keeps everything in memory. Functions run with Lambda's
 * version of Node where it is found, and see no variables of this process.
 *
 * @param python one that has it, see `findPython('ministack')`
 * @param options.enforce policies and signatures count
 * @param options.tls it speaks TLS; as `enforce` unless told
 * @param options.verbose it tells all that it does, see `output`
 * @param options.functionEnv variables that all functions see besides their own
 */
export async function startMiniStack(
  python: string,
  options: {
    readonly enforce?: boolean;
    readonly tls?: boolean;
    readonly verbose?: boolean;
    readonly functionEnv?: Readonly<Record<string, string>>;
  } = {},
): Promise<Emulator> {
  const { enforce = false, tls = enforce, verbose = false, functionEnv } = options;
  const port = await freePort();
  const endpoint = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'ministack-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startServer({
      name: 'MiniStack',
      command: python,
      args: ['-m', 'ministack'],
      env: {
        HOME: folder,
        TMPDIR: folder,
        PATH: [dirname(findLambdaNode().path), process.env['PATH'] ?? ''].join(delimiter),
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        LOG_LEVEL: verbose ? 'INFO' : 'WARNING',
        ATHENA_ENGINE: 'duckdb',
        // They would listen on ports that every instance shares.
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        ...(enforce && { AUTH: 'true' }),
        ...(tls && { USE_SSL: '1' }),
        ...functionEnv,
      },
      isReady: () => isReady(endpoint),
    });
    const certificate = join(folder, 'ministack-tls', 'server.crt');
    return {
      name: 'MiniStack',
      endpoint,
      has: new Set<Capability>([
        ...WITHOUT_ENFORCEMENT,
        ...(enforce ? (['rights'] as const) : []),
        ...(tls ? (['tls'] as const) : []),
      ]),
      certificate: tls ? { path: certificate, pem: await readFile(certificate, 'utf8') } : null,
      output: server.output,
      stop: async () => {
        await server.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** A client of the emulated S3. */
export function s3ClientOf(emulator: Pick<Emulator, 'endpoint'>): S3Client {
  return new S3Client({ ...clientSettingsOf(emulator), forcePathStyle: true });
}
