import { describe, expect, test } from '@jest/globals';
import { parquetMetadata } from 'hyparquet';

import type { Column, Value } from '../../../src/lake/columns.ts';
import { encodeParquet } from '../../../src/lake/parquet.ts';
import { readFooter, readRows } from '../../../src/lake/readParquet.ts';

type Row = Readonly<Record<string, Value>>;

const TYPES = {
  i: 'int64',
  s: 'string',
  b: 'boolean',
  d: 'date',
  f: 'double',
  t: 'timestamp',
} as const;

const columns: Column<Row>[] = Object.entries(TYPES).map(([name, type]) => ({
  name,
  type,
  meaning: '',
  take: (row) => row[name] ?? null,
}));

const ROW: Row = {
  i: -(2 ** 52),
  s: 'São Paulo 🎉',
  b: false,
  d: '2026-02-28',
  f: 0.1,
  t: Date.UTC(2026, 1, 28, 23, 59, 59, 999),
};

function metadataOf(bytes: Uint8Array) {
  return parquetMetadata(bytes.slice().buffer);
}

describe('encodeParquet', () => {
  test('gives back every type, and nulls', async () => {
    const rows = await readRows(await encodeParquet(columns, [ROW, {}]));
    expect(rows).toEqual([
      {
        i: -4503599627370496n,
        s: 'São Paulo 🎉',
        b: false,
        d: new Date('2026-02-28'),
        f: 0.1,
        t: new Date('2026-02-28T23:59:59.999Z'),
      },
      { i: null, s: null, b: null, d: null, f: null, t: null },
    ]);
  });

  test('declares types: timestamps without zone, everything nullable, ZSTD', async () => {
    const { schema, row_groups } = metadataOf(await encodeParquet(columns, [ROW]));
    const element = (name: string) => schema.find((one) => one.name === name);
    expect(element('t')).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
      repetition_type: 'OPTIONAL',
    });
    expect(element('t')?.converted_type).toBeUndefined();
    expect(element('i')?.logical_type).toBeUndefined();
    expect(element('d')).toMatchObject({ type: 'INT32', converted_type: 'DATE' });
    expect(element('s')).toMatchObject({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
    for (const { meta_data } of row_groups[0]?.columns ?? []) {
      expect(meta_data?.codec).toBe('ZSTD');
      expect(meta_data?.statistics?.null_count).toBe(0n);
    }
  });

  test('cuts row groups and writes no page indexes, which Trino trips over', async () => {
    const many = Array.from({ length: 120_001 }, (_, index): Row => ({ i: index, s: `n${index}` }));
    const bytes = await encodeParquet(columns, many);
    const { row_groups } = metadataOf(bytes);
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([50_000n, 50_000n, 20_001n]);
    const chunks = row_groups.flatMap((group) => group.columns);
    expect(chunks.some((chunk) => chunk.column_index_offset ?? chunk.offset_index_offset)).toBe(
      false,
    );
    expect(row_groups[1]?.columns[0]?.meta_data?.statistics).toMatchObject({
      min_value: 50_000n,
      max_value: 99_999n,
    });
    const rows = await readRows(bytes, ['i']);
    expect(rows).toHaveLength(120_001);
    expect(rows[120_000]).toEqual({ i: 120_000n });
  });

  test('writes the same bytes for the same rows', async () => {
    const rows = Array.from({ length: 1000 }, (_, index): Row => ({ ...ROW, i: index }));
    const first = await encodeParquet(columns, rows, { a: '1' });
    expect(Buffer.compare(first, await encodeParquet(columns, rows, { a: '1' }))).toBe(0);
  });

  test('keeps metadata; a file without rows is a file', async () => {
    const bytes = await encodeParquet(columns, [], { listing: 'x', 'chatbot.zone': 'São' });
    expect(readFooter(bytes)).toMatchObject({
      rows: 0,
      columns: columns.map(({ name }) => name),
      metadata: { listing: 'x', 'chatbot.zone': 'São' },
    });
    expect(await readRows(bytes)).toEqual([]);
  });

  test.each([
    ['i', 0.5],
    ['i', 2 ** 53],
    ['i', '1'],
    ['s', 1],
    ['b', 1],
    ['d', 20_000],
    ['f', '0.1'],
    ['t', Number.NaN],
  ])('names the column %s when it gets %p', async (name, value) => {
    await expect(encodeParquet(columns, [{ [name]: value }])).rejects.toThrow(`Column ${name}: `);
  });
});
