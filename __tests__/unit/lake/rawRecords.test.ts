import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import {
  type RawLine,
  UnreadableError,
  parseRecord,
  readRawObject,
} from '../../../src/lake/rawRecords.ts';
import { envelope } from '../../support/lakes.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const UPDATE = UPDATES.message;
const OBJECT = { key: 'x/1.json', modified: new Date('2026-01-15T16:00:00Z') };

async function linesOf(name: string, body: Uint8Array | string): Promise<RawLine[]> {
  const store = new MemoryStore();
  await store.put(name, typeof body === 'string' ? Buffer.from(body) : body);
  const lines: RawLine[] = [];
  for await (const line of readRawObject(store, name)) lines.push(line);
  return lines;
}

async function textsOf(name: string, body: Uint8Array | string): Promise<[number, string][]> {
  return (await linesOf(name, body)).map(({ line, json }) => [line, json]);
}

function parse(json: string, object: Partial<typeof OBJECT> = {}) {
  return parseRecord({ bytes: Buffer.from(json), json }, { ...OBJECT, ...object });
}

describe('readRawObject', () => {
  test('takes a .json as one record, however many lines it has', async () => {
    const pretty = JSON.stringify(UPDATE, null, 2);
    expect(await textsOf('a.json', pretty)).toEqual([[0, pretty]]);
  });

  test('takes each line of an .ndjson, counting the empty ones it leaves out', async () => {
    const body = '{"a":1}\n\n{"b":"🎉"}\r\n   \n{"c":3}';
    expect(await textsOf('a.ndjson', body)).toEqual([
      [0, '{"a":1}'],
      [2, '{"b":"🎉"}\r'],
      [4, '{"c":3}'],
    ]);
  });

  test('finds lines that are longer than the pieces they come in', async () => {
    const long = JSON.stringify({ text: '🎉'.repeat(5000) });
    const texts = await textsOf('a.ndjson', `${long}\n${long}\n`);
    expect(texts).toEqual([
      [0, long],
      [1, long],
    ]);
  });

  test('unpacks .gz', async () => {
    const body = `${JSON.stringify(UPDATE)}\n`.repeat(500);
    expect(await textsOf('a.ndjson.gz', gzipSync(body))).toHaveLength(500);
    expect(await textsOf('a.json.gz', gzipSync('{"a":1}'))).toEqual([[0, '{"a":1}']]);
  });

  test('leaves out a byte order mark', async () => {
    expect(await textsOf('a.json', '\ufeff{"a":1}')).toEqual([[0, '{"a":1}']]);
  });

  test.each(['a.json', 'a.ndjson'])('%s: an empty object is unreadable', async (name) => {
    await expect(linesOf(name, ' \n ')).rejects.toThrow(new UnreadableError('it is empty'));
  });

  test('what is not packed cannot be unpacked', async () => {
    await expect(linesOf('a.ndjson.gz', '{"a":1}')).rejects.toThrow(/cannot be unpacked/);
  });

  test('gives out the lines before the damage of a packed object', async () => {
    const noise = Array.from({ length: 20_000 }, (_, index) => `{"a":${(index * 7919) % 10007}}`);
    const packed = gzipSync(noise.join('\n'));
    const store = new MemoryStore();
    await store.put('a.ndjson.gz', packed.subarray(0, packed.length - 2000));
    const lines: RawLine[] = [];
    const read = async () => {
      for await (const line of readRawObject(store, 'a.ndjson.gz')) lines.push(line);
    };
    await expect(read()).rejects.toThrow(UnreadableError);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.length).toBeLessThan(20_000);
    expect(lines[99]?.json).toBe(noise[99]);
  });
});

describe('parseRecord', () => {
  test('reads an envelope', () => {
    const record = parse(envelope(UPDATE, '2026-01-15T15:00:01.250Z'));
    expect(record).toMatchObject({
      update: UPDATE,
      source: 'telegram',
      receivedAt: Date.UTC(2026, 0, 15, 15, 0, 1, 250),
      answer: null,
    });
    expect(record.facts.updateId).toBe(UPDATE.update_id);
  });

  test('reads the answer of an envelope', () => {
    const answer = {
      call: { method: 'sendMessage', chat_id: 1, text: 'Sim!' },
      outcome: 'answered',
      intent: 'hours',
      score: 0.8,
      candidates: [{ intent: 'hours', score: 0.8 }],
      engine: 'ngram/1',
      knowledge: 'abc',
      ms: 0.4,
    };
    const json = envelope(UPDATE).replace('"answer":null', `"answer":${JSON.stringify(answer)}`);
    expect(parse(json).answer).toEqual(answer);
  });

  test('a bare update was received when its object was written', () => {
    expect(parse(JSON.stringify(UPDATE))).toMatchObject({
      update: UPDATE,
      source: 'import',
      receivedAt: OBJECT.modified.getTime(),
      answer: null,
    });
  });

  test("a course pipeline's key is the clock at UTC-3", () => {
    const key = 'telegram/context_date=2026-01-15/20260115235959123456.json';
    expect(parse(JSON.stringify(UPDATE), { key }).receivedAt).toBe(
      Date.parse('2026-01-16T02:59:59.123Z'),
    );
  });

  test('a key that is no time is not taken for one', () => {
    const key = 'telegram/context_date=2026-01-15/20261315235959123456.json';
    expect(parse(JSON.stringify(UPDATE), { key }).receivedAt).toBe(OBJECT.modified.getTime());
  });

  test.each([
    ['', /not JSON/],
    ['{"update_id":', /not JSON/],
    ['[1]', /an array, not an object/],
    ['{"ok":true,"result":[]}', /no update_id/],
    ['{"update_id":"7"}', /update_id is a string/],
    [envelope(UPDATE).replace('"v":1', '"v":2'), /envelope is damaged \(v: /],
    [envelope(UPDATE).replace('"telegram"', '"fax"'), /envelope is damaged \(source: /],
    [envelope(UPDATE, 'yesterday'), /envelope is damaged \(received_at: /],
    [envelope(UPDATE).replace(':null}', ':{"text":"hi"}}'), /envelope is damaged \(answer/],
    [envelope([]), /an array, not an object/],
    [envelope(null), /null, not an object/],
  ])('%j is unreadable', (json, reason) => {
    expect(() => parse(json)).toThrow(UnreadableError);
    expect(() => parse(json)).toThrow(reason);
  });

  test('what is not UTF-8 is unreadable', () => {
    const bytes = Buffer.concat([Buffer.from('{"update_id":1,"x":"'), Buffer.from([0xe3, 0x28])]);
    const json = bytes.toString('utf8');
    expect(() => parseRecord({ bytes, json }, OBJECT)).toThrow(/not UTF-8/);
  });
});
