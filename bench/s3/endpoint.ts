import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { pinned } from '../processes.ts';

/** An S3 endpoint in a process of its own. */
export interface Endpoint {
  readonly url: string;
  /** Variables by which clients of AWS find it and trust its certificate. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it. @returns requests by kind, `peak` of them at a time, and `cpu` seconds of its own */
  readonly stop: () => Promise<Readonly<Record<string, number>>>;
}

/** Bucket of the objects that the endpoint serves: any name will do. */
export const BUCKET = 'bench-raw';

/** The processor that the endpoint runs on; what is measured runs on the first. */
const CORE = 1;

/**
 * Starts an endpoint that serves a day of one-message objects.
 *
 * @param options.latency between a request and its answer, milliseconds
 */
export async function startEndpoint(options: {
  readonly objects: number;
  readonly latency: number;
  readonly protocol: 'http' | 'https';
}): Promise<Endpoint> {
  const serve = fileURLToPath(new URL('serve.ts', import.meta.url));
  const { objects, latency, protocol } = options;
  const args = ['--import', 'tsx', serve, String(objects), String(latency), protocol];
  const child = spawn(...pinned(process.execPath, args, CORE), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done ? null : JSON.parse(line.value);
  };
  const { endpoint, ca } = (await read()) as { endpoint: string; ca: string | null };
  const folder = await mkdtemp(join(tmpdir(), 'bench-endpoint-'));
  const certificate = join(folder, 'ca.pem');
  if (ca !== null) await writeFile(certificate, ca);
  return {
    url: endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(ca !== null && { AWS_CA_BUNDLE: certificate, NODE_EXTRA_CA_CERTS: certificate }),
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      const counted = (await read()) as Readonly<Record<string, number>>;
      await exited;
      await rm(folder, { recursive: true });
      return counted;
    },
  };
}
