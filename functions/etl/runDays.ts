import { type Day, dayOf, daysInRange, parseDay, previousDay } from '../../src/lake/days.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { type DayRun, type RunOptions, runDay } from './runDay.ts';

/** Which days to run: those that a daily run at `time` is due, one day, or a range. */
export type DaysWanted =
  | { readonly time: number }
  | { readonly date: string }
  | { readonly from: string; readonly to: string };

/**
 * The days to run, in order. A daily run does the day before yesterday and yesterday, as the lake's
 * zone has it at the time of the event (Unix milliseconds): Telegram delivers up to 24 hours late.
 *
 * @throws DayError when a date is none, or the range ends before it starts
 */
export function daysToRun(wanted: DaysWanted, zone: string): Day[] {
  if ('date' in wanted) return [parseDay(wanted.date)];
  if ('from' in wanted) return daysInRange(parseDay(wanted.from), parseDay(wanted.to));
  const yesterday = previousDay(dayOf(wanted.time, zone));
  return [previousDay(yesterday), yesterday];
}

/** The days that have a Parquet file, in order. */
export async function closedDays(lake: Lake): Promise<Day[]> {
  const days: Day[] = [];
  for await (const { key } of lake.enriched.list('telegram/')) {
    const day = /^telegram\/context_date=(\d{4}-\d\d-\d\d)\/messages\.parquet$/.exec(key)?.[1];
    if (day !== undefined) days.push(day);
  }
  return days;
}

/** A day whose run failed. */
export interface DayFailure {
  readonly day: Day;
  readonly error: Error;
}

/** What became of several days. */
export interface DaysRun {
  readonly runs: readonly DayRun[];
  readonly failures: readonly DayFailure[];
}

/**
 * Runs days one after the other. One that fails does not stop the others.
 *
 * @param options.onRun is called after each day
 * @throws what `options.signal` aborts with
 */
export async function runDays(
  lake: Lake,
  days: readonly Day[],
  options: RunOptions & { readonly onRun?: (run: DayRun) => void },
): Promise<DaysRun> {
  const runs: DayRun[] = [];
  const failures: DayFailure[] = [];
  for (const day of days) {
    try {
      const run = await runDay(lake, day, options);
      runs.push(run);
      options.onRun?.(run);
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push({ day, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { runs, failures };
}
