import { addToDay, type Day, differenceInDays, isoWeekday } from '../lake/days.ts';
import type { Analysis } from './analyses.ts';
import type { QueryResult, ResultValue } from './result.ts';
import { type Period, periodBefore } from './scope.ts';

type Row = readonly ResultValue[];

/** What a column is in a comparison: it says which row this is, is compared, or only goes along. */
type Role = 'key' | 'measure' | 'other';

/** Units of places in the calendar: rows are told apart by them. */
const PLACES: ReadonlySet<string> = new Set([
  ...['day', 'week', 'month', 'iso_year', 'iso_week', 'weekday', 'hour'],
]);

const NUMBERS: ReadonlySet<string> = new Set(['bigint', 'double', 'integer']);

/** What a column is in a comparison. */
function roleOf({ columns, rows }: Analysis, name: string): Role {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) return 'other';
  const { type, unit } = column;
  if (rows && name in rows.by) return 'key';
  if (unit !== null && PLACES.has(unit)) return 'key';
  if (unit !== null && NUMBERS.has(type)) return 'measure';
  return rows || unit !== null ? 'other' : 'key';
}

/** Monday of the week that a day is in. */
function mondayOf(day: Day): Day {
  return addToDay(day, 1 - isoWeekday(day));
}

/** Monday of a year's first week by ISO 8601: the one with 4 January. */
function firstMonday(year: number): Day {
  return mondayOf(`${String(year).padStart(4, '0')}-01-04`);
}

/** Months since the year 0. */
function monthsOf(day: Day): number {
  return 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7)) - 1;
}

/**
 * Where values in the calendar lie in their period (the first day, the second week, …), and what lies
 * there in the period that follows.
 */
class Calendar {
  readonly #from: Day;
  readonly #next: Day;
  readonly #units: readonly (string | null)[];

  /** @param units of the columns; null for those that are no place in the calendar */
  constructor(period: Period, next: Period, units: readonly (string | null)[]) {
    this.#from = period.from;
    this.#next = next.from;
    this.#units = units;
  }

  /** A row of this period with its days, weeks and months in the next one. */
  shift(row: Row): Row {
    const years = this.#units.indexOf('iso_year');
    const weeks = this.#units.indexOf('iso_week');
    const shifted = row.map((value, index) => this.#shiftValue(value, this.#units[index] ?? null));
    if (years === -1 || weeks === -1) return shifted;
    const [year, week] = [row[years], row[weeks]];
    if (typeof year !== 'number' || typeof week !== 'number') return shifted;
    const monday = this.#shiftWeek(addToDay(firstMonday(year), 7 * (week - 1)));
    // A week belongs to the year of its Thursday.
    const newYear = Number(addToDay(monday, 3).slice(0, 4));
    const newWeek = differenceInDays(firstMonday(newYear), monday) / 7 + 1;
    return shifted.map((value, index) =>
      index === years ? newYear : index === weeks ? newWeek : value,
    );
  }

  #shiftWeek(monday: Day): Day {
    return addToDay(mondayOf(this.#next), differenceInDays(mondayOf(this.#from), monday));
  }

  #shiftValue(value: ResultValue, unit: string | null): ResultValue {
    if (typeof value !== 'string') return value;
    if (unit === 'day') return addToDay(this.#next, differenceInDays(this.#from, value));
    if (unit === 'week') return this.#shiftWeek(value);
    if (unit !== 'month') return value;
    const months = monthsOf(this.#next) + monthsOf(value) - monthsOf(this.#from);
    const year = String(Math.floor(months / 12)).padStart(4, '0');
    return `${year}-${String((months % 12) + 1).padStart(2, '0')}-01`;
  }
}

/**
 * One result with the same analysis of the period before beside it: each number is followed by what
 * it was (`…_before`) and the difference (`…_change`). Rows of the same chat, person, topic, … stand
 * in one line, and so do the first days, the first weeks and the first months of both periods. What
 * only one of them has comes with nulls; what only the period before has comes last.
 *
 * @param period of `now`; `before` is of the one right before it
 */
export function compareResults(
  analysis: Analysis,
  period: Period,
  now: QueryResult,
  before: QueryResult,
): QueryResult {
  const roles = now.columns.map((name) => roleOf(analysis, name));
  const units = now.columns.map(
    (name) => analysis.columns.find((column) => column.name === name)?.unit ?? null,
  );
  const calendar = new Calendar(periodBefore(period), period, units);
  const keyOf = (row: Row) => JSON.stringify(row.filter((_, index) => roles[index] === 'key'));
  const earlier = new Map(
    before.rows.map((row) => {
      const shifted = calendar.shift(row);
      return [keyOf(shifted), shifted];
    }),
  );
  const pairs: (readonly [now: Row | undefined, before: Row | undefined])[] = now.rows.map(
    (row) => [row, earlier.get(keyOf(row))],
  );
  const seen = new Set(now.rows.map(keyOf));
  for (const [key, row] of earlier) if (!seen.has(key)) pairs.push([undefined, row]);

  const names = now.columns.flatMap((name, index) =>
    roles[index] === 'measure' ? [name, `${name}_before`, `${name}_change`] : [name],
  );
  const types = now.types.flatMap((type, index) =>
    roles[index] === 'measure' ? [type, type, type] : [type],
  );
  const rows = pairs.map(([row, old]) =>
    now.columns.flatMap((_, index): Row => {
      const value = row?.[index] ?? null;
      const was = old?.[index] ?? null;
      if (roles[index] === 'measure') return [value, was, changeOf(value, was)];
      return [row === undefined ? was : value];
    }),
  );
  const bytes = [now.bytesScanned, before.bytesScanned].filter((each) => each !== undefined);
  return {
    columns: names,
    types,
    rows,
    ms: now.ms + before.ms,
    ...(bytes.length > 0 && { bytesScanned: bytes.reduce((sum, each) => sum + each, 0) }),
  };
}

/**
 * A comparison of results that have one row each, a line for each of their columns: in a table for
 * people, so many numbers beside each other cannot be read.
 */
export function compareTiles(now: QueryResult, before: QueryResult): QueryResult {
  const [row = []] = now.rows;
  const [old = []] = before.rows;
  return {
    columns: ['column', 'now', 'before', 'change'],
    types: ['varchar', 'double', 'double', 'double'],
    rows: now.columns.map((name, index) => {
      const [value, was] = [row[index] ?? null, old[index] ?? null];
      return [name, value, was, changeOf(value, was)];
    }),
    ms: now.ms + before.ms,
  };
}

/** Difference of two numbers; null where one is none. */
function changeOf(now: ResultValue, before: ResultValue): number | null {
  return typeof now === 'number' && typeof before === 'number' ? now - before : null;
}
