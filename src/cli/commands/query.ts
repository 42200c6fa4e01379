import { readFile, writeFile } from 'node:fs/promises';

import { openAnalytics } from '../../analytics/duckdb.ts';
import type { Engine } from '../../analytics/engine.ts';
import { type Format, formatResult } from '../../analytics/format.ts';
import type { QueryResult } from '../../analytics/result.ts';
import type { Period } from '../../analytics/scope.ts';
import { parseDay } from '../../lake/days.ts';
import { SQL_FOLDER } from '../../local/paths.ts';
import { amount } from '../../local/report.ts';
import {
  type CommandContext,
  type CommonOptions,
  enrichedFolder,
  openCommandLake,
} from '../context.ts';
import { UsageError } from '../errors.ts';

export interface QueryOptions extends CommonOptions {
  readonly list?: boolean;
  readonly file?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format?: Format;
  readonly output?: string;
}

function periodOf({ from, to }: QueryOptions): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) {
    throw new UsageError('A period has two ends: name --from and --to.');
  }
  return { from: parseDay(from), to: parseDay(to) };
}

async function readQuery(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--file ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Runs what is asked for. @throws UsageError when that is not exactly one thing */
async function ask(
  analytics: Engine,
  name: string | undefined,
  options: QueryOptions,
  signal: AbortSignal,
): Promise<QueryResult> {
  const period = periodOf(options);
  if (options.file !== undefined) {
    if (name !== undefined) throw new UsageError('Name an analysis or a --file, not both.');
    if (period)
      throw new UsageError('A --file says itself which days it reads: leave out --from and --to.');
    return analytics.run(await readQuery(options.file), { signal });
  }
  if (name === undefined) {
    throw new UsageError('Name an analysis. Those there are: chatbot query --list');
  }
  return analytics.runAnalysis(name, period ? { period } : {}, { signal });
}

/** The analyses with the questions they answer. */
function list({ analyses }: Engine, { output, config }: CommandContext, json: boolean): void {
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

/** `chatbot query`: runs an analysis, or a SELECT of one's own, on a lake. */
export async function query(
  context: CommandContext,
  name: string | undefined,
  options: QueryOptions,
): Promise<void> {
  const { output, signal } = context;
  const format = options.format ?? (options.json ? 'json' : 'table');
  if (format === 'parquet' && options.output === undefined && output.isTerminal) {
    throw new UsageError('Parquet is not for reading on a terminal: name a file with --output.');
  }
  if (!options.list) await openCommandLake(context, options.lake);
  const analytics = await openAnalytics({
    enrichedFolder: enrichedFolder(context, options.lake),
    sqlFolder: SQL_FOLDER,
  });
  try {
    if (options.list) {
      list(analytics, context, options.json === true);
      return;
    }
    const result = await ask(analytics, name, options, signal);
    const content = await formatResult(result, format);
    if (options.output === undefined) {
      output.write(content);
      return;
    }
    await writeFile(options.output, content);
    output.note(`${amount(result.rows.length, 'row')} written to ${options.output}`);
  } finally {
    analytics.close();
  }
}
