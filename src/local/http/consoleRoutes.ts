import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';

import { QueryError } from '../../analytics/athena/dialect.ts';
import { FUNCTIONS } from '../../analytics/athena/functions.ts';
import type { QueryResult } from '../../analytics/result.ts';
import { VIEWS } from '../../analytics/views.ts';
import {
  type ColumnType,
  PARTITION,
  RUNS_COLUMNS,
  TABLE_ROWS,
  TELEGRAM_COLUMNS,
} from '../../lake/columns.ts';
import type { ApiError, SqlResult, SqlSchema } from '../api.ts';
import { ATHENA_TYPES } from '../athenaTypes.ts';
import type { LocalLake } from '../localLake.ts';
import { exportFormatSchema, resultFile } from './resultFile.ts';

/** What the routes of the SQL console are made of. */
export interface ConsoleParts {
  /** @throws ZodError when there is no such lake */
  readonly lakeOf: (id: string) => LocalLake;
}

/** Athena takes queries of 262,144 bytes: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const MAX_SQL = 262_144;

/** The query as JSON, each character of it escaped. */
const MAX_BODY = 6 * MAX_SQL + 1024;

/** Rows that a page is given at most. */
const MAX_ROWS = 50_000;

const sql = z.string().trim().min(1, 'is empty; write a SELECT').max(MAX_SQL);
const runSchema = z.strictObject({ sql, limit: z.int().min(1).max(MAX_ROWS) });
const exportSchema = z.strictObject({ sql, format: exportFormatSchema });

type Columns = readonly {
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
}[];

const PARTITION_COLUMN = {
  name: PARTITION,
  type: 'date',
  meaning: "The day, in the lake's zone. Name it in WHERE: only those days are read.",
} as const;

/** The day first: nearly every query names it. */
function described(columns: Columns): SqlSchema['tables'][number]['columns'] {
  const partition = columns.find(({ name }) => name === PARTITION);
  const others = columns.filter((column) => column !== partition);
  return [...(partition ? [partition] : []), ...others].map(({ name, type, meaning }) => ({
    name,
    type: ATHENA_TYPES[type],
    meaning,
  }));
}

function schema(): SqlSchema {
  const tables = { telegram: TELEGRAM_COLUMNS, runs: RUNS_COLUMNS } as const;
  return {
    tables: [
      ...VIEWS.map(({ name, description, columns }) => ({
        ...{ name, kind: 'view' as const, description },
        columns: described(columns),
      })),
      ...(['telegram', 'runs'] as const).map((name) => ({
        ...{ name, kind: 'table' as const, description: TABLE_ROWS[name] },
        columns: described([PARTITION_COLUMN, ...tables[name]]),
      })),
    ],
    functions: FUNCTIONS,
  };
}

/** What is wrong with a query, and where, as far as its message says so. */
function problemOf({ message }: QueryError): ApiError {
  const [, line, column, words] = /^line (\d+), column (\d+): ([^]*)$/.exec(message) ?? [];
  if (words === undefined) return { error: message };
  return { error: words, place: { line: Number(line), column: Number(column) } };
}

/** The SQL console: queries of one's own, their results as files, and what they may read. */
export function consoleRoutes({ lakeOf }: ConsoleParts): Hono {
  const app = new Hono();

  /** The result, or what is wrong with the query. */
  const ask = async (
    lake: LocalLake,
    query: string,
    options: { readonly signal: AbortSignal; readonly maxRows?: number },
  ): Promise<ApiError | QueryResult> => {
    try {
      return await lake.analytics.run(query, options);
    } catch (error) {
      if (error instanceof QueryError) return problemOf(error);
      throw error;
    }
  };

  app.get('/sql', (context) => context.json<SqlSchema>(schema()));

  app.post('/lakes/:lake/sql', bodyLimit({ maxSize: MAX_BODY }), async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const { sql: query, limit } = runSchema.parse(await context.req.json());
    const { signal } = context.req.raw;
    const result = await ask(lake, query, { signal, maxRows: limit });
    if ('error' in result) return context.json<ApiError>(result, 422);
    const { columns, types, rows, ms, more = false } = result;
    return context.json<SqlResult>({ columns, types, rows, ms, more });
  });

  app.post('/lakes/:lake/sql/export', bodyLimit({ maxSize: MAX_BODY }), async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const { sql: query, format } = exportSchema.parse(await context.req.json());
    const result = await ask(lake, query, { signal: context.req.raw.signal });
    if ('error' in result) return context.json<ApiError>(result, 422);
    return resultFile(result, format, 'query');
  });

  return app;
}
