import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import type { Capability, Emulator } from './emulator.ts';
import { freePort, startServer } from './server.ts';

/**
 * What LocalStack has where there is no Docker. Functions run in containers only; Glue and Athena
 * are no part of its free edition.
 */
const WITHOUT_DOCKER: readonly Capability[] = [
  'buckets',
  'keys',
  'roles',
  'parameters',
  'queues',
  'topics',
  'logs',
  'alarms',
  'rules',
];

/** What it has by Docker, in the last image that asks for no account. */
export const WITH_DOCKER: readonly Capability[] = [
  ...WITHOUT_DOCKER,
  'functions',
  'api',
  'firing',
  'retries',
];

/** Starts it so that it keeps to this machine and to its own folder. */
const STARTER = fileURLToPath(new URL('startLocalStack.py', import.meta.url));

/** Its services that the stack uses; others are not loaded. */
const SERVICES = 's3,kms,iam,sts,ssm,sqs,sns,logs,cloudwatch,events';

/**
 * Starts LocalStack without Docker on a port of its own, which only this machine reaches; what it
 * stores is in a folder of its own, which goes when it is stopped.
 *
 * @param python one that has it, see `findPython('localstack.runtime')`
 */
export async function startLocalStack(python: string): Promise<Emulator> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'localstack-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    const server = await startServer({
      name: 'LocalStack',
      command: python,
      args: [STARTER],
      env: {
        HOME: folder,
        TMPDIR: folder,
        PATH: process.env['PATH'],
        GATEWAY_LISTEN: `127.0.0.1:${port}`,
        SERVICES,
        EAGER_SERVICE_LOADING: '1',
        // It would tell its makers of each start, and download a certificate.
        DISABLE_EVENTS: '1',
        SKIP_SSL_CERT_DOWNLOAD: '1',
        // It would answer for names on this machine.
        DNS_ADDRESS: '0',
      },
      isReady: async () => (await fetch(`${endpoint}/_localstack/health`)).ok,
    });
    return {
      name: 'LocalStack 4.9 without Docker',
      endpoint,
      has: new Set(WITHOUT_DOCKER),
      certificate: null,
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
