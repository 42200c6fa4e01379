import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HeaderError, parseHeader } from './header.ts';
import type { Header, Rows } from './header.ts';
import { countMarks } from './scope.ts';
import type { Filter } from './scope.ts';

/** One file of `sql/`: what its header declares, and the query itself. */
export interface Analysis {
  /** Name of the file without `.sql`. */
  readonly name: string;
  readonly title: Header['title'];
  readonly question: Header['question'];
  /** Place in lists, from 1. */
  readonly order: number;
  /** Part of the dashboard and of the report where it stands. */
  readonly section: Header['section'];
  readonly timeZone: Header['time_zone'];
  readonly columns: Header['columns'];
  readonly chart: Chart;
  /** How to get from a row of the result to the rows behind it; absent where there is no way. */
  readonly rows?: Rows;
  /** What it can be narrowed by, besides the days: the marks that its text has. */
  readonly filters: readonly Filter[];
  /** The file as it is pasted into Athena. */
  readonly sql: string;
}

/** How an analysis is best drawn. */
export interface Chart {
  readonly kind: Header['chart']['kind'];
  /** Column along the axis, the labels of a ranking; absent in tiles and in a table. */
  readonly x?: string;
  /** Columns drawn: one or more numbers; in a heat map the one column of its rows. */
  readonly y: readonly string[];
  /** Column that splits the data into series, or the heat map's value. */
  readonly series?: string;
}

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
    chart: { kind, x, y = [], series },
    rows,
    ...header
  } = parseHeader(file, sql);
  const periods = countMarks(sql, 'period');
  if (periods !== 1) {
    throw new HeaderError(
      `${file}: ${periods} lines end in "-- period"; let exactly one do so, in the form ` +
        `"context_date >= current_date - INTERVAL '89' DAY -- period".`,
    );
  }
  return {
    name: file.replace(/\.sql$/, ''),
    ...header,
    order,
    timeZone,
    chart: {
      kind,
      ...(x === undefined ? {} : { x }),
      y: typeof y === 'string' ? [y] : y,
      ...(series === undefined ? {} : { series }),
    },
    ...(rows === undefined ? {} : { rows }),
    filters: (['chats', 'topics'] as const).filter((filter) => hasMark(file, sql, filter)),
    sql,
  };
}

/** Whether a file has a mark. @throws HeaderError when it stands there twice, or in another form */
function hasMark(file: string, sql: string, filter: Filter): boolean {
  const count = countMarks(sql, filter);
  const loose = sql.match(new RegExp(`-- ${filter}\\s*$`, 'gm'))?.length ?? 0;
  if (count > 1 || loose !== count) {
    throw new HeaderError(
      `${file}: lines ending in "-- ${filter}" are ${loose}, of which ${count} have the form ` +
        `"AND true -- ${filter}"; let at most one line end so, in that form.`,
    );
  }
  return count === 1;
}
