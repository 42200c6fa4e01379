import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { DuckDBDateValue, DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import type { ColumnType, Value } from '../../src/lake/columns.ts';
import { ParquetEncoder } from '../../src/lake/parquet.ts';
import { ColumnValues } from '../../src/lake/parquet/columnValues.ts';
import { type Bound, readLayout, readRows } from '../../src/lake/readParquet.ts';
import { requirement } from '../support/requirement.ts';

/*
 * What our own page writer writes, read by three readers that others wrote: values of every shape
 * that decides how a page is encoded, in row groups of any size.
 */

const TYPES: readonly ColumnType[] = [
  'int64',
  'int64',
  'string',
  'string',
  'boolean',
  'date',
  'double',
  'timestamp',
];
const COLUMNS = TYPES.map((type, index) => ({ name: `${type}_${index}`, type }));

/** A value as JSON can hold it without loss: integers and times (in ms) as strings. */
type Plain = boolean | number | string | null;

/** Values of a row group, by column. */
type Group = readonly (readonly Value[])[];

const MOST = Number.MAX_SAFE_INTEGER;
const int64 = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, MOST, -MOST, 2 ** 51, -(2 ** 51), 2 ** 51 + 1, -(2 ** 51) - 1, 2 ** 31),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'a', 'ação', '\u0000', '\uffff', '\ue000', '👋', '\u{10ffff}'.repeat(9)),
  // Halves of pairs are no text; they are written as the character that stands for such.
  fc.constantFrom('\ud800', '\udfffx', 'x\ud83d', '\ud800\ud800'),
  fc.string({ unit: fc.constantFrom('é', '𝄞', 'z', '\ud83d'), minLength: 14, maxLength: 20 }),
);
const day = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const time = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });

const VALUES: Readonly<Record<ColumnType, fc.Arbitrary<Value>>> = {
  int64,
  string: text,
  boolean: fc.boolean(),
  date: day,
  double,
  timestamp: time,
};

/** So many values: alike, few different ones, runs, all different, ascending; with nulls or without. */
function column(type: ColumnType, rows: number): fc.Arbitrary<readonly Value[]> {
  const value = VALUES[type];
  const many = { minLength: rows, maxLength: rows };
  const few = fc
    .array(value, { minLength: 1, maxLength: 5 })
    .chain((some) => fc.array(fc.constantFrom(...some), many));
  const runs = fc
    .array(fc.tuple(value, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 })
    .map((some) => {
      const all = some.flatMap(([one, times]) => Array.from({ length: times }, () => one));
      return Array.from({ length: rows }, (_, row) => all[row % all.length] ?? null);
    });
  const ascending = fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 2 ** 20 }))
    .map(([first, step]) =>
      Array.from({ length: rows }, (_, row) => Math.trunc(first / 2) + row * step),
    );
  const filled = fc.oneof(
    fc.array(value, many),
    few,
    runs,
    ...(type === 'int64' ? [ascending] : []),
  );
  const nulls = fc.oneof(
    fc.constant(() => false),
    fc.constant(() => true),
    fc.nat(rows).map((until) => (row: number) => row < until),
    fc.integer({ min: 1, max: 9 }).map((each) => (row: number) => row % each === 0),
  );
  return fc
    .tuple(filled, nulls)
    .map(([values, isNull]) => values.map((one, row) => (isNull(row) ? null : one)));
}

const group = fc
  .oneof(
    fc.constantFrom(1, 7, 8, 9, 31, 32, 33, 127, 128, 129, 130, 257),
    fc.integer({ min: 1, max: 700 }),
  )
  .chain((rows) => fc.tuple(...TYPES.map((type) => column(type, rows))));

/** Groups, and whether each is written in reverse, as a group is that came in another order. */
const file = fc.array(fc.tuple(group, fc.boolean()), { minLength: 1, maxLength: 3 });

/** Texts and numbers that take more pages than one; the last ones are null, whole pages of them. */
const LONG: readonly (readonly [Group, boolean])[] = [
  [
    TYPES.map((type) =>
      Array.from({ length: 3_000 }, (_, row): Value => {
        if (row > 1_500) return null;
        if (type === 'string') return `${row} ${'é👋x'.repeat(200 + (row % 7))}`;
        if (type === 'date') return '2026-01-15';
        return type === 'boolean' ? row % 3 === 0 : row * 7;
      }),
    ),
    false,
  ],
];

async function encode(groups: readonly (readonly [Group, boolean])[]): Promise<Uint8Array> {
  const encoder = await ParquetEncoder.open(COLUMNS);
  const chunks: Uint8Array[] = [];
  const columns = COLUMNS.map((one) => new ColumnValues(one));
  for (const [values, isReversed] of groups) {
    const rows = values[0]?.length ?? 0;
    columns.forEach((target, index) => {
      target.clear();
      for (let row = 0; row < rows; row++) {
        const from = isReversed ? rows - 1 - row : row;
        target.set(row, values[index]?.[from] ?? null);
      }
    });
    const order = isReversed ? Int32Array.from({ length: rows }, (_, row) => rows - 1 - row) : null;
    chunks.push(encoder.encode({ rows, columns, order }));
  }
  chunks.push(encoder.end({}));
  return Buffer.concat(chunks);
}

/** A text as it reads back from UTF-8. */
function written(value: string): string {
  return Buffer.from(value).toString();
}

function plainValue(value: Value, type: ColumnType): Plain {
  if (typeof value === 'number') return type === 'double' ? value + 0 : String(value);
  return typeof value === 'string' ? written(value) : value;
}

function expectedRows(groups: readonly (readonly [Group, boolean])[]): Plain[][] {
  return groups.flatMap(([values]) =>
    (values[0] ?? []).map((_, row) =>
      TYPES.map((type, index) => plainValue(values[index]?.[row] ?? null, type)),
    ),
  );
}

const cases = [
  ...fc.sample(file, { numRuns: 60, seed: 20_260_115 }),
  LONG,
  // One row, and none at all of some columns.
  [[TYPES.map(() => [null]), false] as const],
];
const expected = cases.map(expectedRows);
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const files = cases.map((_, index) => join(folder, `${index}.parquet`));
const encoded: Uint8Array[] = [];

beforeAll(async () => {
  for (const [index, groups] of cases.entries()) {
    const bytes = await encode(groups);
    encoded.push(bytes);
    writeFileSync(files[index] ?? '', bytes);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The first row of the first file that is not as it should be. */
function difference(index: number, rows: readonly (readonly unknown[])[]): unknown {
  const wanted = expected[index] ?? [];
  if (rows.length !== wanted.length) return { index, rows: rows.length, wanted: wanted.length };
  const row = rows.findIndex((read, at) => JSON.stringify(read) !== JSON.stringify(wanted[at]));
  return row === -1 ? null : { index, row, read: rows[row], wanted: wanted[row] };
}

describe('the footer', () => {
  function order(value: Bound | Plain): Buffer | number {
    if (typeof value === 'string') return Buffer.from(value);
    return Number(value);
  }

  /** Whether the first is not greater, as the format orders values. */
  function isAtMost(a: Bound | Plain, b: Bound | Plain): boolean {
    const [left, right] = [order(a), order(b)];
    return typeof left === 'number' || typeof right === 'number'
      ? left <= right
      : Buffer.compare(left, right) <= 0;
  }

  function asBound(value: Value, type: ColumnType): Plain {
    return type === 'date' && typeof value === 'string'
      ? Date.parse(value)
      : plainValue(value, type);
  }

  test('has bounds that hold every value, and the number of nulls', () => {
    for (const [index, groups] of cases.entries()) {
      const { rowGroups } = readLayout(encoded[index] ?? new Uint8Array());
      const wrong = groups.flatMap(([values], at) =>
        TYPES.flatMap((type, place) => {
          const part = rowGroups[at]?.parts[place];
          const there = (values[place] ?? []).filter((value) => value !== null);
          const bounds = part?.range;
          const isRight =
            part?.nulls === (values[place]?.length ?? 0) - there.length &&
            (there.length === 0
              ? bounds === null
              : bounds !== null &&
                bounds !== undefined &&
                there.every((value) => {
                  const bound = type === 'string' ? plainValue(value, type) : asBound(value, type);
                  // Integers and times are strings among plain values.
                  const number = type === 'string' ? bound : Number(bound);
                  return isAtMost(bounds.min, number) && isAtMost(number, bounds.max);
                }));
          return isRight ? [] : [{ index, at, type, bounds, nulls: part?.nulls }];
        }),
      );
      expect(wrong).toEqual([]);
    }
  });
});

describe('hyparquet', () => {
  test('reads every value', async () => {
    for (const [index, bytes] of encoded.entries()) {
      const rows = (await readRows(bytes)).map((row) =>
        COLUMNS.map(({ name, type }) => {
          const value = row[name];
          if (value instanceof Date) {
            return type === 'date' ? value.toISOString().slice(0, 10) : String(value.getTime());
          }
          return typeof value === 'bigint' ? String(value) : value;
        }),
      );
      expect(difference(index, rows)).toBeNull();
    }
  });
});

describe('DuckDB', () => {
  function plain(value: unknown): unknown {
    if (typeof value === 'bigint') return String(value);
    if (value instanceof DuckDBTimestampValue) return String(value.micros / 1000n);
    if (value instanceof DuckDBDateValue) return value.toString();
    return value;
  }

  test('reads every value, and finds texts where the bounds of row groups send it', async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    try {
      for (const [index, path] of files.entries()) {
        const read = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
        expect(
          difference(
            index,
            read.getRows().map((row) => row.map(plain)),
          ),
        ).toBeNull();

        const texts = (expected[index] ?? []).map((row) => row[2]);
        for (const wanted of new Set(texts.filter((one) => one !== null).slice(0, 20))) {
          const found = await connection.runAndReadAll(
            `SELECT count(*) FROM '${path}' WHERE string_2 = $1`,
            [String(wanted)],
          );
          const count = texts.filter((one) => one === wanted).length;
          expect([index, wanted, Number(found.getRows()[0]?.[0])]).toEqual([index, wanted, count]);
        }
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});

const python = findPython('pyarrow');

requirement(
  'pyarrow',
  python !== null,
  HOW_TO_GET_PYTHON,
)('pyarrow', () => {
  test('reads every value', () => {
    const script = fileURLToPath(new URL('../support/read_parquet.py', import.meta.url));
    const output = execFileSync(python ?? '', [script, ...files], {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    });
    const read: Plain[][][] = [];
    for (const line of output.trim().split('\n')) {
      // A file begins with its types, an object; rows are arrays.
      if (line.startsWith('{')) read.push([]);
      else read.at(-1)?.push(JSON.parse(line) as Plain[]);
    }
    expect(read).toHaveLength(files.length);
    for (const [index, rows] of read.entries()) expect(difference(index, rows)).toBeNull();
  });
});
