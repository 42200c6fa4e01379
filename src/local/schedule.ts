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
 * Runs something each day at an hour of a zone's clock, beginning with the next one: today's has
 * been made up for at the start, if its hour had passed by then.
 *
 * @returns what ends it
 */
export function everyDay(
  schedule: {
    readonly zone: string;
    readonly hour: number;
    readonly now: () => number;
  },
  run: () => void,
): () => void {
  const start = schedule.now();
  let lastRun = isRunDue(start, null, schedule) ? dayOf(start, schedule.zone) : null;
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
