import { gunzipSync } from 'node:zlib';

import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

import { type WriterEvent, createWriterHandler } from '../../../functions/writer/handler.ts';
import { createWriterObserver } from '../../../functions/writer/observe.ts';
import { METRICS } from '../../../src/config/metrics.ts';
import { UnavailableError } from '../../../src/lake/objectStore.ts';
import { idRangeOf } from '../../../src/lake/idRange.ts';
import { DAY, envelope } from '../../support/lakes.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

let raw: MemoryStore;
let events: WriterEvent[];
let handle: ReturnType<typeof createWriterHandler>;

beforeEach(() => {
  raw = new MemoryStore();
  events = [];
  handle = createWriterHandler({ raw, observe: (event) => events.push(event) });
});

const NEXT = '2026-01-16';

/** The line of an update with a number of its own. */
function line(update_id: number, receivedAt?: string): string {
  return envelope({ ...UPDATES.message, update_id }, receivedAt).trim();
}

/** A message of the queue; `day` null: it has no such attribute. */
function message(messageId: string, body: string, day: string | null = DAY): SQSRecord {
  const attribute = { dataType: 'String', stringValue: day ?? '' };
  return {
    ...{ messageId, body },
    messageAttributes: day === null ? {} : { day: attribute },
  } as unknown as SQSRecord;
}

const event = (...Records: SQSRecord[]): SQSEvent => ({ Records });

function text(key: string | undefined): string {
  return gunzipSync(raw.bytes(key ?? '')).toString();
}

const failuresOf = ({ batchItemFailures }: Awaited<ReturnType<typeof handle>>): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('a batch', () => {
  test('is one object: its lines verbatim, in the order of their numbers, each once', async () => {
    const lines = [line(12), line(3), line(12), line(7)];
    const messages = lines.map((body, index) => message(`m${index}`, body));
    expect(failuresOf(await handle(event(...messages)))).toEqual([]);
    const keys = raw.keys();
    expect(keys).toEqual([
      expect.stringMatching(
        new RegExp(`^telegram/context_date=${DAY}/3-12-[0-9a-f]{16}\\.ndjson\\.gz$`),
      ),
    ]);
    expect(idRangeOf(keys[0] ?? '')).toEqual({ from: 3, to: 12 });
    expect(text(keys[0])).toBe(`${line(3)}\n${line(7)}\n${line(12)}\n`);
    expect(events).toMatchObject([
      { type: 'written', day: DAY, isRepeated: false, batch: { key: keys[0], records: 3 } },
    ]);
  });

  test('has the same name and bytes in whatever order the queue gives it out, and is written once', async () => {
    const [a, b] = [message('a', line(1)), message('b', line(2))];
    await handle(event(a, b));
    const [key = ''] = raw.keys();
    const bytes = raw.bytes(key);
    raw.beforePut = () => {
      raw.now += 1;
    };
    expect(failuresOf(await handle(event(b, a, b)))).toEqual([]);
    expect(raw.keys()).toEqual([key]);
    expect(raw.bytes(key)).toBe(bytes);
    expect(events).toMatchObject([{ isRepeated: false }, { isRepeated: true }]);
  });

  test('never takes the place of another one: later deliveries, other bots', async () => {
    const { message: said } = UPDATES.message;
    const another = envelope({ update_id: 1, message: { ...said, text: 'another bot' } }).trim();
    for (const body of [line(1), line(1, '2026-01-15T16:00:00.000Z'), another]) {
      await handle(event(message('m', body)));
    }
    expect(raw.keys().map(text).sort()).toEqual(
      [`${line(1)}\n`, `${line(1, '2026-01-15T16:00:00.000Z')}\n`, `${another}\n`].sort(),
    );
  });

  test('of several days is an object for each', async () => {
    const messages = [message('a', line(1)), message('b', line(2), NEXT), message('c', line(3))];
    expect(failuresOf(await handle(event(...messages)))).toEqual([]);
    expect(raw.keys().map((key) => [key.slice(22, 32), text(key)])).toEqual([
      [DAY, `${line(1)}\n${line(3)}\n`],
      [NEXT, `${line(2)}\n`],
    ]);
  });

  test.each([
    ['no JSON', '{', DAY, /not JSON/],
    ['nothing', '', DAY, /not JSON/],
    ['an update without its envelope', JSON.stringify(UPDATES.message), DAY, /no envelope/],
    ['an envelope around something else', envelope({ a: 1 }).trim(), DAY, /update_id/],
    ['two lines', `${line(1)}\n${line(2)}`, DAY, /more than a line/],
    ['no day', line(1), null, /does not say its day/],
    ['what is no day', line(1), '2026-02-30', /no day 2026-02-30/],
    ['another place', line(1), '../state', /is not a day/],
  ])(
    'of which one is %s: that one stays, the others are written',
    async (_name, body, day, why) => {
      const poison = message('poison', body, day);
      expect(failuresOf(await handle(event(poison, message('b', line(2)))))).toEqual(['poison']);
      expect(raw.keys().map(text)).toEqual([`${line(2)}\n`]);
      expect(events).toMatchObject([
        { type: 'unreadable', messageId: 'poison', reason: expect.stringMatching(why) },
        { type: 'written' },
      ]);
    },
  );

  test('whose day cannot be written stays, and the other days are written', async () => {
    raw.beforePut = (key) => {
      if (key.includes(NEXT)) throw new UnavailableError('no');
    };
    const messages = ['a', 'b', 'c'].map((id, index) =>
      message(id, line(index), index === 1 ? DAY : NEXT),
    );
    expect(failuresOf(await handle(event(...messages)))).toEqual(['a', 'c']);
    expect(raw.keys().map(text)).toEqual([`${line(1)}\n`]);
    raw.beforePut = undefined;
    expect(failuresOf(await handle(event(...messages)))).toEqual([]);
    expect(raw.keys()).toHaveLength(2);
  });
});

test('the writer logs and counts all that, without a text of a message', async () => {
  const lines: unknown[] = [];
  const counts: Record<string, number> = {};
  const log = (...args: unknown[]): void => {
    lines.push(args);
  };
  const observe = createWriterObserver({
    logger: { info: log, warn: log, error: log },
    count: (name: string, value = 1) => {
      counts[name] = (counts[name] ?? 0) + value;
    },
    flush: () => undefined,
  });
  handle = createWriterHandler({ raw, observe });
  const good = message('a', line(1));
  await handle(event(good, message('b', line(2)), message('poison', 'secret words')));
  await handle(event(good, message('b', line(2))));
  raw.beforePut = () => {
    throw new Error('no');
  };
  await handle(event(good));
  expect(counts).toEqual({ [METRICS.writer.failed]: 2 });
  expect(lines).toMatchObject([
    ['Message is no update', { message_id: 'poison', reason: 'it is not JSON' }],
    ['Batch', { day: DAY, key: raw.keys()[0], records: 2, repeated: false }],
    ['Batch', { repeated: true }],
    ['Batch not written; it is tried again', { day: DAY, messages: 1, error: new Error('no') }],
  ]);
  expect(JSON.stringify(lines)).not.toContain(UPDATES.message.message.text);
  expect(JSON.stringify(lines)).not.toContain('secret');
});
