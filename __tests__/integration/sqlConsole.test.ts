import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { ApiError, SqlResult, SqlSchema } from '../../src/local/api.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { makePlace, type Place, startTestServer, type TestServer } from '../support/localServer.ts';

let place: Place;
let server: TestServer;

beforeAll(async () => {
  place = await makePlace();
  server = await startTestServer(place);
});

afterAll(async () => {
  await server.close();
  await place.remove();
});

const run = (sql: string, limit = 100, lake = 'sample') =>
  server.post(`/api/lakes/${lake}/sql`, { sql, limit });

const save = (sql: string, format: string) =>
  fetch(`${server.url}/api/lakes/sample/sql/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, format }),
  });

describe('the SQL console', () => {
  test('tells the tables with all their columns, and each of them can be asked', async () => {
    const { tables, functions } = (await server.get('/api/sql')).body as SqlSchema;
    expect(tables.map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ['messages', 'view'],
        ['users', 'view'],
        ['telegram', 'table'],
        ['runs', 'table'],
      ]),
    );
    for (const { name, columns } of tables) {
      const { body } = await run(`SELECT * FROM ${name} WHERE 1 = 0`);
      const result = body as SqlResult;
      const given = result.columns.map((column, index) => [column, result.types[index]] as const);
      expect(new Map(columns.map((column) => [column.name, column.type]))).toEqual(new Map(given));
      expect(columns.every(({ meaning }) => meaning !== '')).toBe(true);
    }
    expect(functions).toEqual(expect.arrayContaining(['count', 'date_trunc', 'row_number']));
    expect(functions).not.toContain('count_star');
  });

  test('runs a query and gives so many rows of it', async () => {
    const sql = 'SELECT user_id, count(*) AS amount FROM messages GROUP BY 1 ORDER BY 2 DESC, 1';
    const all = (await run(sql, 50_000)).body as SqlResult;
    expect(all).toMatchObject({
      columns: ['user_id', 'amount'],
      types: ['bigint', 'bigint'],
      more: false,
    });
    const few = (await run(sql, 3)).body as SqlResult;
    expect(few).toMatchObject({ rows: all.rows.slice(0, 3), more: true });
    // The lake of one's own has no such rows.
    expect((await run(sql, 3, 'own')).body).toMatchObject({ rows: [], more: false });
  });

  test.each([
    ['SELECT 1,\n  nothing FROM messages', { line: 2, column: 3 }, /"nothing" not found/],
    ['SELECT 1 +', { line: 1, column: 11 }, /syntax error/],
    ['SELECT median(update_id) FROM telegram', { line: 1, column: 8 }, /row_number\(\)/],
    ['SELECT *\nFROM nowhere', { line: 2, column: 6 }, /there are telegram, runs/],
    ['DROP TABLE telegram', undefined, /Only SELECT/],
    ['SELECT 1; SELECT 2', undefined, /one SELECT at a time/],
    ["SELECT * FROM read_csv('/etc/passwd')", { line: 1, column: 15 }, /read_csv/],
  ])('says what is wrong, and where: %s', async (sql, where, words) => {
    const { status, body } = await run(sql);
    expect([status, (body as ApiError).place, (body as ApiError).error]).toEqual([
      422,
      where,
      expect.stringMatching(words),
    ]);
  });

  test.each([
    [{ sql: ' ', limit: 1 }, /sql: is empty/],
    [{ sql: 'SELECT 1', limit: 0 }, /limit/],
    [{ sql: 'SELECT 1', limit: 1, more: 1 }, /more/],
    [{ sql: `SELECT '${'x'.repeat(262_144)}'`, limit: 1 }, /sql/],
    ['{', /JSON/],
  ])('a request that is none is refused', async (body, says) => {
    expect(await server.post('/api/lakes/sample/sql', body)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(says) },
    });
  });

  test('saves the whole result as a file', async () => {
    const sql = "SELECT '=1+1' AS formula, 'ção' AS words FROM (VALUES (1), (2)) AS t (x)";
    const csv = await save(sql, 'csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="query.csv"');
    expect(Buffer.from(await csv.arrayBuffer()).toString()).toBe(
      "\ufeffformula,words\r\n'=1+1,ção\r\n'=1+1,ção\r\n",
    );
    const row = { formula: '=1+1', words: 'ção' };
    expect(await (await save(sql, 'json')).json()).toEqual([row, row]);
    const parquet = await save(sql, 'parquet');
    expect(await readRows(new Uint8Array(await parquet.arrayBuffer()))).toEqual([row, row]);
    expect((await save('SELECT', 'csv')).status).toBe(422);
    expect((await save(sql, 'table')).status).toBe(400);
  });

  test('a query that nobody waits for any more ends without a word', async () => {
    const abort = new AbortController();
    const asked = fetch(`${server.url}/api/lakes/sample/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        // Interrupted or not, it takes longer than this test.
        sql: 'SELECT count(*) FROM telegram a, telegram b, telegram c WHERE a.text < b.text AND b.text < c.text',
        limit: 1,
      }),
      signal: abort.signal,
    }).catch((error: unknown) => error);
    // The server has it in hand once it answers what came later.
    await run('SELECT 1');
    abort.abort();
    expect(await asked).toMatchObject({ name: 'AbortError' });
    expect((await run('SELECT 1')).status).toBe(200);
    expect(server.reports.filter(({ type }) => type === 'problem')).toEqual([]);
  });
});
