import { PassThrough } from 'node:stream';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Output } from '../../../src/cli/output.ts';
import type { Input } from '../../../src/cli/readToken.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';
import { FolderStore } from '../../../src/lake/folderStore.ts';
import { readRows } from '../../../src/lake/readParquet.ts';
import { courseUpdate, putCourseRaw, putCourseTable } from '../../support/courseLake.ts';
import { CAROL } from '../../support/updates/people.ts';

const NOW = Date.parse('2026-03-01T15:00:00Z');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatbot-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command line; what it wrote and its exit code. */
async function chatbot(args: readonly string[], { input }: { readonly input?: Input } = {}) {
  let out = '';
  let err = '';
  const output: Output = {
    print: (line) => (out += `${line}\n`),
    write: (content) => (out += Buffer.from(content).toString('utf8')),
    note: (line) => (err += `${line}\n`),
    progress: () => undefined,
    isTerminal: false,
    color: false,
  };
  const code = await runCommand(args, {
    env: { CHATBOT_DATA: join(folder, 'data') },
    output,
    input: input ?? new PassThrough().end(),
    now: () => NOW,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

/** A course's lake: two days raw, one of them with a table, and a day of which only that is left. */
async function makeCourse(): Promise<string> {
  const course = new FolderStore(join(folder, 'course'));
  const first = courseUpdate(1, '2026-02-03T08:00:00', { text: '=1+1' });
  const second = courseUpdate(2, '2026-02-04T08:00:00');
  await putCourseRaw(course, first, '2026-02-03T08:00:01');
  await putCourseRaw(course, second, '2026-02-04T08:00:01');
  await putCourseRaw(course, second, '2026-02-04T08:00:05');
  await course.put('telegram/context_date=2026-02-04/broken.json', Buffer.from('{'));
  await putCourseTable(course, [second], '2026-02-04');
  await putCourseTable(course, [courseUpdate(3, '2026-02-06T08:00:00')], '2026-02-06');
  return join(folder, 'course');
}

async function imported(): Promise<void> {
  expect((await chatbot(['import', 'course', await makeCourse()])).code).toBe(0);
}

describe('import course', () => {
  test('says what it found, kept and could not read, and makes the tables', async () => {
    const { code, out, err } = await chatbot(['import', 'course', await makeCourse()]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/not JSON \(.*\)/, 'not JSON (…)').split('\n')).toEqual([
      'Found       4 raw objects, 2 Parquet files of 3 days, 2026-02-03 to 2026-02-06',
      'Missing     1 day in between: 2026-02-05',
      'Updates     3: 2 kept, 1 stored more than once',
      'Rows        2: 1 known from its update, 1 rebuilt, as its raw object is gone',
      'Unreadable  1, kept under rejected/ with the reason:',
      '            telegram/context_date=2026-02-04/broken.json: it is not JSON (…)',
      '2026-02-03  written    1 raw, 1 row  → telegram/context_date=2026-02-03/messages.parquet',
      '2026-02-04  written    1 raw, 1 row  → telegram/context_date=2026-02-04/messages.parquet',
      '2026-02-06  written    1 raw, 1 row  → telegram/context_date=2026-02-06/messages.parquet',
      'Tables      3 days written',
      '',
    ]);
  });

  test('again finds all there', async () => {
    await imported();
    const { out } = await chatbot(['import', 'course', join(folder, 'course')]);
    expect(out).toMatch(/Updates +3: 2 were here before, 1 stored more than once/);
    expect(out).toMatch(/Rows +2: 1 known from its update, 1 rebuilt before/);
    expect(out).toMatch(/Tables +3 days as they were/);
  });

  test('as JSON, into a lake of its own, without the tables', async () => {
    const args = ['import', 'course', await makeCourse(), '--lake', 'trial', '--no-etl', '--json'];
    const { code, out, err } = await chatbot(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      found: { days: 3, rawObjects: 4, parquetFiles: 2, missingDays: ['2026-02-05'] },
      updates: { found: 3, kept: 2 },
      rows: { rebuilt: 1 },
      runs: [],
    });
    expect(err).toMatch(/chatbot etl --from 2026-02-03 --to 2026-02-06 --lake trial/);
    const etl = ['etl', '--from', '2026-02-03', '--to', '2026-02-06', '--lake', 'trial'];
    expect((await chatbot(etl)).out.match(/written/g)).toHaveLength(3);
  });

  test('of one day, when its folder is named; and of layers that lie apart', async () => {
    const course = join(await makeCourse(), 'telegram');
    const one = await chatbot(['import', 'course', join(course, 'context_date=2026-02-03')]);
    expect(one.out).toMatch(/Found +1 raw object of 1 day/);
    const enriched = join(course, 'context_date=2026-02-06');
    const args = ['import', 'course', join(course, 'context_date=2026-02-04')];
    const two = await chatbot([...args, '--enriched', enriched]);
    expect(two.out).toMatch(/Found +3 raw objects, 2 Parquet files of 2 days/);
  });

  test.each([
    ['nowhere', /There is no folder .*nowhere/],
    ['', /no lake of a course.*Looked for folders named context_date=YYYY-MM-DD.*other\.txt/],
  ])('of %j says what it looked for', async (name, says) => {
    await writeFile(join(folder, 'other.txt'), 'x');
    const { code, err } = await chatbot(['import', 'course', join(folder, name)]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(says) });
  });

  test('not into the sample, which is made anew each day', async () => {
    const args = ['import', 'course', await makeCourse(), '--lake', 'sample'];
    expect(await chatbot(args)).toMatchObject({ code: 2, err: expect.stringMatching(/anew/) });
  });
});

describe('export', () => {
  const file = (name: string) => join(folder, name);

  test('as Parquet: all columns and the day', async () => {
    await imported();
    const args = ['export', '--format', 'parquet', '--output', file('x.parquet')];
    const { code, out } = await chatbot(args);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^3 rows of telegram → .*x\.parquet \(\d+ bytes\)\n$/),
    });
    const rows = await readRows(await readFile(file('x.parquet')));
    expect(rows).toMatchObject([
      { text: '=1+1', context_date: new Date('2026-02-03'), message_id: 1n },
      { text: 'mensagem 2 😀', local_time: new Date('2026-02-04T08:00:00Z') },
      { text: 'mensagem 3 😀', context_date: new Date('2026-02-06') },
    ]);
  });

  test('as CSV of some days, with a mark for spreadsheets and formulas disarmed', async () => {
    await imported();
    const args = ['export', '--format', 'csv', '--output', file('x.csv'), '--table', 'messages'];
    await chatbot([...args, '--to', '2026-02-04']);
    const csv = await readFile(file('x.csv'), 'utf8');
    expect(csv).toMatch(/^\ufeffmessage_id,user_id,.*,context_date\n1,.*,'=1\+1,/);
    expect(csv.trimEnd().split('\n')).toHaveLength(3);
  });

  test('as a database of DuckDB; what was there is replaced', async () => {
    await imported();
    const args = ['export', '--format', 'duckdb', '--output', file('x.duckdb'), '--table', 'runs'];
    await chatbot(args);
    await chatbot(args);
    const instance = await DuckDBInstance.create(file('x.duckdb'));
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll('SELECT context_date, rows FROM runs');
    expect(reader.getRowsJson()).toEqual([
      ['2026-02-03', '1'],
      ['2026-02-04', '1'],
      ['2026-02-06', '1'],
    ]);
    connection.closeSync();
    instance.closeSync();
    expect((await readdir(folder)).sort()).toEqual(['course', 'data', 'x.duckdb']);
  });

  test('of an empty lake: columns without rows, and what to do', async () => {
    const args = ['export', '--format', 'csv', '--output', file('x.csv'), '--json'];
    const { out, err } = await chatbot(args);
    expect(JSON.parse(out)).toMatchObject({ table: 'telegram', format: 'csv', rows: 0 });
    expect(err).toMatch(/chatbot etl/);
    expect(await readFile(file('x.csv'), 'utf8')).toMatch(/^\ufeffmessage_id,.*\n$/);
  });

  test.each<[readonly string[], RegExp]>([
    [['--output', 'x.csv'], /--format/],
    [['--format', 'xlsx', '--output', 'x'], /parquet, csv, duckdb/],
    [['--format', 'csv'], /--output/],
    [['--format', 'csv', '--output', '/no/such/folder/x.csv'], /no folder \/no\/such/],
    [['--format', 'csv', '--output', tmpdir()], /is a folder/],
    [['--format', 'csv', '--output', 'x.csv', '--lake', 'theirs'], /no lake theirs/],
    [['--format', 'csv', '--output', 'x.csv', '--from', '2026-02-30'], /no day/],
    [
      ['--format', 'csv', '--output', 'x.csv', '--from', '2026-02-04', '--to', '2026-02-03'],
      /earlier day first/,
    ],
  ])('%j', async (args, says) => {
    expect(await chatbot(['export', ...args])).toMatchObject({
      code: 2,
      err: expect.stringMatching(says),
    });
  });
});

describe('erase', () => {
  test('asks for the id once more, and prints a receipt', async () => {
    await imported();
    await mkdir(join(folder, 'data/own/reports'));
    await writeFile(join(folder, 'data/own/reports/x.html'), 'Carol');
    const input: PassThrough & { isTTY?: boolean } = new PassThrough();
    input.isTTY = true;
    input.end(`${CAROL.id}\n`);
    const { code, out, err } = await chatbot(['erase', '--user', String(CAROL.id)], { input });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `User ${CAROL.id}`,
        'Raw       1 update erased, 0 of others redacted',
        'Rejected  0 records erased',
        'State     0 objects erased',
        'Tables    1 row erased, 0 of others redacted, in 1 file',
        'Versions  0 older ones erased',
        'Files     1 report and 0 results of queries deleted',
        '',
      ].join('\n'),
    );
    expect(err).toMatch(/will be erased, for good.*\n.*exported or copied elsewhere/);
    expect(await chatbot(['erase', '--user', String(CAROL.id), '--yes'])).toEqual({
      code: 0,
      out: `Nothing is here of user ${CAROL.id}.\n`,
      err: '',
    });
  });

  test('nothing without the id, or where nobody can be asked', async () => {
    await imported();
    const input: PassThrough & { isTTY?: boolean } = new PassThrough();
    input.isTTY = true;
    input.end('yes\n');
    const args = ['erase', '--user', String(CAROL.id)];
    expect(await chatbot(args, { input })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Nothing was erased/),
    });
    expect(await chatbot(args)).toMatchObject({ code: 2, err: expect.stringMatching(/--yes/) });
    const { out } = await chatbot([...args, '--yes', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      user: CAROL.id,
      on: 'local',
      raw: { updates: 1 },
      erased_at: '2026-03-01T15:00:00.000Z',
    });
  });

  test('says which objects could not be looked into, and fails', async () => {
    await imported();
    const key = 'telegram/context_date=2026-02-03/x.ndjson.gz';
    await new FolderStore(join(folder, 'data/own/raw')).put(key, Buffer.from('no gzip'));
    const { code, err } = await chatbot(['erase', '--user', '5', '--yes']);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/x\.ndjson\.gz is damaged.*\n.*Mend or delete/),
    });
  });

  test.each<[readonly string[], RegExp]>([
    [[], /--user/],
    [['--user', '0'], /above 0/],
    [['--user', '@carol'], /whole number/],
    [['--user', '1087968824', '--yes'], /anonymous administrators/],
    [['--user', '5', '--yes', '--lake', 'theirs'], /no lake theirs/],
    [['--user', '5', '--yes', '--lake', 'trial', '--on', 'aws'], /--lake is of this machine/],
  ])('%j', async (args, says) => {
    expect(await chatbot(['erase', ...args])).toMatchObject({
      code: 2,
      err: expect.stringMatching(says),
    });
  });
});
