import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { DuckDBInstance, DuckDBDateValue, DuckDBTimestampValue } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { dayBounds, wrangle } from '../../functions/etl/wrangle.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import {
  type Column,
  type ColumnType,
  type MessageInput,
  RUNS_COLUMNS,
  TELEGRAM_COLUMNS,
} from '../../src/lake/columns.ts';
import type { Answer } from '../../src/lake/envelope.ts';
import { encodeParquet } from '../../src/lake/parquet.ts';
import { parseRecord } from '../../src/lake/rawRecords.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { DAY, ZONE, envelope } from '../support/lakes.ts';
import { requirement } from '../support/requirement.ts';
import { SPECIAL_UPDATES, UPDATES, UPDATES_BY_CONTENT } from '../support/updates/fixtures.ts';

/** A value as JSON can hold it without loss: integers and times (in ms) as strings. */
type Plain = boolean | number | string | null;

/** The largest id that Telegram can give, 52 bits; and the smallest of a channel. */
const LARGEST = 2 ** 52 - 1;

const ANSWER: Answer = {
  call: { method: 'sendMessage', text: 'Família 👨‍👩‍👧‍👦, sim!\n\tAté já\u2026' },
  outcome: 'answered',
  intent: 'horario',
  score: 0.1 + 0.2,
  candidates: [],
  engine: 'ngram',
  knowledge: 'abc',
  ms: 5e-324,
};

function inputOf(update: unknown): MessageInput {
  const json = envelope(update, '2026-01-15T15:10:00.999Z');
  const record = parseRecord(
    { json, bytes: Buffer.from(json) },
    { key: 'x.json', modified: new Date(0) },
  );
  return wrangle(record, dayBounds(DAY, ZONE)).message;
}

/** Rows of every kind, at the edges of every type; the last one is nulls where nulls can be. */
function inputs(): MessageInput[] {
  const plain = inputOf(UPDATES.message);
  const edge = {
    ...plain,
    facts: {
      ...plain.facts,
      messageId: LARGEST,
      user: { id: LARGEST, isBot: true, firstName: '', username: '\u0000', languageCode: '𝄞' },
      chat: { id: -LARGEST, type: 'channel', title: '🏳️‍🌈 \u202eright-to-left' },
      text: '🎉'.repeat(4096),
    },
    receivedAt: 253_402_300_799_999,
    localTime: -1,
    answer: ANSWER,
  };
  const fixtures = [
    ...Object.values(UPDATES),
    ...Object.values(UPDATES_BY_CONTENT),
    ...Object.values(SPECIAL_UPDATES),
  ].map(inputOf);
  return [edge, ...fixtures, ...fixtures, inputOf({ update_id: 1 })];
}

/** What a reader should give, taken from the column list and not from the writer. */
function expectedRows<Input>(columns: readonly Column<Input>[], rows: readonly Input[]): Plain[][] {
  return rows.map((row) =>
    columns.map(({ type, take }) => {
      const value = take(row);
      return typeof value === 'number' && type !== 'double' ? String(value) : value;
    }),
  );
}

/** The first rows that are not as they should be; far faster than comparing all with `toEqual`. */
function differences(rows: readonly unknown[], wanted: readonly Plain[][]): unknown[] {
  const different = rows
    .map((read, index) => ({ index, read, wanted: wanted[index] }))
    .filter((row) => JSON.stringify(row.read) !== JSON.stringify(row.wanted));
  return rows.length === wanted.length ? different.slice(0, 3) : [rows.length, wanted.length];
}

const folder = mkdtempSync(join(tmpdir(), 'readers-'));
const FILE = join(folder, 'messages.parquet');
/** More rows than a row group holds, of a narrow table. */
const LONG = join(folder, 'runs.parquet');
const LONG_ROWS = Array.from({ length: 60_000 }, (_, index) => ({
  day: DAY,
  stored: index * 3,
  rows: index,
  duplicates: index % 7,
  rejected: index,
  late: 0,
  finishedAt: 1_768_478_400_000 + index,
}));

const messages = inputs();
const expected = expectedRows(TELEGRAM_COLUMNS, messages);
const expectedLong = expectedRows(RUNS_COLUMNS, LONG_ROWS);

beforeAll(async () => {
  writeFileSync(FILE, await encodeParquet(TELEGRAM_COLUMNS, messages));
  writeFileSync(LONG, await encodeParquet(RUNS_COLUMNS, LONG_ROWS));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Types of the columns, as a reader names them. */
function typeNames(names: Readonly<Record<ColumnType, string>>): Record<string, string> {
  return Object.fromEntries(TELEGRAM_COLUMNS.map(({ name, type }) => [name, names[type]]));
}

describe('hyparquet', () => {
  test.each([
    ['telegram', TELEGRAM_COLUMNS, messages, expected],
    ['runs', RUNS_COLUMNS, LONG_ROWS, expectedLong],
  ])('reads every value of %s', async (_name, columns, rows, values) => {
    const read = await readRows(
      await encodeParquet(columns as readonly Column<unknown>[], rows as readonly unknown[]),
    );
    const plain = read.map((row) =>
      columns.map(({ name, type }) => {
        const value = row[name];
        if (value instanceof Date) {
          return type === 'date' ? value.toISOString().slice(0, 10) : String(value.getTime());
        }
        return typeof value === 'bigint' ? String(value) : value;
      }),
    );
    expect(differences(plain, values)).toEqual([]);
  });
});

describe('DuckDB', () => {
  async function query(sql: string): Promise<unknown[][]> {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRows();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  function plain(value: unknown): unknown {
    if (typeof value === 'bigint') return String(value);
    if (value instanceof DuckDBTimestampValue) return String(value.micros / 1000n);
    if (value instanceof DuckDBDateValue) return value.toString();
    return value;
  }

  test.each([
    ['telegram', FILE, expected],
    ['runs', LONG, expectedLong],
  ])('reads every value of %s', async (_name, file, values) => {
    const rows = await query(`SELECT * FROM read_parquet('${file}', file_row_number = false)`);
    expect(
      differences(
        rows.map((row) => row.map(plain)),
        values,
      ),
    ).toEqual([]);
  });

  test('sees the types that were declared', async () => {
    const rows = await query(`SELECT column_name, column_type FROM (DESCRIBE FROM '${FILE}')`);
    expect(Object.fromEntries(rows)).toEqual(
      typeNames({
        boolean: 'BOOLEAN',
        date: 'DATE',
        double: 'DOUBLE',
        int64: 'BIGINT',
        string: 'VARCHAR',
        timestamp: 'TIMESTAMP',
      }),
    );
  });
});

const python = findPython('pyarrow');

requirement(
  'pyarrow',
  python !== null,
  HOW_TO_GET_PYTHON,
)('pyarrow', () => {
  const script = fileURLToPath(new URL('../support/read_parquet.py', import.meta.url));

  function read(file: string): [Record<string, string>, ...Plain[][]] {
    const output = execFileSync(python ?? '', [script, file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    });
    const lines = output.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown) as ReturnType<typeof read>;
  }

  test('reads every value of telegram, and the types that were declared', () => {
    const [types, ...rows] = read(FILE);
    expect(differences(rows, expected)).toEqual([]);
    expect(types).toEqual(
      typeNames({
        boolean: 'bool',
        date: 'date32[day]',
        double: 'double',
        int64: 'int64',
        string: 'string',
        timestamp: 'timestamp[ms]',
      }),
    );
  });

  test('reads every value of runs', () => {
    const [, ...rows] = read(LONG);
    expect(differences(rows, expectedLong)).toEqual([]);
  });
});
