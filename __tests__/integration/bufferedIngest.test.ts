import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';

import { runDay } from '../../functions/etl/runDay.ts';
import { createBuffer } from '../../functions/webhook/buffer.ts';
import {
  type WebhookDeps,
  type WebhookEvent,
  createWebhookHandler,
} from '../../functions/webhook/handler.ts';
import { createWriterHandler } from '../../functions/writer/handler.ts';
import { REPORT_INTENT } from '../../src/bot/request.ts';
import { addToDay } from '../../src/lake/days.ts';
import type { Answer } from '../../src/lake/envelope.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { UnavailableError } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, type MemoryLake, RUN, memoryLake, rowsOf } from '../support/lakes.ts';
import { type AnyUpdate, arbitraryUpdate } from '../support/updates/arbitraries.ts';
import { NOON, UPDATES } from '../support/updates/fixtures.ts';

/** A queue in memory, which gives its messages out as Lambda does. */
class Queue {
  readonly messages: SQSRecord[] = [];
  /** What sending throws. */
  failure: Error | undefined;

  readonly send = ({ input }: { readonly input: SendMessageCommandInput }): Promise<object> => {
    if (this.failure) return Promise.reject(this.failure);
    const attributes = Object.entries(input.MessageAttributes ?? {}).map(
      ([name, { StringValue: stringValue }]) => [name, { dataType: 'String', stringValue }],
    );
    this.messages.push({
      messageId: `m${this.messages.length}`,
      body: input.MessageBody,
      messageAttributes: Object.fromEntries(attributes) as SQSRecord['messageAttributes'],
    } as SQSRecord);
    return Promise.resolve({});
  };

  get buffer(): NonNullable<WebhookDeps['buffer']> {
    return createBuffer({ send: this.send }, 'q');
  }
}

let lake: MemoryLake;
let queue: Queue;
let events: WebhookEvent[];
/** Unix milliseconds. */
let now: number;

beforeEach(() => {
  lake = memoryLake();
  queue = new Queue();
  events = [];
  now = Date.UTC(2026, 0, 15, 15);
});

/** An answer that tells when it was decided. */
function answerAt(at: number, intent = 'horario'): Answer {
  return {
    call: { method: 'sendMessage', chat_id: 1, text: `at ${at}` },
    ...{ outcome: 'answered', intent, score: null, candidates: [] },
    ...{ engine: 'test@1', knowledge: 'abc', ms: 0 },
  };
}

function webhook(more: Partial<WebhookDeps> = {}) {
  const handle = createWebhookHandler({
    lake,
    secrets: () => Promise.resolve({ current: 'secret' }),
    bot: { decide: ({ receivedAt }) => answerAt(receivedAt) },
    chats: { chats: 'any', staffChats: [] },
    source: 'telegram',
    buffer: queue.buffer,
    now: () => now,
    observe: (event) => events.push(event),
    ...more,
  });
  return (update: unknown): Promise<APIGatewayProxyResult> => {
    const headers = { 'X-Telegram-Bot-Api-Secret-Token': 'secret' };
    const body = typeof update === 'string' ? update : JSON.stringify(update);
    return handle({ headers, body, isBase64Encoded: false } as unknown as APIGatewayProxyEvent);
  };
}

const outcomes = (): string[] =>
  events.map((event) => (event.type === 'received' ? event.receipt.outcome : event.type));

describe('the webhook with a buffer', () => {
  test('answers and leaves the update to the writer; a second delivery is answered anew', async () => {
    const post = webhook();
    const first = await post(UPDATES.message);
    now += 1_000;
    const second = await post(UPDATES.message);
    expect([first, second].map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(JSON.parse(first.body)).toMatchObject({ text: `at ${now - 1_000}` });
    expect(JSON.parse(second.body)).toMatchObject({ text: `at ${now}` });
    expect(outcomes()).toEqual(['buffered', 'buffered']);
    expect(queue.messages).toHaveLength(2);
    expect(lake.raw.keys()).toEqual([]);
  });

  test('writes directly what the queue cannot hold', async () => {
    const { message } = UPDATES.message;
    const update = { ...UPDATES.message, message: { ...message, text: 'a'.repeat(300_000) } };
    expect((await webhook()(update)).statusCode).toBe(200);
    expect(outcomes()).toEqual(['stored']);
    expect(queue.messages).toEqual([]);
    expect(lake.raw.keys()).toEqual([`telegram/context_date=${DAY}/${update.update_id}.json`]);
  });

  test('writes directly when the queue fails, and refuses only when nothing takes the update', async () => {
    queue.failure = new Error('AccessDenied');
    const post = webhook();
    expect((await post(UPDATES.message)).statusCode).toBe(200);
    expect(outcomes()).toEqual(['buffer-failed', 'stored']);
    events = [];
    lake.raw.beforePut = () => {
      throw new UnavailableError('no');
    };
    const another = { ...UPDATES.message, update_id: 1 };
    expect((await post(another)).statusCode).toBe(503);
    expect(outcomes()).toEqual(['buffer-failed', 'failed']);
  });

  test('keeps what is no update, drops what is not ours, and notes the owner’s wish at once', async () => {
    const { id } = UPDATES.message.message.chat;
    const post = webhook({
      chats: { chats: [id], staffChats: [], ownerChat: id },
      bot: { decide: ({ receivedAt }) => answerAt(receivedAt, REPORT_INTENT) },
    });
    await post('{');
    await post({ ...UPDATES.message, message: { ...UPDATES.message.message, chat: { id: 4 } } });
    await post(UPDATES.message);
    expect(outcomes()).toEqual(['rejected', 'dropped', 'buffered']);
    expect(lake.raw.keys()).toEqual([
      expect.stringMatching(/^rejected\//),
      `state/reports/${UPDATES.message.update_id}.json`,
    ]);
  });
});

/** An update, delivered at some times, each in one way or the other. */
interface Given {
  readonly update: AnyUpdate;
  readonly deliveries: readonly { readonly at: number; readonly isBuffered: boolean }[];
}

const given: fc.Arbitrary<Given> = fc
  .record({
    update: arbitraryUpdate(),
    // Few, so that updates of several bots have the same.
    update_id: fc.nat({ max: 30 }),
    deliveries: fc.array(
      fc.record({
        at: fc.integer({ min: NOON - 40_000, max: NOON + 120_000 }).map((time) => time * 1_000),
        isBuffered: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ update, update_id, deliveries }) => ({
    update: withDate({ ...update, update_id }),
    deliveries,
  }));

/** Puts an update's own time into the days that are looked at. */
function withDate(update: AnyUpdate): AnyUpdate {
  const text = JSON.stringify(update);
  const shift = (time: number) => NOON - 40_000 + (time % 160_000);
  return JSON.parse(
    text.replaceAll(
      /("(?:date|edit_date|add_date|remove_date)":)(\d+)/g,
      (_, name: string, time: string) => `${name}${shift(Number(time))}`,
    ),
  ) as AnyUpdate;
}

const DAYS = [-2, -1, 0, 1, 2, 3].map((count) => addToDay(DAY, count));

/** Rows of all days, as the ETL makes them. */
async function rowsOfAll(of: MemoryLake): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const day of DAYS) {
    const { status } = await runDay(of, day, RUN);
    if (status === 'empty') continue;
    rows.push(...(await readRows(of.enriched.bytes(parquetKey(day)))).map((row) => [day, row]));
  }
  return rows;
}

/** How messages are given to the writer. */
interface Handling {
  /** Where each message stands in the order of all. */
  readonly order: readonly number[];
  /** Which messages are given out again though they were written. */
  readonly again: readonly boolean[];
  readonly batchSize: number;
  /** Which writes fail, in their order. */
  readonly failing: readonly boolean[];
}

const handling: fc.Arbitrary<Handling> = fc.record({
  order: fc.array(fc.double({ noNaN: true }), { minLength: 60, maxLength: 60 }),
  again: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
  batchSize: fc.integer({ min: 1, max: 20 }),
  failing: fc.array(fc.boolean(), { maxLength: 10 }),
});

/** Gives messages to the writer in batches, until all of them are written. */
async function drain(
  to: MemoryLake,
  messages: readonly SQSRecord[],
  { order, again, batchSize, failing }: Handling,
): Promise<void> {
  const writing = createWriterHandler({ raw: to.raw });
  let waiting = messages
    .flatMap((message, index) => (again[index] === true ? [message, message] : [message]))
    .map((message, index) => [order[index % order.length] ?? 0, message] as const)
    .sort(([a], [b]) => a - b)
    .map(([, message]) => message);
  let writes = 0;
  to.raw.beforePut = (key) => {
    if (key.startsWith('telegram/') && failing[writes++] === true) throw new Error('refused');
  };
  while (waiting.length > 0) {
    const batch = waiting.slice(0, batchSize);
    const { batchItemFailures } = await writing({ Records: batch });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    waiting = [
      ...waiting.slice(batchSize),
      ...batch.filter(({ messageId }) => failed.has(messageId)),
    ];
  }
  to.raw.beforePut = undefined;
}

describe('the rows of a day', () => {
  /** Delivers updates in the order of time. */
  async function deliver(
    to: MemoryLake,
    updates: readonly Given[],
    through: (isBuffered: boolean) => boolean,
  ): Promise<void> {
    const post = [false, true].map((isBuffered) =>
      webhook({ lake: to, buffer: isBuffered ? queue.buffer : undefined }),
    );
    // Two deliveries at the same millisecond are one after the other.
    const all = updates
      .flatMap(({ update, deliveries }) => deliveries.map((each) => ({ update, ...each })))
      .sort((a, b) => a.at - b.at)
      .map((each, index) => ({ ...each, at: each.at + index }));
    for (const { update, at, isBuffered } of all) {
      now = at;
      const { statusCode } = (await post[Number(through(isBuffered))]?.(update)) ?? {};
      expect(statusCode).toBe(200);
    }
  }

  test('are the same directly, by the queue, and by both: however messages are regrouped and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(given, { minLength: 1, maxLength: 20 }),
        handling,
        async (updates, how) => {
          const [direct, buffered, both] = [memoryLake(), memoryLake(), memoryLake()];
          await deliver(direct, updates, () => false);
          queue = new Queue();
          await deliver(buffered, updates, () => true);
          await drain(buffered, queue.messages, how);
          queue = new Queue();
          await deliver(both, updates, (isBuffered) => isBuffered);
          await drain(both, queue.messages, how);
          const expected = await rowsOfAll(direct);
          expect(expected.length).toBeGreaterThan(0);
          expect(await rowsOfAll(buffered)).toEqual(expected);
          expect(await rowsOfAll(both)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tell of the first delivery, though the writer wrote a later one first', async () => {
    const post = webhook();
    await post(UPDATES.message);
    now += 60_000;
    await post(UPDATES.message);
    const [first, second] = queue.messages;
    const handle = createWriterHandler({ raw: lake.raw });
    for (const message of [second, first]) if (message) await handle({ Records: [message] });
    await runDay(lake, DAY, RUN);
    expect(await rowsOf(lake)).toMatchObject([
      { received_at: new Date(now - 60_000), answer_text: `at ${now - 60_000}` },
    ]);
  });
});

test('what the writer writes is read by DuckDB as it is', async () => {
  const folder = await temporaryFolder();
  try {
    const post = webhook();
    for (const update of Object.values(UPDATES)) await post(update);
    await createWriterHandler({ raw: lake.raw })({ Records: queue.messages });
    for (const key of lake.raw.keys('telegram/')) {
      const file = join(folder.path, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, lake.raw.bytes(key));
    }
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(
      `SELECT CAST(update->>'update_id' AS BIGINT), received_at, CAST(context_date AS VARCHAR)
       FROM read_ndjson('${folder.path}/telegram/*/*.ndjson.gz', hive_partitioning = true,
         columns = {v: 'INTEGER', source: 'VARCHAR', received_at: 'VARCHAR', update: 'JSON', answer: 'JSON'})
       ORDER BY 1`,
    );
    expect(reader.getRows().map(([id]) => Number(id))).toEqual(
      Object.values(UPDATES)
        .map(({ update_id }) => update_id)
        .sort((a, b) => a - b),
    );
    connection.closeSync();
  } finally {
    await folder.remove();
  }
});
