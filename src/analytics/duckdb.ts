import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

import { loadAnalyses } from './analyses.ts';
import { checkDialect, QueryError } from './athena/dialect.ts';
import { macroStatements } from './athena/macros.ts';
import { explainDuckDbError } from './duckdbError.ts';
import type { Engine, RunOptions } from './engine.ts';
import { escapeGlob, quoted } from './quoting.ts';
import { resultValue, typeName } from './result.ts';
import type { QueryResult } from './result.ts';
import { withScope } from './scope.ts';
import { emptyTableStatement, TABLES, tableStatement } from './tables.ts';
import { VIEWS } from './views.ts';

/** Where a lake's Parquet files and its queries are. */
export interface AnalyticsOptions {
  /** Folder of the enriched layer; days may come, go and be replaced while it is open. */
  readonly enrichedFolder: string;
  /** Usually the project's `sql/`. */
  readonly sqlFolder: string;
}

/**
 * Opens a lake's enriched layer with DuckDB in the place of Athena: in memory, in this process,
 * able to read nothing but that folder.
 *
 * @throws HeaderError when the header of a file of `sql/` has a mistake; QueryError when a view has
 */
export async function openAnalytics(options: AnalyticsOptions): Promise<Engine> {
  const folder = resolve(options.enrichedFolder);
  const analyses = await loadAnalyses(options.sqlFolder);
  const instance = await DuckDBInstance.create(':memory:');
  const main = await instance.connect();
  for (const statement of [
    // Whole numbers are divided as in Trino, and Athena's session is in UTC.
    'SET GLOBAL integer_division = true',
    "SET GLOBAL TimeZone = 'UTC'",
    // So that errors say where in the text they are.
    'SET GLOBAL errors_as_json = true',
    // As it is, and as it stands in the globs below: the two are compared as texts.
    `SET GLOBAL allowed_directories = [${quoted(folder)}, ${quoted(escapeGlob(folder))}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
    ...macroStatements(),
    ...TABLES.map(emptyTableStatement),
  ]) {
    await main.run(statement);
  }
  const hasFiles = new Map<string, boolean>();
  await bindTables();
  for (const { name } of VIEWS) {
    const body = await readFile(join(options.sqlFolder, 'views', `${name}.sql`), 'utf8');
    const statement = `CREATE VIEW ${name} AS ${body}`;
    try {
      await main.run(statement);
    } catch (error) {
      const reason = explainDuckDbError(statement, (error as Error).message);
      throw new QueryError(`views/${name}.sql: ${reason}`, { cause: error });
    }
  }
  const tableNames = [...TABLES, ...VIEWS].map(({ name }) => name);

  /** Lets the tables see the first file that comes and forget the last one that goes. */
  async function bindTables(): Promise<void> {
    for (const table of TABLES) {
      const files = join(escapeGlob(folder), table.files);
      const found = await main.runAndReadAll('SELECT count(*) > 0 FROM glob($1)', [files]);
      const exists = found.getRows()[0]?.[0] === true;
      if (hasFiles.get(table.name) === exists) continue;
      await main.run(tableStatement(table, exists ? files : null));
      hasFiles.set(table.name, exists);
    }
  }

  async function run(sql: string, { signal, maxRows }: RunOptions = {}): Promise<QueryResult> {
    signal?.throwIfAborted();
    const started = performance.now();
    // A connection of its own, so that interrupting it stops no other query.
    const connection = await instance.connect();
    const interrupt = (): void => {
      connection.interrupt();
    };
    signal?.addEventListener('abort', interrupt);
    try {
      checkDialect(sql, await parse(connection, sql), tableNames);
      await bindTables();
      const reader =
        maxRows === undefined
          ? await connection.runAndReadAll(sql)
          : await connection.streamAndReadUntil(sql, maxRows + 1);
      const rows = reader.getRows();
      return {
        columns: reader.deduplicatedColumnNames(),
        types: reader.columnTypes().map(typeName),
        rows: rows.slice(0, maxRows).map((row) => row.map(resultValue)),
        ms: performance.now() - started,
        ...(maxRows !== undefined && rows.length > maxRows && { more: true }),
      };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof QueryError) throw error;
      throw new QueryError(explainDuckDbError(sql, (error as Error).message), { cause: error });
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  }

  return {
    analyses,
    run,
    async runAnalysis(name, scope = {}, runOptions) {
      const analysis = analyses.find((candidate) => candidate.name === name);
      if (analysis === undefined) {
        const names = analyses.map((candidate) => candidate.name).join(', ');
        throw new RangeError(`There is no analysis "${name}"; there are ${names}.`);
      }
      return run(withScope(analysis, scope), runOptions);
    },
    close() {
      main.closeSync();
      instance.closeSync();
    },
  };
}

async function parse(connection: DuckDBConnection, sql: string): Promise<unknown> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  return JSON.parse(String(reader.getRows()[0]?.[0]));
}
