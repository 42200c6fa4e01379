import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  type ReceiveDeps,
  type Receipt,
  receiveUpdate,
} from '../../../functions/webhook/receive.ts';
import { createChatGate } from '../../../src/lake/chatGate.ts';
import { eventTime } from '../../../src/lake/days.ts';
import type { Answer } from '../../../src/lake/envelope.ts';
import { UnavailableError } from '../../../src/lake/objectStore.ts';
import { parseRecord } from '../../../src/lake/rawRecords.ts';
import { rejectedBody, readRejected } from '../../../src/lake/rejected.ts';
import { type MemoryLake, memoryLake } from '../../support/lakes.ts';
import {
  arbitraryDamagedUpdate,
  arbitraryNotAnUpdate,
  arbitraryUpdate,
} from '../../support/updates/arbitraries.ts';
import { NOON, SPECIAL_UPDATES, UPDATES } from '../../support/updates/fixtures.ts';

/** When everything here is received: a quarter past midnight of 17 January in São Paulo. */
const NOW = Date.UTC(2026, 0, 17, 3, 15, 0, 250);

let lake: MemoryLake;
let deps: ReceiveDeps;
let decided: number;

/** An answer that tells at which call it was decided. */
function answerNumber(number: number): Answer {
  return {
    call: { method: 'sendMessage', chat_id: 1, text: `answer ${number}` },
    outcome: 'answered',
    intent: 'horario',
    score: 0.9,
    candidates: [{ intent: 'horario', score: 0.9 }],
    engine: 'test@1',
    knowledge: 'abc',
    ms: 0.25,
  };
}

beforeEach(() => {
  lake = memoryLake();
  decided = 0;
  deps = {
    lake,
    bot: { decide: () => answerNumber(++decided) },
    chats: createChatGate({ chats: 'any', staffChats: [] }, lake.raw),
    source: 'simulator',
    now: () => NOW,
  };
});

function receive(update: unknown): Promise<Receipt> {
  return receiveUpdate(JSON.stringify(update), deps);
}

/** The record at a raw key. */
function stored(key: string | null): ReturnType<typeof parseRecord> {
  const bytes = lake.raw.bytes(key ?? '');
  return parseRecord(
    { bytes, json: bytes.toString('utf8') },
    { key: key ?? '', modified: new Date(0) },
  );
}

describe('an update', () => {
  test('is one raw object under its own day, with what was answered', async () => {
    const receipt = await receive(UPDATES.message);
    expect(receipt).toMatchObject({
      outcome: 'stored',
      receivedAt: NOW,
      key: `telegram/context_date=2026-01-15/${UPDATES.message.update_id}.json`,
      facts: { updateType: 'message' },
      answer: answerNumber(1),
      call: answerNumber(1).call,
      reason: null,
    });
    expect(lake.raw.keys()).toEqual([receipt.key]);
    expect(stored(receipt.key)).toMatchObject({
      update: UPDATES.message,
      source: 'simulator',
      receivedAt: NOW,
      answer: answerNumber(1),
    });
  });

  test('without a time of its own lies under the day it was received on', async () => {
    const { key } = await receive(UPDATES.callback_query);
    expect(key).toBe(`telegram/context_date=2026-01-17/${UPDATES.callback_query.update_id}.json`);
  });

  test('that was edited lies under the day of the edit', async () => {
    const edited = structuredClone(UPDATES.edited_message);
    edited.edited_message.edit_date = NOON + 86_400;
    expect((await receive(edited)).key).toContain('context_date=2026-01-16/');
  });

  test('is stored verbatim: numbers beyond 53 bits, order and escapes', async () => {
    const body =
      '{"message":{"text":"\\u0041\\/ 👋","big":9223372036854775807,"e":1.0e2,"from":null},\n "update_id": 7 }';
    const { key } = await receiveUpdate(body, deps);
    const line = lake.raw.bytes(key ?? '').toString('utf8');
    expect(line).toContain(`"update":${body.replace('\n', ' ')},"answer":`);
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  test('comes as bytes or as text', async () => {
    const { key } = await receiveUpdate(Buffer.from(JSON.stringify(UPDATES.message)), deps);
    expect(stored(key).update).toEqual(UPDATES.message);
  });

  test('no answer due is null', async () => {
    const receipt = await receiveUpdate(JSON.stringify(UPDATES.message), {
      ...deps,
      bot: { decide: () => null },
    });
    expect(receipt).toMatchObject({ outcome: 'stored', answer: null, call: null });
    expect(stored(receipt.key).answer).toBeNull();
  });

  test('a bot that throws does not cost the update', async () => {
    const receipt = await receiveUpdate(JSON.stringify(UPDATES.message), {
      ...deps,
      bot: {
        decide: () => {
          throw new Error('a bug');
        },
      },
    });
    expect(receipt).toMatchObject({ outcome: 'stored', answer: null, call: null });
    expect(receipt.botError).toEqual(new Error('a bug'));
    expect(stored(receipt.key).update).toEqual(UPDATES.message);
  });

  test('of a chat that is not ours leaves no trace, and is not answered', async () => {
    const chats = createChatGate({ chats: [5], staffChats: [] }, lake.raw);
    const receipt = await receiveUpdate(JSON.stringify(UPDATES.message), { ...deps, chats });
    expect(receipt).toMatchObject({
      outcome: 'dropped',
      key: null,
      answer: null,
      call: null,
      isFirstOfChat: true,
      reason: expect.stringContaining('CHATBOT_CHATS') as unknown,
    });
    expect([lake.raw.keys(), decided]).toEqual([[], 0]);
  });

  test('that cannot be stored is an error', async () => {
    lake.raw.beforePut = () => {
      throw new UnavailableError('disk full');
    };
    await expect(receive(UPDATES.message)).rejects.toThrow(UnavailableError);
  });
});

describe('a wish for a report', () => {
  const KEY = `state/reports/${UPDATES.message.update_id}.json`;

  beforeEach(() => {
    deps = { ...deps, bot: { decide: () => ({ ...answerNumber(++decided), intent: '/report' }) } };
  });

  test('is written down once, after the update, with where it was asked', async () => {
    const receipt = await receive(UPDATES.message);
    expect(receipt).toMatchObject({ outcome: 'stored', reportRequest: KEY });
    expect(JSON.parse(lake.raw.bytes(KEY).toString())).toEqual({
      v: 1,
      update_id: UPDATES.message.update_id,
      chat_id: UPDATES.message.message.chat.id,
      message_thread_id: null,
      language_code: 'pt-br',
      requested_at: '2026-01-17T03:15:00.250Z',
    });
    expect(await receive(UPDATES.message)).toMatchObject({
      outcome: 'duplicate',
      reportRequest: null,
      call: { text: 'answer 1' },
    });
    expect(lake.raw.keys('state/')).toEqual([KEY]);
  });

  test('of a forum names the topic that the answer goes to', async () => {
    const call = { method: 'sendMessage', chat_id: 1, text: 'a', message_thread_id: 9 };
    deps = { ...deps, bot: { decide: () => ({ ...answerNumber(1), intent: '/report', call }) } };
    await receive(UPDATES.message);
    expect(JSON.parse(lake.raw.bytes(KEY).toString())).toMatchObject({ message_thread_id: 9 });
  });

  test('that cannot be written down is an error, and made up for when the update comes again', async () => {
    lake.raw.beforePut = (key) => {
      if (key === KEY) throw new UnavailableError('S3 is away.');
    };
    await expect(receive(UPDATES.message)).rejects.toThrow(UnavailableError);
    lake.raw.beforePut = undefined;
    expect(await receive(UPDATES.message)).toMatchObject({
      outcome: 'duplicate',
      reportRequest: KEY,
    });
  });
});

describe('a second delivery', () => {
  test('stores nothing and gives the first answer again', async () => {
    const first = await receive(UPDATES.message);
    const before = lake.raw.bytes(first.key ?? '');
    const second = await receive(UPDATES.message);
    expect(second).toMatchObject({
      outcome: 'duplicate',
      key: first.key,
      answer: answerNumber(1),
      call: answerNumber(1).call,
    });
    expect(lake.raw.keys()).toEqual([first.key]);
    expect(lake.raw.bytes(first.key ?? '')).toBe(before);
  });

  test('is the same update however its JSON is written', async () => {
    await receive({ update_id: 7, message: { date: NOON, text: 'é' } });
    const body = ` {"message": {"text":"\\u00e9", "date":${NOON}}, "update_id":7}\n`;
    expect((await receiveUpdate(body, deps)).outcome).toBe('duplicate');
  });

  test('of a bare update that was imported stores nothing', async () => {
    const key = `telegram/context_date=2026-01-15/${UPDATES.message.update_id}.json`;
    await lake.raw.put(key, Buffer.from(JSON.stringify(UPDATES.message)));
    expect(await receive(UPDATES.message)).toMatchObject({ outcome: 'duplicate', answer: null });
  });

  test('of many at once is stored once', async () => {
    const receipts = await Promise.all(Array.from({ length: 10 }, () => receive(UPDATES.message)));
    const outcomes = receipts.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual([...Array<string>(9).fill('duplicate'), 'stored']);
    expect(new Set(receipts.map(({ call }) => JSON.stringify(call))).size).toBe(1);
    expect(lake.raw.keys()).toHaveLength(1);
  });
});

describe('another update under the same number', () => {
  const other = { ...UPDATES.message, message: { ...UPDATES.message.message, text: 'outra' } };

  test('is kept beside the first, and recognized when it comes again', async () => {
    const first = await receive(UPDATES.message);
    const second = await receive(other);
    expect(second).toMatchObject({ outcome: 'stored', call: answerNumber(2).call });
    expect(second.key).toMatch(/\/439432601-[0-9a-f]{12}\.json$/);
    expect(stored(second.key).update).toEqual(other);
    expect(await receive(other)).toMatchObject({
      outcome: 'duplicate',
      key: second.key,
      call: answerNumber(2).call,
    });
    expect(await receive(UPDATES.message)).toMatchObject({ outcome: 'duplicate', key: first.key });
    expect(lake.raw.keys()).toHaveLength(2);
  });

  test('what lies there may also be unreadable', async () => {
    const key = `telegram/context_date=2026-01-15/${other.update_id}.json`;
    await lake.raw.put(key, Buffer.from('{"half'));
    const receipt = await receive(other);
    expect(receipt.outcome).toBe('stored');
    expect(receipt.key).not.toBe(key);
    expect(lake.raw.bytes(key).toString()).toBe('{"half');
  });

  test('is not lost either when both its keys are taken', async () => {
    await receive(UPDATES.message);
    const { key } = await receive(other);
    await lake.raw.put(key ?? '', Buffer.from('{"half'));
    const receipt = await receive(other);
    expect(receipt).toMatchObject({ outcome: 'rejected', call: null });
    const record = await readRejected(lake.raw, receipt.key ?? '');
    expect(JSON.parse(Buffer.from(rejectedBody(record)).toString())).toEqual(other);
  });
});

describe('what is no update', () => {
  test.each([
    ['', 'it is empty'],
    ['[]', 'it is an array, not an object'],
    ['{"message":{}}', 'it has no update_id'],
  ])('%j is kept under rejected/ with the reason', async (body, reason) => {
    const receipt = await receiveUpdate(body, deps);
    expect(receipt).toMatchObject({ outcome: 'rejected', facts: null, call: null, reason });
    expect(receipt.key).toMatch(/^rejected\/context_date=2026-01-17\/[0-9a-f]{64}\.json$/);
    const record = await readRejected(lake.raw, receipt.key ?? '');
    expect(record).toMatchObject({
      from: 'webhook',
      source_key: null,
      line: null,
      reason,
      received_at: '2026-01-17T03:15:00.250Z',
    });
    expect(Buffer.from(rejectedBody(record)).toString()).toBe(body);
    expect(lake.raw.keys()).toEqual([receipt.key]);
  });

  test('bytes that are no UTF-8 are kept as they are', async () => {
    const bytes = Buffer.concat([Buffer.from('{"update_id":1,"x":"'), Buffer.from([0xff, 0x22])]);
    const { key, reason } = await receiveUpdate(bytes, deps);
    expect(reason).toBe('it is not UTF-8');
    const record = await readRejected(lake.raw, key ?? '');
    expect(Buffer.from(rejectedBody(record)).equals(bytes)).toBe(true);
  });

  test('the same thing twice is one record', async () => {
    const first = await receiveUpdate('nonsense', deps);
    expect((await receiveUpdate('nonsense', deps)).key).toBe(first.key);
  });
});

describe('whatever comes', () => {
  test('every update of every kind, whole or damaged, is stored once and reads back', async () => {
    const updates = fc.oneof(arbitraryUpdate(), arbitraryDamagedUpdate());
    await fc.assert(
      fc.asyncProperty(updates, async (update) => {
        lake.raw.objects.clear();
        const body = JSON.stringify(update);
        const receipt = await receiveUpdate(body, deps);
        expect(receipt.outcome).toBe('stored');
        expect(lake.raw.keys('telegram/')).toEqual([receipt.key]);
        expect(stored(receipt.key).update).toEqual(JSON.parse(body));
        const time = eventTime(receipt.facts?.ownTime ?? null, NOW);
        const local = new Date(time - 3 * 3_600_000).toISOString().slice(0, 10);
        expect(receipt.key).toBe(`telegram/context_date=${local}/${update.update_id}.json`);
        expect((await receiveUpdate(body, deps)).outcome).toBe('duplicate');
      }),
      { numRuns: 300 },
    );
  });

  test('every other text is rejected, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNotAnUpdate(), async (body) => {
        const { outcome, key } = await receiveUpdate(body, deps);
        expect(outcome).toBe('rejected');
        const record = await readRejected(lake.raw, key ?? '');
        expect(Buffer.from(rejectedBody(record)).toString()).toBe(body);
      }),
    );
  });

  test('special cases are stored', async () => {
    for (const update of Object.values(SPECIAL_UPDATES)) {
      const { key } = await receive(update);
      expect(stored(key).update).toEqual(JSON.parse(JSON.stringify(update)));
    }
  });
});
