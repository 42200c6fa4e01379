import { readFile, writeFile } from 'node:fs/promises';

import { type Analysis, loadAnalyses } from '../../analytics/analyses.ts';
import { compareResults, compareTiles } from '../../analytics/compare.ts';
import { openAnalytics } from '../../analytics/duckdb.ts';
import type { Engine } from '../../analytics/engine.ts';
import { type Format, formatResult, rowObjects } from '../../analytics/format.ts';
import type { QueryResult } from '../../analytics/result.ts';
import { type Period, type Scope, periodBefore } from '../../analytics/scope.ts';
import { DayError, addToDay, dayOf, parseDay } from '../../lake/days.ts';
import { SQL_FOLDER } from '../../local/paths.ts';
import { checkTarget } from '../checkTarget.ts';
import {
  type CommandContext,
  type CommonOptions,
  enrichedFolder,
  openCommandLake,
} from '../context.ts';
import { UsageError } from '../errors.ts';
import { footer, progressLine } from '../queryFooter.ts';

export interface QueryOptions extends CommonOptions {
  readonly list?: boolean;
  readonly on: 'athena' | 'local';
  /** Minutes that a result of Athena may be old. */
  readonly reuse: number;
  readonly sql?: string;
  readonly from?: string;
  readonly to?: string;
  readonly chats?: readonly number[];
  readonly topics?: readonly string[];
  readonly compare?: boolean;
  readonly format?: Format;
  readonly output?: string;
}

/** Days of an analysis that nobody gave a period. */
const DEFAULT_DAYS = 90;

/** What was asked for, and the queries that answer it. */
interface Answer {
  readonly result: QueryResult;
  readonly runs: readonly QueryResult[];
  /** When two periods were compared: both, with the rows of each. */
  readonly compared?: readonly { readonly period: Period; readonly result: QueryResult }[];
}

function periodOf({ from, to }: QueryOptions, today: string): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) {
    throw new UsageError('A period has two ends: name --from and --to.');
  }
  const period = { from: parseDay(from), to: parseDay(to) };
  if (period.from > period.to) {
    throw new DayError(`--from ${from} is after --to ${to}: put the earlier day first.`);
  }
  if (period.from > today) {
    throw new DayError(`--from ${from} is in the future: today is ${today}.`);
  }
  return period;
}

async function readQuery(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--sql ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** @throws UsageError when what is asked for is not exactly one thing */
function checkOptions(name: string | undefined, options: QueryOptions): void {
  const { sql, lake, on, from, to, chats, topics, compare } = options;
  if (sql === undefined && name === undefined) {
    throw new UsageError('Name an analysis. Those there are: chatbot query --list');
  }
  if (sql !== undefined && name !== undefined) {
    throw new UsageError('Name an analysis or a file with --sql, not both.');
  }
  const narrowed = Object.entries({ from, to, chats, topics, compare })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => `--${option}`);
  if (sql !== undefined && narrowed.length > 0) {
    throw new UsageError(
      `A query of your own says itself what it reads: leave out ${narrowed.join(', ')}.`,
    );
  }
  if (on === 'athena' && lake === 'sample') {
    throw new UsageError('The sample lake is only on this machine: leave out --on athena.');
  }
}

function find({ analyses }: Engine, name: string): Analysis {
  const analysis = analyses.find((candidate) => candidate.name === name);
  if (analysis) return analysis;
  const names = analyses.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`There is no analysis "${name}"; there are ${names}.`);
}

function formatOf({ format, json }: QueryOptions): Format {
  return format ?? (json ? 'json' : 'table');
}

/** Runs what is asked for. */
async function ask(
  context: CommandContext,
  engine: Engine,
  name: string | undefined,
  options: QueryOptions,
): Promise<Answer> {
  const { config, output, signal } = context;
  const runOptions = {
    signal,
    onProgress: (progress: Parameters<typeof progressLine>[0]) => {
      output.progress(progressLine(progress));
    },
  };
  if (name === undefined) {
    const result = await engine.run(await readQuery(options.sql ?? ''), runOptions);
    return { result, runs: [result] };
  }
  const analysis = find(engine, name);
  const today = dayOf(context.now(), config.zone);
  const given = periodOf(options, today);
  if (given && given.to > today) {
    output.note(`${given.to} is in the future: there is nothing yet after today, ${today}.`);
  }
  const { chats = [], topics = [] } = options;
  if (!options.compare) {
    const scope: Scope = { ...(given && { period: given }), chats, topics };
    const result = await engine.runAnalysis(name, scope, runOptions);
    return { result, runs: [result] };
  }
  const period = given ?? { from: addToDay(today, 1 - DEFAULT_DAYS), to: today };
  const earlier = periodBefore(period);
  const now = await engine.runAnalysis(name, { period, chats, topics }, runOptions);
  const before = await engine.runAnalysis(name, { period: earlier, chats, topics }, runOptions);
  const isTable = formatOf(options) === 'table';
  return {
    result:
      isTable && analysis.chart.kind === 'tiles'
        ? compareTiles(now, before)
        : compareResults(analysis, period, now, before),
    runs: [now, before],
    compared: [
      { period, result: now },
      { period: earlier, result: before },
    ],
  };
}

/** A comparison as JSON: both periods, each with its rows as they are. */
function comparisonJson([now, before]: NonNullable<Answer['compared']>): string {
  const side = (one: typeof now) => one && { ...one.period, rows: rowObjects(one.result) };
  return `${JSON.stringify({ ...side(now), before: side(before) }, null, 2)}\n`;
}

/** The analyses with the questions they answer. */
async function list({ output, config }: CommandContext, json: boolean): Promise<void> {
  const analyses = await loadAnalyses(SQL_FOLDER);
  if (json) {
    const named = analyses.map(({ name, title, question }) => ({ name, title, question }));
    output.print(JSON.stringify(named));
    return;
  }
  const width = Math.max(...analyses.map(({ name }) => name.length));
  for (const { name, question } of analyses) {
    output.print(`${name.padEnd(width)}  ${question[config.language]}`);
  }
}

async function open(context: CommandContext, options: QueryOptions): Promise<Engine> {
  if (options.on === 'athena') {
    // AWS's client takes a while to load, and a query on this machine does not need it.
    const { openAthena } = await import('../openAthena.ts');
    return openAthena(context.config, options.reuse);
  }
  await openCommandLake(context, options.lake);
  return openAnalytics({
    enrichedFolder: enrichedFolder(context, options.lake),
    sqlFolder: SQL_FOLDER,
  });
}

/** `chatbot query`: runs an analysis, or a SELECT of one's own, on a lake. */
export async function query(
  context: CommandContext,
  name: string | undefined,
  options: QueryOptions,
): Promise<void> {
  const { output } = context;
  if (options.list) {
    await list(context, options.json === true);
    return;
  }
  const format = formatOf(options);
  if (format === 'parquet' && options.output === undefined && output.isTerminal) {
    throw new UsageError('Parquet is not for reading on a terminal: name a file with --output.');
  }
  checkOptions(name, options);
  if (options.output !== undefined) await checkTarget(options.output);
  const engine = await open(context, options);
  try {
    const { result, runs, compared } = await ask(context, engine, name, options);
    const content =
      compared && format === 'json' ? comparisonJson(compared) : await formatResult(result, format);
    const said = footer(result.rows.length, runs);
    if (options.output === undefined) {
      output.write(content);
      output.note(said);
    } else {
      await writeFile(options.output, content);
      output.note(`${said} · written to ${options.output}`);
    }
    if (name !== undefined && result.rows.length === 0) {
      const isNarrowed = options.chats !== undefined || options.topics !== undefined;
      output.note(
        isNarrowed
          ? 'Nothing of these chats or topics in these days.'
          : 'Nothing in these days: each day has its rows once the ETL has run for it.',
      );
    }
  } finally {
    engine.close();
  }
}
