import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

import { type Day, DayError, parseDay } from '../lake/days.ts';
import { escapeGlob, quoted } from './quoting.ts';
import { TABLES, emptyTableStatement, tableStatement } from './tables.ts';

/** Kinds of file that a table can become. */
export type ExportFormat = 'csv' | 'duckdb' | 'parquet';

/** What can be exported: the tables, and the view of what analyses count. */
export type ExportTable = 'messages' | 'runs' | 'telegram';

/** What is exported, and where to. */
export interface ExportOptions {
  /** Folder of the enriched layer. */
  readonly enrichedFolder: string;
  /** The project's `sql/`. */
  readonly sqlFolder: string;
  readonly table: ExportTable;
  readonly format: ExportFormat;
  /** What is there is replaced, once the export is whole. */
  readonly file: string;
  /** First and last day; without them, all there are. */
  readonly from?: Day;
  readonly to?: Day;
  readonly signal?: AbortSignal;
}

/** What DuckDB may hold at a time; beyond, it writes to a file beside the export. */
const MEMORY = '384MB';

/** Texts that a spreadsheet would run as a formula, as in format.ts. */
const FORMULA = '^[=+\\-@＝＋－＠\t\r\n]';

/** Spreadsheets need it to read accents. */
const BYTE_ORDER_MARK = '\ufeff';

/** The days that are wanted, as a condition. @throws DayError */
function condition({ from, to }: ExportOptions): string {
  const [first, last] = [from, to].map((day) => (day === undefined ? undefined : parseDay(day)));
  if (first !== undefined && last !== undefined && last < first) {
    throw new DayError(`--from ${first} is after --to ${last}: put the earlier day first.`);
  }
  return [
    'true',
    ...(first === undefined ? [] : [`context_date >= DATE '${first}'`]),
    ...(last === undefined ? [] : [`context_date <= DATE '${last}'`]),
  ].join(' AND ');
}

async function names(
  connection: DuckDBConnection,
  table: ExportTable,
): Promise<{ name: string; isText: boolean }[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE ${table}`);
  return reader
    .getRows()
    .map(([name, type]) => ({ name: String(name), isText: type === 'VARCHAR' }));
}

/** As it is, but for CSV, where texts that look like a formula get an apostrophe. */
async function columns(
  connection: DuckDBConnection,
  { table, format }: ExportOptions,
): Promise<string> {
  if (format !== 'csv') return '*';
  const all = await names(connection, table);
  return all
    .map(({ name, isText }) =>
      isText
        ? `CASE WHEN regexp_matches("${name}", ${quoted(FORMULA)}) THEN '''' || "${name}" ELSE "${name}" END AS "${name}"`
        : `"${name}"`,
    )
    .join(', ');
}

/** Puts a byte order mark before a file. */
async function writeWithMark(from: string, to: string): Promise<void> {
  const target = createWriteStream(to);
  target.write(BYTE_ORDER_MARK);
  await pipeline(createReadStream(from), target);
}

async function write(
  connection: DuckDBConnection,
  options: ExportOptions,
  part: string,
): Promise<void> {
  const { table, format } = options;
  const select = `SELECT ${await columns(connection, options)} FROM ${table} WHERE ${condition(options)}`;
  switch (format) {
    case 'parquet':
      await connection.run(
        `COPY (${select}) TO ${quoted(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)`,
      );
      return;
    case 'csv': {
      const unmarked = `${part}.csv`;
      try {
        await connection.run(`COPY (${select}) TO ${quoted(unmarked)} (FORMAT csv, HEADER)`);
        await writeWithMark(unmarked, part);
      } finally {
        await rm(unmarked, { force: true });
      }
      return;
    }
    case 'duckdb':
      await connection.run(`ATTACH ${quoted(part)} AS made`);
      await connection.run(`CREATE TABLE made.${table} AS ${select}`);
      await connection.run('DETACH made');
  }
}

/**
 * Writes a table of a lake as one file, rows in the order of days and, within a day, of updates.
 * The rows pass through: the memory that it takes does not grow with them.
 *
 * @returns how many rows it has
 * @throws DayError when the days are none, or in the wrong order; what `signal` aborts with
 */
export async function exportTable(options: ExportOptions): Promise<number> {
  const { sqlFolder, table, signal } = options;
  const folder = resolve(options.enrichedFolder);
  const file = resolve(options.file);
  const part = `${file}.part`;
  condition(options);
  signal?.throwIfAborted();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const interrupt = (): void => {
    connection.interrupt();
  };
  signal?.addEventListener('abort', interrupt);
  try {
    for (const statement of [
      `SET memory_limit = '${MEMORY}'`,
      `SET temp_directory = ${quoted(`${part}.spill`)}`,
      // Row groups of several threads at a time would be held until their turn comes.
      'SET threads = 1',
      "SET TimeZone = 'UTC'",
    ]) {
      await connection.run(statement);
    }
    for (const each of TABLES) {
      const files = join(escapeGlob(folder), each.files);
      await connection.run(emptyTableStatement(each));
      const found = await connection.runAndReadAll('SELECT count(*) > 0 FROM glob($1)', [files]);
      const exists = found.getRows()[0]?.[0] === true;
      await connection.run(tableStatement(each, exists ? files : null));
    }
    const view = await readFile(join(sqlFolder, 'views', 'messages.sql'), 'utf8');
    await connection.run(`CREATE VIEW messages AS ${view}`);
    await rm(part, { force: true });
    await write(connection, options, part);
    const counted = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER FROM ${table} WHERE ${condition(options)}`,
    );
    await rename(part, file);
    return Number(counted.getRows()[0]?.[0]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
    await rm(part, { force: true });
    await rm(`${part}.spill`, { recursive: true, force: true });
  }
}
