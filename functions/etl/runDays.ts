import pMap, { pMapIterable } from 'p-map';

import { type Day, dayOf, daysInRange, parseDay, previousDay } from '../../src/lake/days.ts';
import { COLUMNS_VERSION } from '../../src/lake/columns.ts';
import { dayOfKey, parquetKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { readDayFile } from './dayFile.ts';
import type { DayRun } from './dayRun.ts';
import { type RunOptions, runDay } from './runDay.ts';

/**
 * Which days to run: those that a daily run at `time` is due, one day, a range, or those whose files
 * lack columns of today.
 */
export type DaysWanted =
  | { readonly outdated: true }
  | { readonly time: number }
  | { readonly date: string }
  | { readonly from: string; readonly to: string };

/** Days looked at, or run, at a time: each waits for its store most of the time. */
export const SIDE_BY_SIDE = 4;

/** The days whose file this program has written with an older column list, in order. */
async function outdatedDays(lake: Lake): Promise<Day[]> {
  const days = await closedDays(lake);
  const isOutdated = await pMap(
    days,
    async (day) => {
      const file = await readDayFile(lake.enriched, day);
      return file?.summary ? Number(file.summary.columns_version) < COLUMNS_VERSION : false;
    },
    { concurrency: SIDE_BY_SIDE },
  );
  return days.filter((_, index) => isOutdated[index]);
}

/** The days to run, see daysToRun; which are outdated, the lake tells. @throws DayError */
export async function findDays(wanted: DaysWanted, lake: Lake): Promise<Day[]> {
  return 'outdated' in wanted ? outdatedDays(lake) : daysToRun(wanted, lake.zone);
}

/**
 * The days to run, in order. A daily run does the day before yesterday and yesterday, as the lake's
 * zone has it at the time of the event (Unix milliseconds): Telegram delivers up to 24 hours late.
 *
 * @throws DayError when a date is none, or the range ends before it starts
 */
export function daysToRun(
  wanted: Exclude<DaysWanted, { readonly outdated: true }>,
  zone: string,
): Day[] {
  if ('date' in wanted) return [parseDay(wanted.date)];
  if ('from' in wanted) return daysInRange(parseDay(wanted.from), parseDay(wanted.to));
  const yesterday = previousDay(dayOf(wanted.time, zone));
  return [previousDay(yesterday), yesterday];
}

/** The days that have a Parquet file, in order. */
export async function closedDays(lake: Lake): Promise<Day[]> {
  const days: Day[] = [];
  for await (const { key } of lake.enriched.list('telegram/')) {
    const day = dayOfKey(key);
    if (day !== undefined && key === parquetKey(day)) days.push(day);
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
 * Runs days, several side by side when told so. One that fails does not stop the others; run again,
 * days that were written are skipped, so that a long range goes on where it stopped.
 *
 * @param options.sideBySide days at a time at most; one after the other unless told
 * @param options.onRun is called after each day, in their order
 * @returns in the order of the days
 * @throws what `options.signal` aborts with
 */
export async function runDays(
  lake: Lake,
  days: readonly Day[],
  options: RunOptions & {
    readonly sideBySide?: number;
    readonly onRun?: (run: DayRun) => void;
  },
): Promise<DaysRun> {
  const { sideBySide = 1, signal, onRun } = options;
  const run = async (day: Day): Promise<DayFailure | DayRun> => {
    try {
      return await runDay(lake, day, options);
    } catch (error) {
      signal?.throwIfAborted();
      return { day, error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  const runs: DayRun[] = [];
  const failures: DayFailure[] = [];
  for await (const result of pMapIterable(days, run, { concurrency: sideBySide })) {
    if ('error' in result) failures.push(result);
    else {
      runs.push(result);
      onRun?.(result);
    }
  }
  return { runs, failures };
}
