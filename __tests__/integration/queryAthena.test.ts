import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { runCommand } from '../../src/cli/runCommand.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { PACKAGE_FOLDER } from '../../src/local/paths.ts';
import { type AthenaServer, startAthena } from '../support/athenaServer.ts';
import { temporaryFolder } from '../support/folders.ts';
import { waitFor } from '../support/waitFor.ts';

const NOON = Date.parse('2026-11-21T15:00:00Z');
const AWS_VARIABLES = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
};

let athena: AthenaServer;
let before: NodeJS.ProcessEnv;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  athena = await startAthena();
  folder = await temporaryFolder();
  before = { ...process.env };
  Object.assign(process.env, AWS_VARIABLES, { AWS_ENDPOINT_URL: athena.url });
});
afterEach(async () => {
  process.env = before;
  await athena.stop();
  await folder.remove();
});

/** Runs a command line; what it wrote. */
async function chatbot(...args: string[]) {
  let out = '';
  let err = '';
  const progress: string[] = [];
  const code = await runCommand(args, {
    env: { CHATBOT_STAGE: 'test', CHATBOT_DATA: folder.path },
    output: {
      print: (line) => (out += `${line}\n`),
      write: (content) => (out += Buffer.from(content).toString()),
      note: (line) => (err += `${line}\n`),
      progress: (line) => progress.push(line),
      isTerminal: false,
      color: false,
    },
    now: () => NOON,
    signal: new AbortController().signal,
  });
  return { code, out, err, progress };
}

const started = () =>
  athena.calls.flatMap(({ action, body }) => (action === 'StartQueryExecution' ? [body] : []));

/** Messages per day, as Athena gives them. */
function giveDays(...rows: [day: string, messages: string][]): void {
  athena.script = () => ({
    looks: [
      { state: 'QUEUED' },
      { state: 'RUNNING', bytes: 1_500 },
      { state: 'SUCCEEDED', bytes: 12_345_678 },
    ],
    columns: [
      ['context_date', 'date'],
      ['message_amount', 'bigint'],
    ],
    rows,
  });
}

describe('chatbot query --on athena', () => {
  test("asks in the stage's workgroup; says what it does, and then what it cost", async () => {
    giveDays(['2026-11-21', '2']);
    const { code, out, err, progress } = await chatbot(
      ...['query', 'messages_per_day', '--on', 'athena', '--from', '2026-11-20'],
      ...['--to', '2026-11-21', '--chats', '7,-8', '--json'],
    );
    expect([code, out]).toEqual([0, '[\n  {"context_date":"2026-11-21","message_amount":2}\n]\n']);
    expect(progress.map((line) => line.replace(/\d+ s\b/, 'some s'))).toEqual([
      'Athena: waiting, some s',
      'Athena: running, some s, 1.5 kB scanned',
      'Athena: reading the result, some s, 12.3 MB scanned, 1 row',
    ]);
    expect(err).toMatch(/^1 row · \d+ ms · 12\.3 MB scanned · \$0\.000057 \(list price\)\n$/);
    expect(started()).toEqual([
      expect.objectContaining({
        WorkGroup: 'chatbot-test',
        QueryExecutionContext: { Database: 'chatbot_test' },
        ResultReuseConfiguration: {
          ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 10 },
        },
        QueryString: expect.stringMatching(
          /BETWEEN DATE '2026-11-20' AND DATE '2026-11-21' -- period\n +AND chat_id IN \(7, -8\) -- chats/,
        ),
      }),
    ]);
  });

  test('takes no earlier result when it is told so, and says when it has taken one', async () => {
    await chatbot('query', 'messages_per_day', '--on', 'athena', '--reuse', '0');
    expect(started()[0]).toMatchObject({
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    });
    athena.script = () => ({ looks: [{ state: 'SUCCEEDED', bytes: 0 }], reused: true });
    const { err } = await chatbot('query', 'messages_per_day', '--on', 'athena');
    expect(err).toMatch(/^0 rows · .* · 0 B scanned · \$0 \(list price\) · from an earlier run/);
  });

  test('compares: two queries, both paid', async () => {
    athena.script = (sql) => ({
      looks: [{ state: 'SUCCEEDED', bytes: 1 }],
      columns: [
        ['context_date', 'date'],
        ['message_amount', 'bigint'],
      ],
      rows: sql.includes("AND DATE '2026-11-21'") ? [['2026-11-21', '5']] : [['2026-11-19', '3']],
    });
    const { out, err } = await chatbot(
      ...['query', 'messages_per_day', '--on', 'athena', '--compare'],
      ...['--from', '2026-11-20', '--to', '2026-11-21'],
    );
    expect(out).toMatch(/│ 2026-11-21 +│ +5 │ +3 │ +2 │/);
    expect(err).toContain('$0.000095');
  });

  test('writes Parquet', async () => {
    giveDays(['2026-11-21', '2']);
    const file = join(folder.path, 'days.parquet');
    await chatbot(
      ...['query', 'messages_per_day', '--on', 'athena', '--format', 'parquet'],
      ...['--output', file],
    );
    expect(await readRows(await readFile(file))).toEqual([
      { context_date: new Date('2026-11-21'), message_amount: 2n },
    ]);
  });

  test("runs a query of one's own, and gives back where its mistake stands", async () => {
    const file = join(folder.path, 'own.sql');
    await writeFile(file, 'SELECT\n  nothing\nFROM telegram');
    athena.script = () => ({
      looks: [
        { state: 'FAILED', reason: "SYNTAX_ERROR: line 2:3: Column 'nothing' cannot be resolved" },
      ],
    });
    expect(await chatbot('query', '--sql', file, '--on', 'athena')).toMatchObject({
      code: 1,
      err: "line 2, column 3: Column 'nothing' cannot be resolved\n",
    });
  });

  test('says what to do where there is no such stage', async () => {
    athena.script = () => ({
      type: 'InvalidRequestException',
      message: 'WorkGroup chatbot-test is not found.',
    });
    expect(await chatbot('query', 'messages_per_day', '--on', 'athena')).toMatchObject({
      code: 1,
      err: expect.stringContaining('deploy this stage first'),
    });
  });

  test('Ctrl-C stops the query in Athena', async () => {
    athena.script = () => ({ looks: [{ state: 'RUNNING' }] });
    const child = execFile(
      process.execPath,
      [
        join(PACKAGE_FOLDER, 'bin', 'chatbot.mjs'),
        ...['query', 'messages_per_day', '--on', 'athena'],
      ],
      { env: { ...process.env, CHATBOT_DATA: folder.path, NODE_NO_WARNINGS: '1' } },
    );
    let err = '';
    child.stderr?.on('data', (text: string) => (err += text));
    await waitFor('the query runs', () =>
      Promise.resolve(athena.calls.some(({ action }) => action === 'GetQueryExecution')),
    );
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect([code, err]).toEqual([1, 'Interrupted.\n']);
    expect(athena.calls.at(-1)).toEqual({
      action: 'StopQueryExecution',
      body: { QueryExecutionId: 'query-1' },
    });
  });
});
