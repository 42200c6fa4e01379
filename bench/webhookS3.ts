/**
 * Updates through the webhook's handler over an S3 endpoint that answers after 20 ms, one after the
 * other, from the event to the 200, without the endpoint's own latency. Beside it the bare PUT of as
 * many bytes over a connection that is kept. Prints milliseconds per update.
 *
 * `webhookS3.ts`, `webhookS3.ts profile` for where our time goes, or in a process of its own
 * `webhookS3.ts measure`
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';

import { openLake } from '../src/lake/lake.ts';
import { S3Store } from '../src/lake/s3Store.ts';
import { benchedWebhook } from './benchedWebhook.ts';
import { updates } from './events.ts';
import { ROUNDS, print } from './measured.ts';
import { percentile } from './median.ts';
import { profile } from './profile.ts';
import { type Figures, runStep } from './processes.ts';
import { startEndpoint } from './s3/endpoint.ts';

const WARM_UP = 100;
const COUNTED = 500;
const LATENCY = 20;

/** Writes bytes by a plain PUT, which the endpoint takes unsigned. */
async function putBare(agent: Agent, key: string, body: Buffer): Promise<void> {
  const { hostname, port } = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
  const asking = request({
    ...{ agent, hostname, port, path: `/bare/${key}`, method: 'PUT' },
    headers: { 'content-length': body.length },
  });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

async function measure(): Promise<void> {
  const client = new S3Client({ forcePathStyle: true });
  const lake = await openLake({
    raw: new S3Store({ client, bucket: 'bench-raw' }),
    enriched: new S3Store({ client, bucket: 'bench-enriched' }),
    zone: 'America/Sao_Paulo',
  });
  const handler = await benchedWebhook(lake);
  const agent = new Agent({ keepAlive: true });
  const own: number[] = [];
  const bare: number[] = [];
  let n = 0;
  for (const body of updates(WARM_UP + COUNTED, Math.floor(Date.now() / 1000))) {
    const start = performance.now();
    const { statusCode } = await handler(body);
    const end = performance.now();
    if (statusCode !== 200) throw new Error(`The handler answered ${statusCode}.`);
    // An envelope is about twice its update.
    await putBare(agent, `${n}.json`, Buffer.alloc(2 * body.length, 32));
    if (n++ < WARM_UP) continue;
    own.push(end - start - LATENCY);
    bare.push(performance.now() - end - LATENCY);
  }
  agent.destroy();
  client.destroy();
  print({
    median: percentile(own, 0.5),
    p99: percentile(own, 0.99),
    bareMedian: percentile(bare, 0.5),
    bareP99: percentile(bare, 0.99),
  });
}

/** Measures in a process of its own, with an endpoint of its own. */
async function alone(flags: readonly string[] = []): Promise<Figures> {
  const endpoint = await startEndpoint({ objects: 0, latency: LATENCY, protocol: 'https' });
  const figures = runStep(import.meta.url, ['measure'], { env: endpoint.env, core: 0, flags });
  await endpoint.stop();
  return figures;
}

async function rounds(): Promise<Figures[]> {
  const all: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await alone());
  return all;
}

const [step] = process.argv.slice(2);
if (step === 'measure') await measure();
else if (step === 'profile') print(await profile(alone));
else print(await rounds());
