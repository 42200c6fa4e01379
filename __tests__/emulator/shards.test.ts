import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { runDay } from '../../functions/etl/runDay.ts';
import { Deployment, synthesize } from '../../localstack/deployment.ts';
import { type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { previousDay } from '../../src/lake/days.ts';
import { dayPrefix, parquetKey, rawKey, rejectedPrefix, runsPrefix } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { readBytes } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, RUN, ZONE, envelope, memoryLake, rowsOf } from '../support/lakes.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/*
 * A day that is too large for one function, with a size that is reached soon: the stack's own state
 * machine, its own function and their rights, as Terraform applies them to MiniStack with all policies
 * enforced. The tests build on each other, in this order.
 */

const python = findPython('ministack');
const describeWithMiniStack = onDemand('emulator', 'a day in shards on MiniStack', () =>
  requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON),
);

const FUNCTION = 'chatbot-shd-etl';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:chatbot-shd-shards';

/** Of the stack, what a day in shards touches, and what those need. */
const TARGETS = [
  'aws_lambda_function.etl_function_function',
  'aws_s3_bucket_policy.lake_enriched_policy',
  'aws_s3_bucket_policy.lake_raw_policy',
  'aws_s3_bucket_versioning.lake_enriched_versioning',
  'aws_sfn_state_machine.shards_machine',
];

const targets = TARGETS.map((address) => `-target=${address}`);

/** Raw objects by key: single updates, batches that overlap with them, and what is no update. */
function someObjects(count: number): Map<string, Buffer> {
  const objects = new Map<string, Buffer>();
  const message = (id: number) => envelope({ ...UPDATES.message, update_id: id });
  const tap = (id: number) => envelope({ ...UPDATES.callback_query, update_id: id });
  for (let id = 1000; id < 1000 + count; id++) {
    objects.set(rawKey(DAY, id), Buffer.from(id % 7 === 0 ? tap(id) : message(id)));
  }
  // Taps have no time of their own: those that the day before holds as well count there.
  for (const id of [1001, 1008]) {
    objects.set(rawKey(DAY, id), Buffer.from(tap(id)));
    objects.set(rawKey(previousDay(DAY), id), Buffer.from(tap(id)));
  }
  const batch = [990, 1000, 1010, 1010, 1020, 1030].map(message).join('');
  objects.set(
    `${dayPrefix(DAY)}990-1030-0123456789abcdef.ndjson.gz`,
    gzipSync(`${batch}not a record\n`),
  );
  objects.set(rawKey(DAY, 1005), Buffer.from('{'));
  // Of another program: nobody knows what is in it before it is read.
  objects.set(`${dayPrefix(DAY)}other.ndjson`, Buffer.from(message(1015) + message(5)));
  return objects;
}

describeWithMiniStack('a day in shards', () => {
  let emulator: Emulator;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let agent: Agent;
  let lake: Lake;
  let stack: Deployment;
  let s3: S3Client;
  let lambda: LambdaClient;
  let states: SFNClient;
  let objects: Map<string, Buffer>;
  const cleanups: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    cleanups.push(() => folder.remove());
    emulator = await startMiniStack(python ?? '', {
      enforce: true,
      // Waits between tries are a fraction of what they are on AWS.
      functionEnv: { SFN_WAIT_SCALE: '0.1' },
    });
    cleanups.push(() => emulator.stop());
    agent = new Agent({ ca: emulator.certificate?.pem, keepAlive: true });
    const settings = clientSettingsOf(emulator, agent);
    s3 = new S3Client({ ...settings, forcePathStyle: true });
    lambda = new LambdaClient(settings);
    states = new SFNClient(settings);
    cleanups.push(() => {
      for (const client of [s3, lambda, states]) client.destroy();
      agent.destroy();
    });
    await synthesize(join(folder.path, 'cdktf.out'), {
      CHATBOT_STAGE: 'shd',
      CHATBOT_UPDATES_PER_SHARD: '40',
      CHATBOT_SHARDS_AT_ONCE: '3',
    });
    stack = new Deployment(
      join(folder.path, 'cdktf.out', 'stacks', 'chatbot-shd'),
      findTerraform(),
      emulator,
    );
    await stack.terraform('init', '-no-color');
    await stack.terraform('apply', '-no-color', '-auto-approve', ...targets);
    const store = (layer: string) =>
      new S3Store({ client: s3, bucket: `chatbot-shd-${layer}-000000000000` });
    lake = { raw: store('raw'), enriched: store('enriched'), zone: ZONE };
    objects = someObjects(100);
    for (const [key, body] of objects) await lake.raw.put(key, body);
  });

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  const invoke = async (event: unknown): Promise<unknown> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(text);
    return JSON.parse(text);
  };

  const executions = async (): Promise<ExecutionListItem[]> => {
    const found = await states.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }));
    return found.executions ?? [];
  };

  /** Waits until no execution is under way. @returns how each has ended */
  const ended = async (): Promise<(string | undefined)[]> => {
    const deadline = Date.now() + 150_000;
    for (;;) {
      const all = await executions();
      if (all.every(({ status }) => status !== 'RUNNING')) return all.map(({ status }) => status);
      if (Date.now() > deadline) throw new Error('The execution does not end.');
      await sleep(250);
    }
  };

  const keysOf = async (store: Lake['raw'], prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys;
  };

  /** The rows of the day's files, in the order of their keys. */
  const rows = async (): Promise<Record<string, unknown>[]> => {
    const keys = await keysOf(lake.enriched, dayPrefix(DAY));
    return (
      await Promise.all(keys.map(async (key) => readRows(await readBytes(lake.enriched, key))))
    ).flat();
  };

  /** The last row of table `runs` for the day. */
  const lastRun = async () => {
    const last = (await keysOf(lake.enriched, runsPrefix(DAY))).at(-1);
    const [row] = await readRows(await readBytes(lake.enriched, last ?? ''));
    return { ...row, finished_at: null };
  };

  /** What one run over the same objects gives. */
  const inOnePiece = async () => {
    const whole = memoryLake();
    for (const [key, body] of objects) await whole.raw.put(key, body);
    const run = await runDay(whole, DAY, RUN);
    const [key = ''] = whole.enriched.keys(runsPrefix(DAY));
    const [row] = await readRows(whole.enriched.bytes(key));
    return {
      run,
      rows: await rowsOf(whole),
      lastRun: { ...row, finished_at: null },
      rejected: whole.raw.keys(rejectedPrefix(DAY)),
    };
  };

  const expectAsInOnePiece = async (): Promise<void> => {
    const whole = await inOnePiece();
    expect(await rows()).toEqual(whole.rows);
    expect(await lastRun()).toEqual(whole.lastRun);
    expect(await keysOf(lake.raw, rejectedPrefix(DAY))).toEqual(whole.rejected);
    expect(await keysOf(lake.enriched, 'staging/')).toEqual([]);
  };

  test('is applied; a second plan changes nothing', async () => {
    expect((await stack.plan(...targets)).changes).toEqual([]);
  });

  test('is handed to the state machine, and has the rows and counts of one in one piece', async () => {
    expect(await invoke({ date: DAY })).toMatchObject({ runs: [{ day: DAY, status: 'started' }] });
    expect(await ended()).toEqual(['SUCCEEDED']);
    const names = (await keysOf(lake.enriched, dayPrefix(DAY))).map((key) =>
      key.slice(dayPrefix(DAY).length).replace(/-[0-9a-f]+\.parquet/, ''),
    );
    expect(names).toEqual(['messages.parquet', 'part-000', 'part-001', 'part-002']);
    await expectAsInOnePiece();
    const { rejected, duplicates } = (await inOnePiece()).run;
    expect({ rejected, duplicates }).toEqual({ rejected: 2, duplicates: 7 });
  });

  test('is left alone as long as nothing has changed', async () => {
    const before = await keysOf(lake.enriched, '');
    const { rows: count } = (await inOnePiece()).run;
    expect(await invoke({ date: DAY })).toMatchObject({
      runs: [{ day: DAY, status: 'unchanged', rows: count }],
    });
    expect(await keysOf(lake.enriched, '')).toEqual(before);
    expect(await executions()).toHaveLength(1);
  });

  test('an event that comes twice starts it once', async () => {
    const body = Buffer.from(envelope({ ...UPDATES.message, update_id: 2000 }));
    objects.set(rawKey(DAY, 2000), body);
    await lake.raw.put(rawKey(DAY, 2000), body);
    const event = { time: '2026-01-16T04:00:00Z', source: 'aws.events' };
    const results = await Promise.all([invoke(event), invoke(event)]);
    expect(JSON.stringify(results)).toContain('"started"');
    expect(await ended()).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    await expectAsInOnePiece();
  });

  test('a shard that fails is run again, and nothing is lost or doubled', async () => {
    const [lost, added] = [rawKey(DAY, 1050), rawKey(DAY, 2001)];
    const body = Buffer.from(envelope({ ...UPDATES.message, update_id: 2001 }));
    objects.set(added, body);
    await lake.raw.put(added, body);
    const Bucket = 'chatbot-shd-raw-000000000000';
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const policy = JSON.parse(Policy) as { Statement: unknown[] };
    const refusal = {
      ...{ Sid: 'Trial', Effect: 'Deny', Action: 's3:GetObject' },
      Principal: { AWS: `arn:aws:iam::000000000000:role/${FUNCTION}` },
      Resource: `arn:aws:s3:::${Bucket}/${lost}`,
    };
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({ ...policy, Statement: [...policy.Statement, refusal] }),
      }),
    );
    expect(await invoke({ date: DAY })).toMatchObject({ runs: [{ status: 'started' }] });
    const running = (await executions()).find(({ status }) => status === 'RUNNING');
    const failures = async () => {
      const { events = [] } = await states.send(
        new GetExecutionHistoryCommand({ executionArn: running?.executionArn }),
      );
      return events.filter(({ type }) => /^(Task|LambdaFunction)Failed$/.test(type ?? '')).length;
    };
    while ((await failures()) === 0) await sleep(200);
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await ended()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    await expectAsInOnePiece();
  });

  test('becomes one file again when it has become small', async () => {
    const gone = [...objects.keys()].filter((key) => Number(/(\d+)\.json$/.exec(key)?.[1]) > 1030);
    await lake.raw.delete(gone);
    for (const key of gone) objects.delete(key);
    expect(await invoke({ date: DAY })).toMatchObject({ runs: [{ status: 'written' }] });
    expect(await keysOf(lake.enriched, dayPrefix(DAY))).toEqual([parquetKey(DAY)]);
    await expectAsInOnePiece();
    expect(await executions()).toHaveLength(3);
  });
});
