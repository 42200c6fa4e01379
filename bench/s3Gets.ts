/**
 * GETs of small objects over TLS, by our client and by the SDK's, one with its defaults and one tuned.
 * The endpoint answers after 20 ms, on a processor of its own. Prints the figures of each round.
 *
 * `s3Gets.ts`, `s3Gets.ts profile` for where our time goes, or in a process of its own
 * `s3Gets.ts ours|tuned|plain`
 */
import { Agent } from 'node:https';
import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';

import { readBytes } from '../src/lake/objectStore.ts';
import { S3Store } from '../src/lake/s3Store.ts';
import { ROUNDS, measured, print } from './measured.ts';
import { profile } from './profile.ts';
import { type Figures, runStep } from './processes.ts';
import { dayObjects } from './s3/dayObjects.ts';
import { BUCKET, startEndpoint } from './s3/endpoint.ts';

const LATENCY = 20;
/** Not counted: until then the code is being compiled. */
const WARM_UP = 5_000;
const COUNTED = 20_000;
const IN_FLIGHT = 256;
/** Bytes of an object that is read whole. */
const SMALL = 1024 * 1024;

type Client = 'ours' | 'plain' | 'tuned';

async function get(client: Client): Promise<void> {
  const requestHandler =
    client === 'tuned'
      ? {
          httpsAgent: new Agent({ keepAlive: true, maxSockets: IN_FLIGHT }),
          socketAcquisitionWarningTimeout: 60_000,
        }
      : { socketAcquisitionWarningTimeout: 60_000 };
  const s3 = new S3Client({ forcePathStyle: true, requestHandler });
  const store = new S3Store({ client: s3, bucket: BUCKET });
  const objects = dayObjects(WARM_UP + COUNTED);
  // Made before, since what makes them is not the client.
  const keys = Array.from({ length: objects.count }, (_, index) => objects.at(index).key);
  const read = (key: string): Promise<unknown> =>
    client === 'ours' ? store.getSmall(key, SMALL) : readBytes(store, key);
  await pMap(keys.slice(0, WARM_UP), read, { concurrency: IN_FLIGHT });
  const figures = await measured(() => pMap(keys.slice(WARM_UP), read, { concurrency: IN_FLIGHT }));
  const { seconds = Number.NaN, cpu = Number.NaN } = figures;
  print({ cpuPerGet: (cpu * 1000) / COUNTED, rate: COUNTED / seconds });
}

/** Starts an endpoint, and what is run against it. */
async function withEndpoint<T>(
  work: (run: (client: Client, flags?: readonly string[]) => Figures) => T,
): Promise<Awaited<T>> {
  const objects = WARM_UP + COUNTED;
  const endpoint = await startEndpoint({ objects, latency: LATENCY, protocol: 'https' });
  try {
    return await work((client, flags = []) =>
      runStep(import.meta.url, [client], { env: endpoint.env, core: 0, flags }),
    );
  } finally {
    await endpoint.stop();
  }
}

async function compare(): Promise<Figures[]> {
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [ours, tuned, plain] = await withEndpoint((run): [Figures, Figures, Figures] => [
      run('ours'),
      run('tuned'),
      run('plain'),
    ]);
    rounds.push({
      ...ours,
      tunedCpu: tuned['cpuPerGet'] ?? Number.NaN,
      tunedRate: tuned['rate'] ?? Number.NaN,
      plainCpu: plain['cpuPerGet'] ?? Number.NaN,
      plainRate: plain['rate'] ?? Number.NaN,
    });
  }
  return rounds;
}

const [client] = process.argv.slice(2);
if (client === undefined) print(await compare());
else if (client === 'profile') {
  print(await withEndpoint((run) => profile((flags) => run('ours', flags))));
} else await get(client as Client);
