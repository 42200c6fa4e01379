import { describe, expect, test } from '@jest/globals';

import { FORMATS, formatResult } from '../../../src/analytics/format.ts';
import type { Format } from '../../../src/analytics/format.ts';
import type { QueryResult } from '../../../src/analytics/result.ts';
import { readRows } from '../../../src/lake/readParquet.ts';

const RESULT: QueryResult = {
  columns: ['context_date', 'chat_id', 'text', 'share', 'is_new', 'local_time'],
  types: ['date', 'bigint', 'varchar', 'double', 'boolean', 'timestamp'],
  rows: [
    ['2026-01-15', -1_001_234_567_890, 'olá, "Zé"\nção 🌸', 0.5, true, '2026-01-15T12:00:00.321'],
    ['2026-01-16', 7, '=HYPERLINK("http://x","y")', null, false, null],
    [null, null, null, -0.25, null, '2026-01-15T12:00:00'],
  ],
  ms: 1,
};

const EMPTY: QueryResult = { columns: ['a', 'b'], types: ['bigint', 'varchar'], rows: [], ms: 1 };

function one(value: QueryResult['rows'][number][number], type = 'varchar'): QueryResult {
  return { columns: ['x'], types: [type], rows: [[value]], ms: 1 };
}

async function textOf(result: QueryResult, format: Format): Promise<string> {
  return String(await formatResult(result, format));
}

describe('csv', () => {
  test('is RFC 4180 with a byte order mark; numbers keep their sign', async () => {
    expect(await textOf(RESULT, 'csv')).toBe(
      '\ufeffcontext_date,chat_id,text,share,is_new,local_time\r\n' +
        '2026-01-15,-1001234567890,"olá, ""Zé""\nção 🌸",0.5,true,2026-01-15T12:00:00.321\r\n' +
        '2026-01-16,7,"\'=HYPERLINK(""http://x"",""y"")",,false,\r\n' +
        ',,,-0.25,,2026-01-15T12:00:00\r\n',
    );
    expect(await textOf(EMPTY, 'csv')).toBe('\ufeffa,b\r\n');
  });

  test.each(['=1+1', '+55 11 5555', '-1+1', '@SUM(A1)', '＝1', '＋1', '－1', '＠x', '\t=1'])(
    'a text that begins as a formula does is no formula: %j',
    async (text) => {
      expect(await textOf(one(text), 'csv')).toBe(`\ufeffx\r\n'${text}\r\n`);
    },
  );

  test('for spreadsheets: moments with a space; in Portuguese semicolons and a decimal comma', async () => {
    expect(await formatResult(RESULT, 'csv', 'pt')).toBe(
      '\ufeffcontext_date;chat_id;text;share;is_new;local_time\r\n' +
        '2026-01-15;-1001234567890;"olá, ""Zé""\nção 🌸";0,5;true;2026-01-15 12:00:00.321\r\n' +
        '2026-01-16;7;"\'=HYPERLINK(""http://x"",""y"")";;false;\r\n' +
        ';;;-0,25;;2026-01-15 12:00:00\r\n',
    );
    expect(await formatResult(RESULT, 'csv', 'en')).toContain(',0.5,true,2026-01-15 12:00:00.321');
    expect(await formatResult(one('a;b'), 'csv', 'pt')).toBe('\ufeffx\r\n"a;b"\r\n');
  });

  test('a whole number that is too long for a number is no formula', async () => {
    expect(await textOf(one('-9007199254740993', 'bigint'), 'csv')).toBe(
      '\ufeffx\r\n-9007199254740993\r\n',
    );
  });

  test.each(['a=1', ' =1', '1-1', "it's"])('any other text stays as it is: %j', async (text) => {
    expect(await textOf(one(text), 'csv')).toBe(`\ufeffx\r\n${text}\r\n`);
  });
});

describe('json', () => {
  test('is an array of objects, one row a line', async () => {
    const json = await textOf(RESULT, 'json');
    expect(json.split('\n')).toHaveLength(2 + RESULT.rows.length + 1);
    expect(JSON.parse(json)).toEqual(
      RESULT.rows.map((row) =>
        Object.fromEntries(RESULT.columns.map((name, index) => [name, row[index]])),
      ),
    );
    expect(await textOf(EMPTY, 'json')).toBe('[]\n');
  });
});

describe('table', () => {
  test('rounds to four digits; CSV has them all', async () => {
    const share = {
      columns: ['share'],
      types: ['double'],
      rows: [[0.8462998102466793], [-3e-7]],
      ms: 1,
    };
    expect(await textOf(share, 'table')).toMatch(/│ 0\.8463 │\n│ +0 │\n/);
    expect(await textOf(share, 'csv')).toContain('0.8462998102466793');
  });

  test('has names above, and numbers to the right', async () => {
    const table = await textOf(
      {
        columns: ['context_date', 'message_amount'],
        types: ['date', 'bigint'],
        rows: [
          ['2026-01-16', 7],
          ['2026-01-15', 120],
        ],
        ms: 1,
      },
      'table',
    );
    expect(table).toBe(
      [
        '┌──────────────┬────────────────┐',
        '│ context_date │ message_amount │',
        '├──────────────┼────────────────┤',
        '│ 2026-01-16   │              7 │',
        '│ 2026-01-15   │            120 │',
        '└──────────────┴────────────────┘',
        '',
      ].join('\n'),
    );
    expect(await textOf(EMPTY, 'table')).toMatch(/^┌.*\n│ a │ b │\n└.*\n$/);
  });

  test('no text steers the terminal', async () => {
    const table = await textOf(one('\u001b[2Jgone\u0007\nnext'), 'table');
    expect(table).toContain('│ �[2Jgone�next │');
  });
});

describe('parquet', () => {
  test('holds the values in their types', async () => {
    const bytes = await formatResult(RESULT, 'parquet');
    expect(await readRows(bytes as Uint8Array)).toEqual([
      {
        context_date: new Date('2026-01-15'),
        chat_id: -1_001_234_567_890n,
        text: 'olá, "Zé"\nção 🌸',
        share: 0.5,
        is_new: true,
        local_time: new Date('2026-01-15T12:00:00.321Z'),
      },
      {
        context_date: new Date('2026-01-16'),
        chat_id: 7n,
        text: '=HYPERLINK("http://x","y")',
        share: null,
        is_new: false,
        local_time: null,
      },
      {
        context_date: null,
        chat_id: null,
        text: null,
        share: -0.25,
        is_new: null,
        local_time: new Date('2026-01-15T12:00:00Z'),
      },
    ]);
    expect(await readRows((await formatResult(EMPTY, 'parquet')) as Uint8Array)).toEqual([]);
  });

  test('keeps every digit of a number that JavaScript cannot hold', async () => {
    const bytes = await formatResult(one('9007199254740993', 'bigint'), 'parquet');
    expect(await readRows(bytes as Uint8Array)).toEqual([{ x: '9007199254740993' }]);
  });
});

test('there are no other formats', () => {
  expect(FORMATS).toEqual(['table', 'csv', 'json', 'parquet']);
});
