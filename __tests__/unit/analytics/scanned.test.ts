import { describe, expect, test } from '@jest/globals';

import { columnsRead, scannedParquet, scannedRaw } from '../../../src/analytics/scanned.ts';
import { TELEGRAM_COLUMNS, type Column } from '../../../src/lake/columns.ts';
import { parquetKey, rawKey } from '../../../src/lake/keys.ts';
import { encodeParquet } from '../../../src/lake/parquet.ts';
import { readFooter } from '../../../src/lake/readParquet.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { seededRandom } from '../../support/seeded/random.ts';

describe('the columns that a query names', () => {
  const views = new Map([
    ['messages', 'SELECT * FROM telegram WHERE NOT is_service'],
    ['talks', 'SELECT user_id FROM messages -- and text'],
  ]);

  test.each([
    ["SELECT text FROM telegram WHERE source = 'caption'", ['text', 'source']],
    ['SELECT count(*) FROM messages', ['is_service']],
    ['SELECT chat_id FROM Talks /* by "date" */', ['user_id', 'chat_id', 'is_service']],
    ['SELECT CAST(local_time AS DATE) FROM telegram', ['local_time']],
    [`SELECT max("date") FROM telegram WHERE context_date = DATE '2026-01-01'`, ['date']],
    ["SELECT 'it''s text' FROM runs", []],
  ])('%s', (sql, columns) => {
    expect(columnsRead(sql, views)).toEqual(columns);
  });
});

describe('what is read', () => {
  const days = ['2026-01-01', '2026-01-02', '2026-01-03'];

  interface Row {
    readonly small: number;
    readonly large: string;
    readonly last: number;
  }

  /** One column of a few bytes, one of some megabytes, and another of a few. */
  const columns: readonly Column<Row>[] = [
    { name: 'small', type: 'int64', meaning: '', take: ({ small }) => small },
    { name: 'large', type: 'string', meaning: '', take: ({ large }) => large },
    { name: 'last', type: 'int64', meaning: '', take: ({ last }) => last },
  ];

  async function file(count: number): Promise<Uint8Array> {
    const random = seededRandom(count);
    const rows = Array.from({ length: count }, (_, small) => ({
      small,
      large: Array.from({ length: 20 }, () => random.number().toString(36)).join(''),
      last: 1,
    }));
    return encodeParquet(columns, rows);
  }

  test('is a small file whole, whatever is asked of it, and nothing of a day without one', async () => {
    const enriched = new MemoryStore();
    const bytes = await encodeParquet(TELEGRAM_COLUMNS, []);
    await enriched.put(parquetKey('2026-01-01'), bytes);
    await enriched.put(parquetKey('2026-01-03'), bytes);
    const expected = { objects: 2, bytes: 2 * bytes.length };
    expect(await scannedParquet(enriched, ['text'], days)).toEqual(expected);
    expect(await scannedParquet(enriched, [], days)).toEqual(expected);
    expect(await scannedParquet(enriched, ['text'], ['2026-01-02'])).toEqual({
      objects: 0,
      bytes: 0,
    });
  });

  test('is of a large file its end and the columns, with what lies little apart', async () => {
    const enriched = new MemoryStore();
    const bytes = await file(40_000);
    await enriched.put(parquetKey('2026-01-01'), bytes);
    const read = async (...names: string[]) =>
      (await scannedParquet(enriched, names, days)).bytes - 48 * 1024;
    const sizes = Object.fromEntries(
      readFooter(bytes).chunks.map((one) => [one.column, one.bytes]),
    );
    const { small = 0, large = 0, last = 0 } = sizes;
    expect(large).toBeGreaterThan(4_000_000);
    expect(await read('small')).toBe(small);
    expect(await read('last')).toBe(last);
    // Megabytes lie between them, which are not read.
    expect(await read('small', 'last')).toBe(small + last);
    expect(await read('large', 'last')).toBe(large + last);
    expect(await read('nothing')).toBe(0);
  });

  test('is all of the raw objects', async () => {
    const raw = new MemoryStore();
    await raw.put(rawKey('2026-01-01', 1), Buffer.from('12345'));
    await raw.put(rawKey('2026-01-03', 2), Buffer.from('123'));
    await raw.put(rawKey('2026-01-04', 3), Buffer.from('1'));
    expect(await scannedRaw(raw, days)).toEqual({ objects: 2, bytes: 8 });
  });
});
