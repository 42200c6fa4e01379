import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AthenaClient } from '@aws-sdk/client-athena';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { parseAnalysis } from '../../../src/analytics/analyses.ts';
import { athenaEngine } from '../../../src/analytics/athenaEngine.ts';
import type { Engine, Progress } from '../../../src/analytics/engine.ts';
import { scanPrice } from '../../../src/analytics/scanPrice.ts';
import { clientSettings } from '../../../src/aws/clientSettings.ts';
import { SQL_FOLDER } from '../../../src/local/paths.ts';
import { type AthenaServer, startAthena } from '../../support/athenaServer.ts';

let athena: AthenaServer;
let engine: Engine;

/** An engine over the server, with no analyses unless they are given. */
function openEngine(options: Partial<Parameters<typeof athenaEngine>[0]> = {}): Engine {
  return athenaEngine({
    client: new AthenaClient({
      region: 'us-east-1',
      endpoint: athena.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...clientSettings(5_000),
    }),
    names: { workgroup: 'chatbot-dev', database: 'chatbot_dev' },
    region: 'us-east-1',
    analyses: [],
    reuseMinutes: 10,
    ...options,
  });
}

beforeEach(async () => {
  athena = await startAthena();
  engine = openEngine();
});
afterEach(async () => {
  engine.close();
  await athena.stop();
});

const bodies = (action: string) =>
  athena.calls.filter((call) => call.action === action).map(({ body }) => body);

describe('a query', () => {
  test('is run in the workgroup and database of the stage, results reused by their age', async () => {
    await engine.run('SELECT 1');
    expect(bodies('StartQueryExecution')).toEqual([
      expect.objectContaining({
        QueryString: 'SELECT 1',
        WorkGroup: 'chatbot-dev',
        QueryExecutionContext: { Database: 'chatbot_dev' },
        ResultReuseConfiguration: {
          ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 10 },
        },
      }),
    ]);
    const never = openEngine({ reuseMinutes: 0 });
    await never.run('SELECT 1');
    never.close();
    expect(bodies('StartQueryExecution')[1]).toMatchObject({
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    });
  });

  test('tells how far it is, and what it has read', async () => {
    athena.script = () => ({
      looks: [
        { state: 'QUEUED' },
        { state: 'RUNNING', bytes: 1_000 },
        { state: 'SUCCEEDED', bytes: 2_000_000 },
      ],
      columns: [['a', 'bigint']],
      rows: [['1']],
    });
    const told: Progress[] = [];
    const result = await engine.run('SELECT a FROM t', {
      onProgress: (progress) => told.push(progress),
    });
    expect(told).toEqual([
      { state: 'queued', ms: expect.any(Number) },
      { state: 'running', ms: expect.any(Number), bytesScanned: 1_000 },
      { state: 'reading', ms: expect.any(Number), bytesScanned: 2_000_000, rows: 1 },
    ]);
    expect(result).toEqual({
      columns: ['a'],
      types: ['bigint'],
      rows: [[1]],
      ms: expect.any(Number),
      bytesScanned: 2_000_000,
      reused: false,
    });
  });

  test('says when its result is one of an earlier run', async () => {
    athena.script = () => ({ looks: [{ state: 'SUCCEEDED', bytes: 0 }], reused: true });
    await expect(engine.run('SELECT 1')).resolves.toMatchObject({ reused: true, bytesScanned: 0 });
  });

  test('is one of the analyses, narrowed to days', async () => {
    const name = 'messages_per_day';
    const sql = await readFile(join(SQL_FOLDER, `${name}.sql`), 'utf8');
    const own = openEngine({ analyses: [parseAnalysis(`${name}.sql`, sql)] });
    await own.runAnalysis(name, { period: { from: '2026-11-01', to: '2026-11-30' } });
    expect(bodies('StartQueryExecution')[0]?.['QueryString']).toContain(
      "context_date BETWEEN DATE '2026-11-01' AND DATE '2026-11-30' -- period",
    );
    await expect(own.runAnalysis('nothing')).rejects.toThrow(
      new RangeError(`There is no analysis "nothing"; there are ${name}.`),
    );
    own.close();
  });

  test.each([
    'DROP TABLE telegram',
    'INSERT INTO t SELECT 1',
    '-- SELECT\nDELETE FROM t',
    '/* SELECT */ CREATE TABLE t AS SELECT 1',
    "UNLOAD (SELECT 1) TO 's3://x/'",
    'EXPLAIN ANALYZE INSERT INTO t SELECT 1',
    '',
  ])('that does more than read is not sent: %j', async (sql) => {
    await expect(engine.run(sql)).rejects.toThrow('Only SELECT is run here');
    expect(athena.calls).toEqual([]);
  });

  test.each([
    '-- what\n/* and\nwhy */ select 1',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    '(SELECT 1)',
    'EXPLAIN (TYPE IO) SELECT 1',
  ])('that reads is sent: %j', async (sql) => {
    await engine.run(sql);
    expect(bodies('StartQueryExecution')).toHaveLength(1);
  });
});

describe('a result', () => {
  test('has the values that DuckDB would give', async () => {
    athena.script = () => ({
      looks: [{ state: 'SUCCEEDED', bytes: 1 }],
      columns: [
        ['whole', 'bigint'],
        ['small', 'integer'],
        ['number', 'double'],
        ['real', 'float'],
        ['exact', 'decimal'],
        ['day', 'date'],
        ['moment', 'timestamp'],
        ['zoned', 'timestamp with time zone'],
        ['truth', 'boolean'],
        ['words', 'varchar'],
        ['words', 'varchar'],
        ['nothing', 'unknown'],
        ['list', 'array'],
      ],
      rows: [
        [
          '9007199254740993',
          '-7',
          '0.1',
          '1.5',
          '10.50',
          '2026-11-21',
          '2026-11-21 12:04:05.000',
          '2026-11-21 12:04:05.120 UTC',
          'true',
          'Olá, "você"\n🌵',
          '',
          null,
          '[1, 2]',
        ],
        [
          '42',
          '0',
          'NaN',
          'Infinity',
          '0',
          null,
          '2026-11-21 12:04:05.123456',
          null,
          'false',
          ...['0', null, null, null],
        ],
      ],
    });
    const { columns, types, rows } = await engine.run('SELECT …');
    expect(columns).toEqual([
      ...['whole', 'small', 'number', 'real', 'exact', 'day', 'moment', 'zoned', 'truth'],
      ...['words', 'words:1', 'nothing', 'list'],
    ]);
    expect(types).toEqual([
      ...['bigint', 'integer', 'double', 'double', 'double', 'date', 'timestamp', 'timestamp'],
      ...['boolean', 'varchar', 'varchar', 'varchar', 'array'],
    ]);
    expect(rows).toEqual([
      [
        '9007199254740993',
        ...[-7, 0.1, 1.5, 10.5],
        ...['2026-11-21', '2026-11-21T12:04:05', '2026-11-21T12:04:05.120'],
        ...[true, 'Olá, "você"\n🌵', '', null, '[1, 2]'],
      ],
      [
        ...[42, 0, 'NaN', 'Infinity', 0, null, '2026-11-21T12:04:05.123456', null],
        ...[false, '0', null, null, null],
      ],
    ]);
  });

  test('of many pages is read to its end, its heading left out once', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => [String(index), 'n']);
    // A row that reads as the heading does is one all the same.
    rows[1_500] = ['n', 'text'];
    athena.script = () => ({
      looks: [{ state: 'SUCCEEDED', bytes: 1 }],
      columns: [
        ['n', 'varchar'],
        ['text', 'varchar'],
      ],
      rows,
    });
    const result = await engine.run('SELECT …');
    expect(result.rows).toEqual(rows);
    expect(bodies('GetQueryResults').map(({ NextToken }) => NextToken)).toEqual([
      undefined,
      '1000',
      '2000',
    ]);
  });

  test('without rows has its columns', async () => {
    athena.script = () => ({
      looks: [{ state: 'SUCCEEDED', bytes: 0 }],
      columns: [['a', 'date']],
    });
    await expect(engine.run('SELECT …')).resolves.toMatchObject({
      columns: ['a'],
      types: ['date'],
      rows: [],
    });
  });
});

describe('an interruption', () => {
  const STOP = new Error('Stop.');
  const running = () => {
    athena.script = () => ({ looks: [{ state: 'RUNNING', bytes: 5 }] });
  };

  test('stops the query in Athena', async () => {
    running();
    const interrupted = new AbortController();
    const asked = engine.run('SELECT 1', {
      signal: interrupted.signal,
      onProgress: () => {
        interrupted.abort(STOP);
      },
    });
    await expect(asked).rejects.toBe(STOP);
    expect(bodies('StopQueryExecution')).toEqual([{ QueryExecutionId: 'query-1' }]);
  });

  test('before the query leaves nothing behind', async () => {
    const signal = AbortSignal.abort();
    await expect(engine.run('SELECT 1', { signal })).rejects.toBe(signal.reason);
    expect(athena.calls).toEqual([]);
  });

  test('that Athena does not hear of says so', async () => {
    running();
    athena.refusals.set('StopQueryExecution', { type: 'AccessDeniedException', message: 'No.' });
    const interrupted = new AbortController();
    const asked = engine.run('SELECT 1', {
      signal: interrupted.signal,
      onProgress: () => {
        interrupted.abort(STOP);
      },
    });
    await expect(asked).rejects.toThrow(
      /the query query-1 may go on .* These AWS credentials may not do that/,
    );
  });

  test('while rows are read ends the reading; there is no query to stop', async () => {
    athena.script = () => ({
      looks: [{ state: 'SUCCEEDED', bytes: 5 }],
      columns: [['a', 'bigint']],
      rows: Array.from({ length: 5_000 }, () => ['1']),
    });
    const interrupted = new AbortController();
    const asked = engine.run('SELECT 1', {
      signal: interrupted.signal,
      onProgress: () => {
        interrupted.abort(STOP);
      },
    });
    await expect(asked).rejects.toBe(STOP);
    expect(bodies('GetQueryResults')).toHaveLength(1);
    expect(bodies('StopQueryExecution')).toEqual([]);
  });
});

describe('what goes wrong is said', () => {
  test.each([
    [
      "SYNTAX_ERROR: line 3:7: Column 'nothing' cannot be resolved or requester is not authorized to access requested resources",
      "line 3, column 7: Column 'nothing' cannot be resolved",
    ],
    [
      'Bytes scanned limit was exceeded',
      'Ask for fewer days or columns, or raise the limit of the workgroup chatbot-dev.',
    ],
    [
      'Access denied when writing to location: s3://results/ (Service: Amazon S3; Status Code: 403)',
      /may not do that.*The policy chatbot-dev-analyst allows/,
    ],
    ['DIVISION_BY_ZERO: Division by zero', 'DIVISION_BY_ZERO: Division by zero'],
  ])('%s', async (reason, says) => {
    athena.script = () => ({ looks: [{ state: 'FAILED', reason }] });
    await expect(engine.run('SELECT 1')).rejects.toThrow(says);
  });

  test('a query that somebody else has cancelled', async () => {
    athena.script = () => ({ looks: [{ state: 'CANCELLED', reason: 'Query cancelled by user' }] });
    await expect(engine.run('SELECT 1')).rejects.toThrow(
      'The query was cancelled in Athena: Query cancelled by user.',
    );
  });

  test.each([
    [
      { type: 'InvalidRequestException', message: "line 1:8: mismatched input 'FRM'" },
      "line 1, column 8: mismatched input 'FRM'",
    ],
    [
      { type: 'InvalidRequestException', message: 'WorkGroup chatbot-dev is not found.' },
      /There is no such workgroup .* deploy this stage first/,
    ],
    [{ type: 'ExpiredTokenException', message: '…' }, /credentials have expired\. Sign in/],
    [{ type: 'UnrecognizedClientException', message: '…' }, 'AWS does not know these credentials.'],
    [
      { type: 'AccessDeniedException', message: 'not authorized to perform: athena:Start…' },
      /may not do that\. AWS says: not authorized to perform: athena:Start…/,
    ],
  ])('%j at the start', async (refusal, says) => {
    athena.script = () => refusal;
    await expect(engine.run('SELECT 1')).rejects.toThrow(says);
  });

  test('credentials that expire while one waits', async () => {
    athena.refusals.set('GetQueryExecution', { type: 'ExpiredTokenException', message: '…' });
    await expect(engine.run('SELECT 1')).rejects.toThrow('The AWS credentials have expired.');
  });

  test('AWS that does not answer', async () => {
    await athena.stop();
    await expect(engine.run('SELECT 1')).rejects.toThrow(
      'Could not ask Athena in the workgroup chatbot-dev: AWS in us-east-1 does not answer (ECONNREFUSED).',
    );
    athena = await startAthena();
  });
});

test.each([
  [0, 0.0000476837158203125],
  [1, 0.0000476837158203125],
  [10 * 1024 ** 2, 0.0000476837158203125],
  [10 * 1024 ** 2 + 1, 0.00005245208740234375],
  [1024 ** 4, 5],
])('a query that reads %d bytes costs %d dollars', (bytes, dollars) => {
  expect(scanPrice(bytes)).toBe(dollars);
});
