import type { Period } from '../analytics/scope.ts';
import type { Language } from '../config/config.ts';
import { addToDay, dayOf, previousDay } from '../lake/days.ts';
import type { Day } from '../lake/days.ts';
import { collect } from './collect.ts';
import type { ReportRequest } from './collect.ts';
import { reportHtml } from './reportHtml.ts';

/** Days of a report that nobody gave a period. */
const USUAL_DAYS = 30;

/** A report that was made. */
export interface Report {
  /** A whole HTML file, UTF-8. */
  readonly html: string;
  /** The name that such a file has where none is given. */
  readonly fileName: string;
  readonly period: Period;
  /** The last day of the period that is in the table; null when none is. */
  readonly lastClosed: Day | null;
  /** Whether nothing is in the table of these days; the file says so, too. */
  readonly isEmpty: boolean;
  /** Analyses that could not be asked, with the reason; the file says so in their places. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

/** The last so many days that are over. @param now Unix milliseconds */
export function usualPeriod(now: number, zone: string, days = USUAL_DAYS): Period {
  const to = previousDay(dayOf(now, zone));
  return { from: addToDay(to, 1 - days), to };
}

/**
 * Makes the report of a period: every analysis of `sql/` as tiles, charts and tables, in one file
 * that needs no network and no scripts.
 *
 * @throws DayError when the period is not two days in order, or has not begun yet; QueryError when
 *   no analysis can be asked
 */
export async function makeReport(
  request: ReportRequest & { readonly language: Language; readonly subject: string },
): Promise<Report> {
  const collected = await collect(request);
  const { period, lastClosed, isEmpty, parts } = collected;
  return {
    html: reportHtml(collected, request),
    fileName: `report-${period.from}-${period.to}.html`,
    period,
    lastClosed,
    isEmpty,
    failures: parts.flatMap(({ analysis, error }) =>
      error === null ? [] : [{ name: analysis.name, reason: error }],
    ),
  };
}
