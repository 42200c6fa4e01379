import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { Deployment, synthesize } from '../../localstack/deployment.ts';
import { type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { type Terraform, findTerraform } from '../../localstack/terraform.ts';
import { lossesOf } from '../../scripts/plan/guard.ts';
import { parsePlan } from '../../scripts/plan/plan.ts';
import { ssmParameters } from '../../src/aws/parameters.ts';
import { DAY_ATTRIBUTE } from '../../src/config/buffer.ts';
import { nextDay } from '../../src/lake/days.ts';
import { dayPrefix, parquetKey, rawKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { readBytes } from '../../src/lake/objectStore.ts';
import { parseRecord, readRawObject } from '../../src/lake/rawRecords.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, ZONE, envelope } from '../support/lakes.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { UPDATES } from '../support/updates/fixtures.ts';
import { callWebhook } from '../support/webhookClient.ts';

/*
 * A stage that buffers, applied whole, over TLS and with all policies enforced: from the REST API's URL
 * by the queue to rows, and back to direct writes. The tests build on each other, in this order.
 */

const python = findPython('ministack');
const describeWithMiniStack = onDemand('emulator', 'a stage that buffers, on MiniStack', () =>
  requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON),
);

const SECRET = 'the-only_secret';
const STACK = 'chatbot-buf';
const SETTINGS = {
  CHATBOT_NETWORKS: '127.0.0.1/32',
  CHATBOT_CHATS: 'any',
  CHATBOT_STAGE: 'buf',
} as const;

describeWithMiniStack('a stage that buffers', () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let agent: Agent;
  let outputs: Record<string, string>;
  let lake: Lake;
  let sqs: SQSClient;
  let lambda: LambdaClient;
  const cleanups: (() => Promise<void> | void)[] = [];

  /** The stage as the switch says; Terraform's state is the same for all. */
  async function deploymentOf(ingest: 'buffered' | 'direct' | 'draining'): Promise<Deployment> {
    const out = join(folder.path, ingest);
    await synthesize(out, { ...SETTINGS, CHATBOT_INGEST: ingest });
    return new Deployment(join(out, 'stacks', STACK), terraform, emulator);
  }

  beforeAll(async () => {
    terraform = findTerraform();
    folder = await temporaryFolder();
    cleanups.push(() => folder.remove());
    emulator = await startMiniStack(python ?? '', { enforce: true, verbose: true });
    cleanups.push(() => emulator.stop());
    agent = new Agent({ ca: emulator.certificate?.pem, keepAlive: true });
    const settings = clientSettingsOf(emulator, agent);
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const ssm = new SSMClient(settings);
    sqs = new SQSClient(settings);
    lambda = new LambdaClient(settings);
    cleanups.push(() => {
      for (const client of [s3, ssm, sqs, lambda]) client.destroy();
      agent.destroy();
    });

    const stack = await deploymentOf('buffered');
    await stack.apply();
    outputs = await stack.outputs();
    lake = {
      raw: new S3Store({ client: s3, bucket: output('raw_bucket') }),
      enriched: new S3Store({ client: s3, bucket: output('enriched_bucket') }),
      zone: ZONE,
    };
    await ssmParameters(ssm).put(output('secret_parameter'), JSON.stringify({ current: SECRET }));
  });

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  function output(name: string): string {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The stack has no output ${name}.`);
    return value;
  }

  async function post(update: unknown): Promise<string> {
    const webhook = { url: output('webhook_url'), endpoint: emulator.endpoint, agent };
    const { status, body } = await callWebhook(webhook, JSON.stringify(update), { secret: SECRET });
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  async function runEtl(): Promise<void> {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: `${STACK}-etl`,
        Payload: Buffer.from(JSON.stringify({ from: DAY, to: nextDay(DAY) })),
      }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(text);
  }

  async function keysOf(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of lake.raw.list(prefix)) keys.push(key);
    return keys;
  }

  /** Numbers of the updates under a prefix, by the keys that hold them. */
  async function stored(prefix = 'telegram/'): Promise<Map<string, number[]>> {
    const found = new Map<string, number[]>();
    for (const key of await keysOf(prefix)) {
      const ids: number[] = [];
      for await (const line of readRawObject(lake.raw, key)) {
        ids.push(parseRecord(line, { key, modified: new Date(0) }).facts.updateId);
      }
      found.set(key, ids);
    }
    return found;
  }

  /** Waits until something holds; functions start cold, and messages are tried again each second. */
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      if (await holds()) return;
      await sleep(500);
    }
    throw new Error(`Waited in vain: ${what}. ${emulator.output().slice(-4000)}`);
  }

  async function waiting(queue: 'updates_dead_letters' | 'updates_queue'): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: output(queue),
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  const isDrained = async () => (await waiting('updates_queue')) === 0;

  const rowsOf = async (day: string) => readRows(await readBytes(lake.enriched, parquetKey(day)));

  /** An update of a chat of its own: one alone would soon be told to slow down. */
  const update = (update_id: number, more: object = {}) => {
    const { message } = UPDATES.message;
    return {
      update_id,
      message: { ...message, chat: { ...message.chat, id: update_id }, ...more },
    };
  };

  /** Seconds that a day has. */
  const A_DAY = 86_400;

  test('answers updates, and its writer makes objects of many, one day each', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => 500 + index);
    const { date } = UPDATES.message.message;
    const sent = (id: number) => update(id, { date: date + (id % 3 === 0 ? A_DAY : 0) });
    for (const id of ids) {
      expect(JSON.parse(await post(sent(id)))).toMatchObject({ method: 'sendMessage' });
    }
    // Answered anew.
    expect(JSON.parse(await post(sent(501)))).toMatchObject({ method: 'sendMessage' });
    await until('the queue is empty', isDrained);
    const objects = await stored();
    expect([...objects.keys()].filter((key) => !key.endsWith('.ndjson.gz'))).toEqual([]);
    expect([...new Set([...objects.values()].flat())].sort((a, b) => a - b)).toEqual(ids);
    for (const [key, some] of objects) {
      const isNext = key.startsWith(dayPrefix(nextDay(DAY)));
      expect(some.every((id) => (id % 3 === 0) === isNext)).toBe(true);
    }
    expect(await keysOf('rejected/')).toEqual([]);
  });

  test('writes directly what the queue cannot hold, and the ETL makes rows of both', async () => {
    const long = update(600, { text: 'a'.repeat(300_000) });
    await post(long);
    expect(await keysOf(rawKey(DAY, 600))).toEqual([rawKey(DAY, 600)]);
    await runEtl();
    const rows = await rowsOf(DAY);
    const ofDay = Array.from({ length: 30 }, (_, index) => 500 + index).filter((id) => id % 3 > 0);
    expect(rows.map(({ update_id }) => Number(update_id))).toEqual([...ofDay, 600]);
    expect(rows.at(-1)).toMatchObject({ text_length: 300_000n });
    expect(await rowsOf(nextDay(DAY))).toHaveLength(10);
  });

  test('sets a message that cannot be written aside, and writes the others', async () => {
    // Else this test would last five times seven minutes.
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: output('updates_queue'),
        Attributes: { VisibilityTimeout: '1' },
      }),
    );
    const send = (MessageBody: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: output('updates_queue'),
          MessageBody,
          MessageAttributes: { [DAY_ATTRIBUTE]: { DataType: 'String', StringValue: DAY } },
        }),
      );
    await send('no update');
    await send(envelope(update(601)).trim());
    await until('it lies among the dead letters', async () => {
      return (await waiting('updates_dead_letters')) === 1;
    });
    await until('the queue is empty', isDrained);
    expect([...(await stored(dayPrefix(DAY))).values()]).toContainEqual([601]);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: output('updates_dead_letters'),
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      { Body: 'no update', MessageAttributes: { [DAY_ATTRIBUTE]: { StringValue: DAY } } },
    ]);
    expect(emulator.output()).toContain('Message is no update');
  });

  test('goes back to direct writes without losing an update: draining, then direct', async () => {
    // What waits while the switch is turned.
    await post(update(602));
    const draining = await deploymentOf('draining');
    await draining.apply();
    await post(update(603));
    expect(await keysOf(rawKey(DAY, 603))).toEqual([rawKey(DAY, 603)]);
    await until('the queue is empty', isDrained);
    const ids = [...(await stored(dayPrefix(DAY))).values()].flat();
    for (const id of [601, 602, 603]) expect(ids).toContain(id);

    const direct = await deploymentOf('direct');
    await direct.terraform('init', '-no-color');
    const { text, changes } = await direct.plan();
    // The reminder that they are to be empty.
    expect(lossesOf(parsePlan(JSON.parse(text))).map(({ address }) => address)).toEqual([
      'aws_sqs_queue.writer_dead_letters',
      'aws_sqs_queue.writer_queue',
    ]);
    expect(changes.filter(({ actions }) => actions.join() === 'create')).toEqual([]);
    await direct.apply();
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls.map((url) => url.replace(/^.*\//, ''))).toEqual([`${STACK}-dead-letters`]);
    await post(update(604));
    await runEtl();
    const rows = await rowsOf(DAY);
    expect(rows.map(({ update_id }) => Number(update_id)).slice(-5)).toEqual([
      ...[600, 601, 602, 603, 604],
    ]);
  });
});
