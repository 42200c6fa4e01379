import { beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, SQSEvent } from 'aws-lambda';

import { createEtlHandler } from '../../functions/etl/handler.ts';
import { createReportHandler } from '../../functions/report/handler.ts';
import { createWebhookHandler } from '../../functions/webhook/handler.ts';
import { createWriterHandler } from '../../functions/writer/handler.ts';
import type { Config } from '../../src/config/config.ts';
import { parquetKey, rawKey } from '../../src/lake/keys.ts';
import { type Lake, openLake } from '../../src/lake/lake.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../../src/lake/objectStore.ts';
import { requestReport } from '../../src/lake/reportRequest.ts';
import { createReporter } from '../../src/report/reporter.ts';
import { BotApiError } from '../../src/telegram/errors.ts';
import { updateFacts } from '../../src/telegram/updateFacts.ts';
import { DAY, RUN, ZONE, envelope } from '../support/lakes.ts';
import { MemoryStore } from '../support/memoryStore.ts';
import { scriptedEngine } from '../support/scriptedEngine.ts';
import { type PolicyStatement, ofType, statementsOf, synthStack } from '../support/stacks.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/*
 * What the functions do to the lake, in the cases in which they do more than usual, held against
 * what their roles may: a right that is wanted once a month is missed on that day only.
 */

type Layer = 'enriched' | 'raw' | 'results';

/** A store that notes which rights each request takes, as `<action> <ARN>`. */
class WatchedStore extends MemoryStore implements ObjectStore {
  readonly #arn: string;
  readonly #used: Set<string>;

  constructor(layer: Layer, used: Set<string>) {
    super();
    this.#arn = `arn:aws:s3:::shop-test-${layer}-123456789012`;
    this.#used = used;
  }

  override list(prefix: string, options = {}): AsyncGenerator<ObjectInfo> {
    this.#used.add(`s3:ListBucket ${this.#arn}`);
    return super.list(prefix, options);
  }

  override get(key: string) {
    this.#used.add(`s3:GetObject ${this.#arn}/${key}`);
    return super.get(key);
  }

  override put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ) {
    this.#used.add(`s3:PutObject ${this.#arn}/${key}`);
    // S3 tells nobody whether an object is as expected who may not read it.
    if (options.ifMatch !== undefined) this.#used.add(`s3:GetObject ${this.#arn}/${key}`);
    return super.put(key, body, options);
  }

  override delete(keys: readonly string[]) {
    for (const key of keys) this.#used.add(`s3:DeleteObject ${this.#arn}/${key}`);
    return super.delete(keys);
  }
}

interface WatchedLake extends Lake {
  readonly raw: WatchedStore;
  readonly enriched: WatchedStore;
}

function watchedLake(used: Set<string>): WatchedLake {
  return {
    raw: new WatchedStore('raw', used),
    enriched: new WatchedStore('enriched', used),
    zone: ZONE,
  };
}

/** Whether a pattern of IAM's matches. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

const rights: Record<string, readonly PolicyStatement[]> = {};
beforeAll(async () => {
  const stack = await synthStack({
    ownerChat: UPDATES.message.message.chat.id,
    ingest: 'buffered',
  });
  for (const name of ['webhook', 'etl', 'report', 'writer']) {
    const policy = ofType(stack, 'aws_iam_role_policy')[`${name}_function_rights`]?.['policy'];
    rights[name] = statementsOf(policy);
  }
});

/** What was used of a function's rights that it does not have. */
function missing(name: string, used: ReadonlySet<string>): string[] {
  return [...used].filter((use) => {
    const [action = '', resource = ''] = use.split(' ');
    return !(rights[name] ?? []).some(
      ({ Effect, Action, Resource = [] }) =>
        Effect === 'Allow' &&
        Action.includes(action) &&
        Resource.some((pattern) => matches(pattern, resource)),
    );
  });
}

describe('the role of the ETL', () => {
  test('may do all that its runs do: written, written anew, mended, emptied, and nothing but rejected', async () => {
    const used = new Set<string>();
    const lake = watchedLake(used);
    const put = (name: string, text: string): Promise<unknown> =>
      MemoryStore.prototype.put.call(
        lake.raw,
        rawKey(DAY, 1).replace('1.json', name),
        Buffer.from(text),
      );
    const run = async (): Promise<string | undefined> => {
      await openLake(lake);
      const { now, rawRetentionDays } = RUN;
      const etl = createEtlHandler({ lake, rawRetentionDays, now: () => now });
      return (await etl({ date: DAY })).runs[0]?.status;
    };
    const seen: (string | undefined)[] = [];
    await put('broken.json', '{');
    seen.push(await run());
    // The daily run does each day twice.
    seen.push(await run());
    await put('1.json', envelope(UPDATES.message));
    seen.push(await run());
    seen.push(await run());
    await put('2.json', envelope(UPDATES.callback_query));
    await put('broken.json', envelope({ ...UPDATES.message, update_id: 77 }));
    seen.push(await run());
    for (const key of lake.raw.keys('telegram/')) lake.raw.objects.delete(key);
    seen.push(await run());
    expect(seen).toEqual(['empty', 'empty', 'written', 'unchanged', 'written', 'empty']);
    expect([...used]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^s3:DeleteObject .*-raw-\d+\/rejected\//),
        expect.stringMatching(new RegExp(`^s3:DeleteObject .*-enriched-\\d+/${parquetKey(DAY)}$`)),
      ]),
    );
    expect(missing('etl', used)).toEqual([]);
  });
});

describe('the role of the ETL, of a day in shards', () => {
  test('may do all that its steps do: planned, run, finished, in one piece again, and emptied', async () => {
    const used = new Set<string>();
    const lake = watchedLake(used);
    const put = (id: number): Promise<unknown> =>
      MemoryStore.prototype.put.call(
        lake.raw,
        rawKey(DAY, id),
        Buffer.from(envelope({ ...UPDATES.message, update_id: id })),
      );
    const { now, rawRetentionDays } = RUN;
    const run = async (updatesPerShard: number): Promise<string | undefined> => {
      const etl = createEtlHandler({ lake, rawRetentionDays, now: () => now, updatesPerShard });
      return (await etl({ date: DAY })).runs[0]?.status;
    };
    for (const id of [1, 2, 3]) await put(id);
    const seen = [await run(1)];
    // A name that tells something else than what is there.
    await MemoryStore.prototype.put.call(
      lake.raw,
      rawKey(DAY, 4),
      Buffer.from(envelope({ ...UPDATES.message, update_id: 1 })),
    );
    seen.push(await run(1), await run(1));
    await put(5);
    seen.push(await run(10));
    lake.raw.objects.clear();
    seen.push(await run(1));
    expect(seen).toEqual(['written', 'written', 'unchanged', 'written', 'empty']);
    expect([...used]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^s3:DeleteObject .*\/part-000-[0-9a-f]+\.parquet$/),
        expect.stringMatching(/^s3:PutObject .*\/staging\/.*\/strays\.json$/),
      ]),
    );
    expect(missing('etl', used)).toEqual([]);
  });
});

describe('the role of the report', () => {
  test('may do all that sending leads to: a digest, once more, again, refused, and a wish', async () => {
    const used = new Set<string>();
    const [raw, results] = [new WatchedStore('raw', used), new WatchedStore('results', used)];
    const facts = updateFacts(UPDATES.message);
    // By the webhook.
    const key = await requestReport(raw, { facts, threadId: null, at: 0 });
    used.clear();
    let refuses = false;
    const reporter = createReporter({
      engine: scriptedEngine(
        ['overview', 'active_users_per_day', 'top_topics', 'unanswered_questions'],
        {},
      ),
      raw,
      zone: ZONE,
      language: 'pt',
      subject: 'a test',
      ownerChat: UPDATES.message.message.chat.id,
      topicTitle: () => null,
      api: () =>
        Promise.resolve({
          sendDocument: () =>
            refuses
              ? Promise.reject(new BotApiError('sendDocument', 403, 'no'))
              : Promise.resolve(),
        }),
      now: () => RUN.now,
      keep: async ({ fileName }) => {
        await results.put(`reports/${fileName}`, new Uint8Array());
      },
    });
    const handle = createReportHandler({ reporter: () => Promise.resolve(reporter), zone: ZONE });
    await handle({ date: DAY }, 'a');
    await handle({ date: DAY }, 'a');
    await handle({ date: DAY, again: true }, 'a');
    await handle({ Records: [{ s3: { object: { key } } }] }, 'a');
    refuses = true;
    await expect(handle({ date: '2026-01-10' }, 'a')).rejects.toThrow('403');
    expect([...used]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^s3:GetObject .*\/state\/reports\//),
        expect.stringMatching(/^s3:PutObject .*\/state\/sent\//),
        expect.stringMatching(/^s3:DeleteObject .*\/state\/digests\//),
        expect.stringMatching(/^s3:PutObject .*-results-\d+\/reports\//),
      ]),
    );
    expect(missing('report', used)).toEqual([]);
  });
});

describe('the role of the writer', () => {
  test('may do all that batches lead to: written, and given out again', async () => {
    const used = new Set<string>();
    const raw = new WatchedStore('raw', used);
    const handle = createWriterHandler({ raw });
    const messageAttributes = { day: { dataType: 'String', stringValue: DAY } };
    const body = envelope(UPDATES.message).trim();
    const event = { Records: [{ messageId: 'm', body, messageAttributes }] };
    for (let times = 0; times < 2; times++) {
      expect(await handle(event as unknown as SQSEvent)).toEqual({ batchItemFailures: [] });
    }
    expect([...used]).toEqual([
      expect.stringMatching(/^s3:PutObject .*\/telegram\/.*\.ndjson\.gz$/),
    ]);
    expect(missing('writer', used)).toEqual([]);
  });
});

describe('the role of the webhook', () => {
  test('may do all that requests lead to: stored, repeated, another bot’s, rejected, a group that migrates', async () => {
    const used = new Set<string>();
    const lake = watchedLake(used);
    await openLake(lake);
    const settings = { chats: [-5], staffChats: [] } satisfies Partial<Config>;
    const handle = createWebhookHandler({
      lake,
      secrets: () => Promise.resolve({ current: 'secret' }),
      bot: { decide: () => null },
      chats: { ...settings, ownerChat: UPDATES.message.message.chat.id },
      source: 'telegram',
    });
    const statuses: number[] = [];
    const post = async (body: string): Promise<void> => {
      const headers = { 'X-Telegram-Bot-Api-Secret-Token': 'secret' };
      const event = { headers, body, isBase64Encoded: false } as unknown as APIGatewayProxyEvent;
      statuses.push((await handle(event)).statusCode);
    };
    const { message, update_id } = UPDATES.message;
    const group = (id: number, more: object): string => {
      const chat = { id, type: 'supergroup', title: 'Loja' };
      return JSON.stringify({ update_id: 90, message: { ...message, chat, ...more } });
    };
    await post(JSON.stringify(UPDATES.message));
    await post(JSON.stringify(UPDATES.message));
    await post(JSON.stringify({ update_id, message: { ...message, text: 'another bot' } }));
    await post('{');
    // Which group it was before may be remembered by another process.
    await post(group(-1_000_000_000_006, {}));
    await post(group(-5, { migrate_to_chat_id: -1_000_000_000_005 }));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect([...used]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^s3:PutObject .*\/rejected\//),
        expect.stringMatching(/^s3:GetObject .*\/state\/chats\//),
        expect.stringMatching(/^s3:PutObject .*\/state\/chats\//),
        expect.stringMatching(/^s3:PutObject .*\/\d+-[0-9a-f]{12}\.json$/),
      ]),
    );
    expect(missing('webhook', used)).toEqual([]);
  });
});
