import { tzOffset } from '@date-fns/tz';
import { utc } from '@date-fns/utc';
import {
  addDays,
  differenceInCalendarDays,
  eachDayOfInterval,
  formatISO,
  getISODay,
  isValid,
  parseISO,
  subDays,
} from 'date-fns';

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

/** A text that names no day of the calendar; the message says what was expected. */
export class DayError extends Error {
  override readonly name = 'DayError';
}

/** Calendar days have no zone: they are counted in UTC, where every day has 24 hours. */
const calendar = { in: utc };

const MS_PER_MINUTE = 60_000;

/** Last millisecond of the year 9999: beyond, a day is no longer written YYYY-MM-DD. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function dateOf(day: Day): Date {
  return parseISO(parseDay(day), calendar);
}

function dayText(date: Date): Day {
  return formatISO(date, { ...calendar, representation: 'date' });
}

/** Offsets of a zone by the minute, in milliseconds: asking for one takes longer than reading a row. */
const offsets = new Map<number, number>();
let offsetsZone = '';

/** Minutes that are remembered at most: a week. */
const REMEMBERED = 7 * 24 * 60;

function offsetAt(time: number, zone: string): number {
  const minute = Math.floor(time / MS_PER_MINUTE);
  if (zone !== offsetsZone || offsets.size > REMEMBERED) {
    offsets.clear();
    offsetsZone = zone;
  }
  let offset = offsets.get(minute);
  if (offset === undefined) {
    offset = tzOffset(zone, new Date(time)) * MS_PER_MINUTE;
    offsets.set(minute, offset);
  }
  return offset;
}

/**
 * An instant on the wall clock of a zone, as if that clock showed UTC.
 *
 * @param time Unix milliseconds
 * @returns milliseconds; the offset of the zone is added
 */
export function wallClock(time: number, zone: string): number {
  return time + offsetAt(time, zone);
}

/**
 * The day that an instant falls on in a zone.
 *
 * @param time Unix milliseconds
 * @throws RangeError when the instant lies outside the years 0 to 9999
 */
export function dayOf(time: number, zone: string): Day {
  const iso = new Date(wallClock(time, zone)).toISOString();
  if (!/^\d/.test(iso)) throw new RangeError(`${time} ms is outside the years 0 to 9999.`);
  return iso.slice(0, 10);
}

/**
 * Event time of an update: its own, or else when it was received. An own time that no calendar
 * can hold (only a forged or damaged update has one) counts as none.
 *
 * @param ownTime Unix seconds, as `UpdateFacts.ownTime`
 * @param receivedAt Unix milliseconds
 * @returns Unix milliseconds
 */
export function eventTime(ownTime: number | null, receivedAt: number): number {
  if (ownTime === null) return receivedAt;
  const time = ownTime * 1000;
  // A day's margin, since the zone may shift the instant over the border.
  return time >= 0 && time <= LATEST - 24 * 60 * MS_PER_MINUTE ? time : receivedAt;
}

/**
 * Reads a day as people write it.
 *
 * @throws DayError when the text is not of the form YYYY-MM-DD or the calendar has no such day
 */
export function parseDay(text: string): Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    throw new DayError(`"${text}" is not a day: write it as YYYY-MM-DD, for instance 2026-11-22.`);
  }
  if (!isValid(parseISO(text, calendar))) {
    throw new DayError(`There is no day ${text} in the calendar.`);
  }
  return text;
}

/**
 * First instant of a day in a zone, Unix milliseconds. Not always midnight: where clocks go forward
 * at midnight the day starts at 01:00, and a day that a zone skipped starts where the next one does.
 */
export function startOfDayIn(day: Day, zone: string): number {
  const midnight = dateOf(day).getTime();
  // Midnight by the offset of the day before and of the day after; one of them is in force.
  const offsets = [subDays(midnight, 1, calendar), addDays(midnight, 1, calendar)];
  const candidates = offsets.map((date) => midnight - tzOffset(zone, date) * MS_PER_MINUTE);
  return Math.min(...candidates.filter((time) => dayOf(time, zone) >= day));
}

/** First instant after a day in a zone, Unix milliseconds. */
export function endOfDayIn(day: Day, zone: string): number {
  return startOfDayIn(nextDay(day), zone);
}

/** The day `count` days later; earlier when negative. */
export function addToDay(day: Day, count: number): Day {
  return dayText(addDays(dateOf(day), count, calendar));
}

/** The day after. */
export function nextDay(day: Day): Day {
  return addToDay(day, 1);
}

/** The day before. */
export function previousDay(day: Day): Day {
  return addToDay(day, -1);
}

/** Days from one day to another: 0 for the same, negative when `to` is earlier. */
export function differenceInDays(from: Day, to: Day): number {
  return differenceInCalendarDays(dateOf(to), dateOf(from), calendar);
}

/** The weekday of a day: 1 Monday to 7 Sunday. */
export function isoWeekday(day: Day): number {
  return getISODay(dateOf(day));
}

/**
 * All days of a range, both ends included, in order.
 *
 * @throws DayError when the range ends before it starts
 */
export function daysInRange(from: Day, to: Day): Day[] {
  if (to < from) throw new DayError(`The range from ${from} to ${to} ends before it starts.`);
  return eachDayOfInterval({ start: dateOf(from), end: dateOf(to) }, calendar).map(dayText);
}
