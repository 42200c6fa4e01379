import { describe, expect, test } from '@jest/globals';

import { NotFoundError } from '../../../src/lake/objectStore.ts';
import {
  NotARejectedRecordError,
  listRejected,
  readRejected,
  rejectedBody,
  rejectedKey,
  writeRejected,
} from '../../../src/lake/rejected.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const DAY = '2026-01-15';
const BODY = Buffer.from([0x7b, 0xff, 0x00, 0x0a]);

const FROM_WEBHOOK = {
  from: 'webhook',
  sourceKey: null,
  line: null,
  reason: 'it is not UTF-8',
  receivedAt: Date.UTC(2026, 0, 15, 15),
  body: BODY,
} as const;

async function keysOf(store: MemoryStore, day?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listRejected(store, day)) keys.push(key);
  return keys;
}

describe('rejected records', () => {
  test('keep the bytes, the reason and where they come from', async () => {
    const store = new MemoryStore();
    const key = await writeRejected(store, DAY, FROM_WEBHOOK);
    expect(key).toMatch(/^rejected\/context_date=2026-01-15\/[0-9a-f]{64}\.json$/);
    const record = await readRejected(store, key);
    expect(record).toEqual({
      v: 1,
      from: 'webhook',
      source_key: null,
      line: null,
      reason: 'it is not UTF-8',
      received_at: '2026-01-15T15:00:00.000Z',
      body_base64: 'e/8ACg==',
    });
    expect(Buffer.compare(rejectedBody(record), BODY)).toBe(0);
  });

  test('the same bytes at the same place have one key; elsewhere, another', () => {
    const key = rejectedKey(DAY, 'a.ndjson', 3, BODY);
    expect(rejectedKey(DAY, 'a.ndjson', 3, BODY)).toBe(key);
    const others = [
      rejectedKey(DAY, 'a.ndjson', 4, BODY),
      rejectedKey(DAY, 'b.ndjson', 3, BODY),
      rejectedKey(DAY, 'a.ndjson', null, BODY),
      rejectedKey(DAY, null, null, BODY),
      rejectedKey(DAY, 'a.ndjson', 3, Buffer.from('{')),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });

  test('are listed by day or all together', async () => {
    const store = new MemoryStore();
    const one = await writeRejected(store, '2026-01-14', FROM_WEBHOOK);
    const two = await writeRejected(store, DAY, FROM_WEBHOOK);
    expect(await keysOf(store)).toEqual([one, two]);
    expect(await keysOf(store, DAY)).toEqual([two]);
    expect(await keysOf(store, '2026-01-16')).toEqual([]);
  });

  test('a stranger among them is left out of the list and named when it is read', async () => {
    const store = new MemoryStore();
    const key = await writeRejected(store, DAY, FROM_WEBHOOK);
    const stranger = 'rejected/context_date=2026-01-15/zzz.json';
    await store.put(stranger, Buffer.from('{"v":1}'));
    expect(await keysOf(store)).toEqual([key]);
    await expect(readRejected(store, stranger)).rejects.toThrow(NotARejectedRecordError);
    await expect(readRejected(store, stranger)).rejects.toThrow(stranger);
    await expect(readRejected(store, `${stranger}x`)).rejects.toThrow(NotFoundError);
  });
});
