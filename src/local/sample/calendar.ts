import { isoWeekday } from '../../lake/days.ts';
import type { Day } from '../../lake/days.ts';
import type { Random } from './random.ts';

/** Days of the sample, today included. */
export const DAYS = 60;

/** Day of the shop's campaign, from 0: many come, most of them through its link. */
export const CAMPAIGN = { index: 41, payload: 'primavera', factor: 3.2 } as const;

/** Monday to Sunday: the shop is open from Tuesday to Saturday. */
const WEEKDAYS: readonly number[] = [0.85, 1.05, 1.05, 1.1, 1.2, 0.8, 0.45];

/** From midnight on, by hour. */
const HOURS: readonly number[] = [
  ...[1, 0.4, 0.2, 0.1, 0.1, 0.3, 1, 3, 6, 9, 11, 10],
  ...[8, 8, 10, 10, 9, 8, 8, 9, 10, 9, 6, 3],
];

/** How busy a day is: 1 on an ordinary Tuesday in the middle of the sample. */
export function business(index: number, day: Day): number {
  const growth = 0.65 + (0.7 * index) / DAYS;
  const after = index === CAMPAIGN.index + 1 ? 1.6 : 1;
  const campaign = index === CAMPAIGN.index ? CAMPAIGN.factor : after;
  return growth * (WEEKDAYS[isoWeekday(day) - 1] ?? 1) * campaign;
}

/** A time of day at which people write, in seconds after the day's start. */
export function timeOfDay(random: Random): number {
  return random.weighted(HOURS) * 3600 + random.between(0, 3599);
}
