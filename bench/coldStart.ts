/**
 * The webhook's bundle: its size, and how long it takes to start beside an empty function, both
 * imported by the same Node as Lambda does it. What the function asks for while it starts, its secret
 * and its lake's description, an endpoint of this machine answers at once. Prints the figures of each
 * round.
 *
 * `coldStart.ts`, or `coldStart.ts profile` for where a start's time goes
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { unzipSync } from 'fflate';

import { bundleFunction } from '../scripts/bundle.ts';
import { print } from './measured.ts';
import { profile } from './profile.ts';
import { type Figures, LAMBDA_NODE } from './processes.ts';
import { startS3Server } from './s3/server.ts';

const ROUNDS = 11;

/** Imports a function, and prints how long that took from the start of the process. */
const HOST = `
const { handler } = await import(process.argv[2]);
const ms = performance.now();
if (typeof handler !== 'function') throw new Error('There is no handler.');
process.stdout.write(JSON.stringify({ ms }), () => process.exit(0));
`;

const run = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
const server = await startS3Server({
  intercept: ({ headers }, response) => {
    if (headers['x-amz-target'] !== 'AmazonSSM.GetParameter') return false;
    const Parameter = { Name: '/bench', Type: 'SecureString', Value: '{"current":"bench"}' };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Parameter }));
    return true;
  },
});
/** As the stack gives it to the function. */
const env = {
  PATH: process.env['PATH'],
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  CHATBOT_CONFIG: JSON.stringify({ stage: 'bench' }),
  CHATBOT_RAW_BUCKET: 'bench-raw',
  CHATBOT_ENRICHED_BUCKET: 'bench-enriched',
  CHATBOT_SECRET_PARAMETER: '/bench/secret',
  CHATBOT_TOKEN_PARAMETER: '/bench/token',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
  POWERTOOLS_SERVICE_NAME: 'webhook',
};
try {
  const { zip, bytes, codeBytes } = await bundleFunction('webhook');
  const webhook = join(folder, 'webhook');
  const empty = join(folder, 'empty');
  for (const path of [webhook, empty]) await mkdir(path);
  for (const [name, content] of Object.entries(unzipSync(await readFile(zip)))) {
    await writeFile(join(webhook, name), content);
  }
  await writeFile(join(empty, 'handler.mjs'), 'export async function handler() {}\n');
  const host = join(folder, 'host.mjs');
  await writeFile(host, HOST);
  const start = async (path: string, flags: readonly string[] = []): Promise<Figures> => {
    const handler = join(path, 'handler.mjs');
    const { stdout } = await run(LAMBDA_NODE.path, [...flags, host, handler], { env });
    return JSON.parse(stdout) as Figures;
  };
  if (process.argv[2] === 'profile') print(await profile((flags) => start(webhook, flags)));
  else {
    const rounds: Figures[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { ms: own = Number.NaN } = await start(webhook);
      const { ms: bare = Number.NaN } = await start(empty);
      rounds.push({
        more: own - bare,
        own,
        empty: bare,
        codeKilobytes: codeBytes / 1000,
        kilobytes: bytes / 1000,
      });
    }
    print(rounds);
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true });
}
