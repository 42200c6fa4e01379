import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DayError, parseDay } from '../lake/days.ts';
import type { Day } from '../lake/days.ts';
import { HeaderError, parseHeader } from './header.ts';
import type { Header } from './header.ts';

/** One file of `sql/`: what its header declares, and the query itself. */
export interface Analysis {
  /** Name of the file without `.sql`. */
  readonly name: string;
  readonly title: Header['title'];
  readonly question: Header['question'];
  /** Place in lists, from 1. */
  readonly order: number;
  readonly timeZone: Header['time_zone'];
  readonly columns: Header['columns'];
  readonly chart: {
    readonly kind: Header['chart']['kind'];
    readonly x: string;
    readonly y: string;
    /** Column that splits the data into series, or the heat map's value. */
    readonly series?: string;
  };
  /** The file as it is pasted into Athena. */
  readonly sql: string;
}

/** Days, both included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/** The line of an analysis that says which days it reads: the only one a runner replaces. */
const PERIOD_LINE = /^( *)context_date .*-- period$/gm;

/**
 * Reads all analyses of a folder, in the order that their headers give, the rest by name.
 *
 * @param folder usually the project's `sql/`
 * @throws HeaderError naming file and line, when a file is not as it should be
 */
export async function loadAnalyses(folder: string): Promise<readonly Analysis[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const analyses = await Promise.all(
    files.map(async (file) => parseAnalysis(file, await readFile(join(folder, file), 'utf8'))),
  );
  return analyses.sort((a, b) => a.order - b.order);
}

/** Makes an analysis of a file's text. @throws HeaderError */
export function parseAnalysis(file: string, sql: string): Analysis {
  const {
    time_zone: timeZone,
    order = Number.MAX_SAFE_INTEGER,
    chart,
    ...header
  } = parseHeader(file, sql);
  const marks = sql.match(PERIOD_LINE)?.length ?? 0;
  if (marks !== 1) {
    throw new HeaderError(
      `${file}: ${marks} lines end in "-- period"; let exactly one do so, in the form ` +
        `"context_date >= current_date - INTERVAL '89' DAY -- period".`,
    );
  }
  const { series, ...axes } = chart;
  return {
    name: file.replace(/\.sql$/, ''),
    ...header,
    order,
    timeZone,
    chart: series === undefined ? axes : { ...axes, series },
    sql,
  };
}

/**
 * The query of an analysis for other days than the 90 it reads by itself. Only typed date literals
 * are put into it, so nothing a caller passes can become SQL.
 *
 * @throws DayError when the period is not two days in order
 */
export function withPeriod(sql: string, period: Period): string {
  checkPeriod(period);
  return sql.replace(
    PERIOD_LINE,
    `$1context_date BETWEEN DATE '${period.from}' AND DATE '${period.to}' -- period`,
  );
}

/** @throws DayError when the period is not two days in order */
export function checkPeriod({ from, to }: Period): void {
  if (parseDay(from) > parseDay(to)) {
    throw new DayError(`${from} is after ${to}; put the earlier day first.`);
  }
}
