import { wallClock } from '../src/lake/days.ts';

const MINUTE = 60_000;
const MINUTES_PER_DAY = 24 * 60;
const WEEK = 7 * MINUTES_PER_DAY * MINUTE;

/** Years whose offsets count: fixed ones, so that synth does not depend on the day it runs. */
const YEARS = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2036, 0, 1) };

/** All offsets from UTC that a zone's clocks have, in minutes, east positive. */
export function offsetsOf(zone: string): number[] {
  const offsets = new Set<number>();
  // No summer time is shorter than a week; the shortest, of Ramadan, is a month.
  for (let time = YEARS.from; time < YEARS.to; time += WEEK) {
    offsets.add((wallClock(time, zone) - time) / MINUTE);
  }
  return [...offsets].sort((a, b) => a - b);
}

/**
 * The time of a daily run in UTC, which knows no summer time: the earliest that is never before the
 * hour on the zone's clocks. Summer time makes it later by what clocks are put forward, so for 23 it
 * may be past midnight.
 *
 * @param hour 0 to 23, on the zone's clocks
 */
export function dailyRunUtc(
  zone: string,
  hour: number,
): { readonly hour: number; readonly minute: number } {
  const [smallest = 0] = offsetsOf(zone);
  const minutes = (hour * 60 - smallest + 2 * MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

/** EventBridge's expression for a daily run at that time. */
export function dailySchedule(zone: string, hour: number): string {
  const utc = dailyRunUtc(zone, hour);
  return `cron(${utc.minute} ${utc.hour} * * ? *)`;
}
