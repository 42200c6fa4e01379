import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { S3Client } from '@aws-sdk/client-s3';

/** A running MiniStack: AWS, as far as the tests need it, on this machine. */
export interface MiniStack {
  /** For instance `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Ends it; what was stored in it is gone. */
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT = 60_000;

/** A port of this machine that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`)).ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(child: ChildProcess, endpoint: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isReady(endpoint))) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with ${child.exitCode}.`);
    if (Date.now() > deadline) throw new Error(`MiniStack is not ready after ${START_TIMEOUT} ms.`);
    await sleep(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(late);
}

/**
 * Starts MiniStack on a port of its own; it keeps everything in memory.
 *
 * @param python one that has it, see `findPython('ministack')`
 */
export async function startMiniStack(python: string): Promise<MiniStack> {
  const port = await freePort();
  const child = spawn(python, ['-m', 'ministack'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      LOG_LEVEL: 'ERROR',
      // They would listen on ports that every instance shares.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await waitUntilReady(child, endpoint);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { endpoint, stop: () => end(child) };
}

/** A client of the emulated S3. */
export function s3ClientOf({ endpoint }: Pick<MiniStack, 'endpoint'>): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
}
