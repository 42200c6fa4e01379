/**
 * A day of one-message objects → one Parquet file, through an S3 endpoint that answers after 20 ms and
 * runs on a processor of its own; what is measured has the other one. Beside it the same step with the
 * SDK's client, tuned, the course's loop, and pyarrow's S3 client. Prints the figures of each round.
 *
 * `s3Step.ts`, `s3Step.ts profile` for where our time goes, or in a process of its own
 * `s3Step.ts ours|sdk <objects>`
 */
import { Agent } from 'node:https';
import process from 'node:process';

import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

import { runDay } from '../functions/etl/runDay.ts';
import { dayPrefix } from '../src/lake/keys.ts';
import { type Lake, openLake } from '../src/lake/lake.ts';
import { readBytes } from '../src/lake/objectStore.ts';
import { S3Store } from '../src/lake/s3Store.ts';
import { ROUNDS, measured, print } from './measured.ts';
import { profile } from './profile.ts';
import { type Figures, runPeer, runStep } from './processes.ts';
import { DAY, RUN, ZONE } from './s3/dayObjects.ts';
import { BUCKET, startEndpoint } from './s3/endpoint.ts';

const LATENCY = 20;
const OBJECTS = 100_000;
const MANY = 1_000_000;
/** Objects of the slower ones, whose times are scaled. */
const OF_SDK = 10_000;
const OF_PYARROW = 10_000;
const OF_LOOP = 2_000;
/** Requests that the SDK has under way. */
const IN_FLIGHT = 256;

/** The store with the SDK's client for its small objects, too. */
class SdkStore extends S3Store {
  override getSmall(key: string): Promise<Uint8Array> {
    return readBytes(this, key);
  }
}

async function runStore(
  Store: typeof S3Store,
  settings: S3ClientConfig,
  objects: number,
): Promise<void> {
  const client = new S3Client({ ...settings, forcePathStyle: true });
  const lake: Lake = {
    raw: new Store({ client, bucket: BUCKET }),
    enriched: new S3Store({ client, bucket: 'bench-enriched' }),
    zone: ZONE,
  };
  let phases: Figures = {};
  const figures = await measured(async () => {
    await openLake(lake);
    const run = await runDay(lake, DAY, RUN);
    if (run.rows !== objects) throw new Error(`${run.rows} rows of ${objects} were written.`);
    phases = run.phases;
  });
  print({ ...figures, ...phases });
}

/** Runs one client against an endpoint of its own, on one processor. */
async function alone(
  objects: number,
  run: (how: { readonly env: Readonly<Record<string, string>>; readonly core: number }) => Figures,
  protocol: 'http' | 'https' = 'https',
): Promise<Figures> {
  const endpoint = await startEndpoint({ objects, latency: LATENCY, protocol });
  const figures = run({ env: endpoint.env, core: 0 });
  const { cpu = Number.NaN, peak = Number.NaN } = await endpoint.stop();
  return { ...figures, endpointCpu: cpu, peak };
}

const { url } = import.meta;

const ours = (objects: number, flags: readonly string[] = []): Promise<Figures> =>
  alone(objects, (how) => runStep(url, ['ours', String(objects)], { ...how, flags }));

async function compare(): Promise<Figures[]> {
  const day = [BUCKET, dayPrefix(DAY)];
  // Two minutes each, and nothing that varies but by waiting: once.
  const loop = await alone(OF_LOOP, (how) => runPeer('course_loop.py', day, how));
  const many = await ours(MANY);
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const own = await ours(OBJECTS);
    const sdk = await alone(OF_SDK, (how) => runStep(url, ['sdk', String(OF_SDK)], how));
    const pyarrow = await alone(OF_PYARROW, (how) => runPeer('pyarrow_s3.py', day, how), 'http');
    const scaled = (figures: Figures, objects: number, of = 'seconds'): number =>
      ((figures[of] ?? Number.NaN) * OBJECTS) / objects;
    rounds.push({
      ...own,
      loopSeconds: scaled(loop, OF_LOOP),
      loopCpu: scaled(loop, OF_LOOP, 'cpu'),
      sdkSeconds: scaled(sdk, OF_SDK),
      sdkCpu: scaled(sdk, OF_SDK, 'cpu'),
      pyarrowSeconds: scaled(pyarrow, OF_PYARROW),
      pyarrowCpu: scaled(pyarrow, OF_PYARROW, 'cpu'),
      manySeconds: many['seconds'] ?? Number.NaN,
      manyRss: many['rss'] ?? Number.NaN,
    });
  }
  return rounds;
}

const [step, count] = process.argv.slice(2);
if (step === 'ours') await runStore(S3Store, {}, Number(count));
else if (step === 'sdk') {
  const requestHandler = {
    httpsAgent: new Agent({ keepAlive: true, maxSockets: IN_FLIGHT }),
    socketAcquisitionWarningTimeout: 60_000,
  };
  await runStore(SdkStore, { requestHandler }, Number(count));
} else if (step === 'profile') print(await profile((flags) => ours(OBJECTS, flags)));
else print(await compare());
