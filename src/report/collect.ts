import pMap from 'p-map';

import type { Analysis } from '../analytics/analyses.ts';
import type { Engine } from '../analytics/engine.ts';
import type { QueryResult } from '../analytics/result.ts';
import { checkPeriod, periodBefore } from '../analytics/scope.ts';
import type { Period, Scope } from '../analytics/scope.ts';
import type { Language } from '../config/config.ts';
import { DayError, dayOf } from '../lake/days.ts';
import type { Day } from '../lake/days.ts';

/** Queries that Athena runs for us at a time; DuckDB has as many processors as there are. */
const AT_A_TIME = 4;

/**
 * Left out: its rows are weeks, and over a period its drawing is that of messages_heat_map, which
 * stands in the report.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['messages_per_hour_and_weekday']);

/** What a report or a digest is made of. */
export interface ReportRequest {
  readonly engine: Engine;
  readonly period: Period;
  /** The lake's zone. */
  readonly zone: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Only these chats, in the analyses that can be narrowed to chats. */
  readonly chats?: readonly number[];
  /** A topic's title, by the intent that answers name; null for one that is gone, or a command. */
  readonly topicTitle?: (intent: string) => Readonly<Record<Language, string>> | null;
  readonly signal?: AbortSignal;
  /** Told after each query. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One analysis's answer, or why there is none. */
export interface Part {
  readonly analysis: Analysis;
  readonly result: QueryResult | null;
  /** null when nothing is compared. */
  readonly before: QueryResult | null;
  /** Why the query failed; null when it did not. */
  readonly error: string | null;
  /** Whether the chats were asked for and the analysis cannot be narrowed to them. */
  readonly isWide: boolean;
}

/** All answers over a period. */
export interface Collected {
  readonly period: Period;
  readonly before: Period;
  readonly parts: readonly Part[];
  /** The last day of the period that is in the table; null when none is. */
  readonly lastClosed: Day | null;
  /** Whether nothing at all is in the table of these days. */
  readonly isEmpty: boolean;
}

/**
 * @throws DayError when a period is not two days in order, or has not begun yet
 */
export function checkReportPeriod(
  period: Period,
  { now, zone }: { readonly now: number; readonly zone: string },
): void {
  checkPeriod(period);
  const today = dayOf(now, zone);
  if (period.from > today) {
    throw new DayError(
      `${period.from} is in the future: today is ${today} in ${zone}. Name days that have begun.`,
    );
  }
}

/**
 * Runs all analyses over a period; tiles over the period before as well. One that fails does not
 * stop the others.
 *
 * @throws DayError as `checkReportPeriod`; what `signal` aborts with; the first error when all fail
 */
export async function collect(request: ReportRequest): Promise<Collected> {
  const { engine, period, chats = [], signal, onProgress } = request;
  checkReportPeriod(period, request);
  const before = periodBefore(period);
  const analyses = engine.analyses.filter(({ name }) => !LEFT_OUT.has(name));
  let done = 0;
  const errors: unknown[] = [];
  const parts = await pMap(
    analyses,
    async (analysis): Promise<Part> => {
      const isWide = chats.length > 0 && !analysis.filters.includes('chats');
      const ask = (days: Period) => {
        const scope: Scope = { period: days, ...(isWide ? {} : { chats }) };
        return engine.runAnalysis(analysis.name, scope, { ...(signal && { signal }) });
      };
      try {
        const result = await ask(period);
        const compared = analysis.chart.kind === 'tiles' ? await ask(before) : null;
        return { analysis, result, before: compared, error: null, isWide };
      } catch (error) {
        signal?.throwIfAborted();
        errors.push(error);
        const reason = error instanceof Error ? error.message : String(error);
        return { analysis, result: null, before: null, error: reason, isWide };
      } finally {
        onProgress?.(++done, analyses.length);
      }
    },
    { concurrency: AT_A_TIME },
  );
  if (errors.length > 0 && errors.length === parts.length) throw errors[0];
  return { period, before, parts, lastClosed: lastClosedOf(parts), isEmpty: parts.every(isEmpty) };
}

/** The last day that any analysis by days has a row of. */
function lastClosedOf(parts: readonly Part[]): Day | null {
  let last: Day | null = null;
  for (const { result } of parts) {
    const at = result?.columns.indexOf('context_date') ?? -1;
    if (result === null || at === -1) continue;
    for (const row of result.rows) {
      const day = row[at];
      if (typeof day === 'string' && (last === null || day > last)) last = day;
    }
  }
  return last;
}

/** Whether a part tells of nothing; one row of numbers tells so by zeros. */
function isEmpty({ analysis, result }: Part): boolean {
  if (result === null) return false;
  if (analysis.section === 'quality') return true;
  return analysis.chart.kind === 'tiles'
    ? result.rows.every((row) => row.every((value) => value === null || value === 0))
    : result.rows.length === 0;
}
