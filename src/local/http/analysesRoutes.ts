import { Hono } from 'hono';
import * as z from 'zod';

import type { Analysis } from '../../analytics/analyses.ts';
import type { QueryResult } from '../../analytics/result.ts';
import { rowsBehindQuery } from '../../analytics/rowsBehind.ts';
import { type Period, periodBefore, type Scope, withScope } from '../../analytics/scope.ts';
import type { Knowledge } from '../../bot/knowledge.ts';
import { DayError, parseDay } from '../../lake/days.ts';
import type {
  AnalysisInfo,
  AnalysisList,
  AnalysisResult,
  FilterChoices,
  RowsBehind,
} from '../api.ts';
import { filterChoices } from '../filterChoices.ts';
import type { LocalLake } from '../localLake.ts';
import { exportFormatSchema, exportLanguageSchema, resultFile } from './resultFile.ts';

/** What the routes of the analyses are made of. */
export interface AnalysesParts {
  /** @throws ZodError when there is no such lake */
  readonly lakeOf: (id: string) => LocalLake;
  readonly analyses: readonly Analysis[];
  readonly knowledge: Knowledge;
}

/** Rows shown behind a number. */
const ROWS_SHOWN = 200;

/** Rows behind a number that are saved at most. */
const ROWS_SAVED = 10_000;

/** What a row of updates shows in the page; a saved file has every column. */
const SHOWN_COLUMNS: ReadonlySet<string> = new Set([
  ...['context_date', 'local_time', 'update_id', 'update_type', 'content_type'],
  ...['user_id', 'user_first_name', 'chat_id', 'chat_type', 'chat_title', 'sender_chat_id'],
  ...['text', 'caption', 'command', 'callback_data', 'reaction', 'member_user_id'],
  ...['member_status_old', 'member_status_new', 'start_payload', 'answer_intent'],
  ...['answer_outcome', 'answer_ms', 'text_length'],
]);

const separated = z
  .string()
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .default([]);

const scopeSchema = z
  .object({
    from: z.string().optional(),
    to: z.string().optional(),
    chats: separated,
    topics: separated,
  })
  .refine((days) => (days.from === undefined) === (days.to === undefined), {
    error: 'from and to go together; name both days, or neither for the last 90',
  });

const valuesSchema = z
  .record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.null()]))
  .default({});

/** The period of a query. @throws DayError when it is none, reversed, or has not begun */
function periodOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: string,
): Period | undefined {
  if (from === undefined || to === undefined) return undefined;
  const period = { from: parseDay(from), to: parseDay(to) };
  if (period.from > period.to) {
    throw new DayError(`${from} is after ${to}; put the earlier day first.`);
  }
  if (period.from > today) {
    throw new DayError(`${from} is after today, ${today}; choose days that have begun.`);
  }
  return period;
}

/** What a query narrows an analysis to. @throws DayError, ZodError */
function scopeOf(query: Readonly<Record<string, string>>, today: string): Scope {
  const { from, to, chats, topics } = scopeSchema.parse(query);
  const period = periodOf({ from, to }, today);
  return { ...(period && { period }), chats: chats.map(Number), topics };
}

function describe(analysis: Analysis): AnalysisInfo {
  const { name, title, question, section, columns, chart, filters, rows, sql } = analysis;
  return {
    ...{ name, title, question, section, columns, chart, filters, sql },
    rows: rows
      ? { of: rows.of, by: Object.keys(rows.by), numbers: Object.keys(rows.numbers ?? {}) }
      : null,
  };
}

/** A result without the columns that the page does not show. */
function shown({
  columns,
  types,
  rows,
}: QueryResult): Pick<QueryResult, 'columns' | 'rows' | 'types'> {
  if (!columns.includes('update_id')) return { columns, types, rows };
  const kept = columns.flatMap((name, index) => (SHOWN_COLUMNS.has(name) ? [index] : []));
  const pick = <T>(all: readonly T[]) => kept.map((index) => all[index] as T);
  return { columns: pick(columns), types: pick(types), rows: rows.map(pick) };
}

/** Name of a saved file, without its ending: the analysis and its days. */
function fileName(analysis: string, { period }: Scope): string {
  return [analysis, ...(period ? [period.from, period.to] : [])].join('_');
}

/** The analyses, their results, the rows behind them, and all of it as files. */
export function analysesRoutes({ lakeOf, analyses, knowledge }: AnalysesParts): Hono {
  const app = new Hono();

  /** @throws RangeError */
  const analysisOf = (name: string): Analysis => {
    const analysis = analyses.find((candidate) => candidate.name === name);
    if (!analysis) throw new RangeError(`There is no analysis "${name}".`);
    return analysis;
  };

  const rowsQuery = (
    name: string,
    query: Readonly<Record<string, string>>,
    today: string,
    limit: number,
  ): { readonly sql: string; readonly scope: Scope } => {
    const scope = scopeOf(query, today);
    const values = valuesSchema.parse(
      query['at'] === undefined ? undefined : (JSON.parse(query['at']) as unknown),
    );
    return {
      sql: rowsBehindQuery(analysisOf(name), scope, values, limit, query['number']),
      scope,
    };
  };

  app.get('/analyses', (context) =>
    context.json<AnalysisList>({ analyses: analyses.map(describe) }),
  );

  app.get('/lakes/:lake/filters', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const { period } = scopeOf(context.req.query(), lake.today());
    const { signal } = context.req.raw;
    return context.json<FilterChoices>(await filterChoices(lake, knowledge, period, signal));
  });

  app.get('/lakes/:lake/analyses/:name', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const analysis = analysisOf(context.req.param('name'));
    const scope = scopeOf(context.req.query(), lake.today());
    const { signal } = context.req.raw;
    const period =
      context.req.query('compare') === '1' && scope.period ? periodBefore(scope.period) : null;
    const [{ columns, rows, ms }, before] = await Promise.all([
      lake.analytics.runAnalysis(analysis.name, scope, { signal }),
      period && lake.analytics.runAnalysis(analysis.name, { ...scope, period }, { signal }),
    ]);
    return context.json<AnalysisResult>({
      ...{ columns, rows, ms },
      sql: withScope(analysis, scope),
      ...(period && before && { before: { ...period, rows: before.rows } }),
    });
  });

  app.get('/lakes/:lake/analyses/:name/export', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const format = exportFormatSchema.parse(context.req.query('format'));
    const language = exportLanguageSchema.parse(context.req.query('language'));
    const analysis = analysisOf(context.req.param('name'));
    const scope = scopeOf(context.req.query(), lake.today());
    const { signal } = context.req.raw;
    const result = await lake.analytics.runAnalysis(analysis.name, scope, { signal });
    return resultFile(result, format, fileName(analysis.name, scope), language);
  });

  app.get('/lakes/:lake/analyses/:name/rows', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const name = context.req.param('name');
    // One more than is shown tells whether there are more.
    const { sql } = rowsQuery(name, context.req.query(), lake.today(), ROWS_SHOWN + 1);
    const result = await lake.analytics.run(sql, { signal: context.req.raw.signal });
    const { columns, types, rows } = shown(result);
    return context.json<RowsBehind>({
      ...{ columns, types, rows: rows.slice(0, ROWS_SHOWN), ms: result.ms, sql },
      more: rows.length > ROWS_SHOWN,
    });
  });

  app.get('/lakes/:lake/analyses/:name/rows/export', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const name = context.req.param('name');
    const format = exportFormatSchema.parse(context.req.query('format'));
    const language = exportLanguageSchema.parse(context.req.query('language'));
    const { sql, scope } = rowsQuery(name, context.req.query(), lake.today(), ROWS_SAVED);
    const result = await lake.analytics.run(sql, { signal: context.req.raw.signal });
    return resultFile(result, format, `${fileName(name, scope)}_rows`, language);
  });

  return app;
}
