import { closedDays, daysToRun } from '../../functions/etl/runDays.ts';
import { type Day, dayOf, wallClock } from '../lake/days.ts';
import type { Lake } from '../lake/lake.ts';
import { listDays } from './listDays.ts';

/** How often the clock is looked at: a machine that slept at the hour catches up within this time. */
const LOOK_EVERY_MS = 60_000;

/**
 * Past days to run now: those that the daily run is due, and any before that have raw objects and no
 * file, for instance because this machine was off.
 */
export async function daysDue(lake: Lake, now: number): Promise<Day[]> {
  const today = dayOf(now, lake.zone);
  const withRaw = (await listDays(lake.raw)).filter((day) => day < today);
  const closed = new Set(await closedDays(lake));
  const daily = new Set(daysToRun({ time: now }, lake.zone));
  return withRaw.filter((day) => daily.has(day) || !closed.has(day));
}

/** Whether today's run is due: the hour has come, and it has not run yet. */
export function isRunDue(
  now: number,
  lastRun: Day | null,
  { zone, hour }: { readonly zone: string; readonly hour: number },
): boolean {
  return lastRun !== dayOf(now, zone) && new Date(wallClock(now, zone)).getUTCHours() >= hour;
}

/**
 * Runs something each day at an hour of a zone's clock.
 *
 * @param schedule.lastRun day on which it has already run
 * @returns what ends it
 */
export function everyDay(
  schedule: {
    readonly zone: string;
    readonly hour: number;
    readonly lastRun: Day | null;
    readonly now: () => number;
  },
  run: () => void,
): () => void {
  let { lastRun } = schedule;
  const timer = setInterval(() => {
    const now = schedule.now();
    if (!isRunDue(now, lastRun, schedule)) return;
    lastRun = dayOf(now, schedule.zone);
    run();
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
