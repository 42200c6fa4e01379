import { formatDay, formatNumber } from '../../../src/charts/format.ts';
import type { Catalogue } from '../i18n/en.ts';
import { shift } from './period.ts';

// The report writes numbers and days in the same way.
export { formatMs, formatNumber } from '../../../src/charts/format.ts';

/** A score or share with exactly two digits. */
export function formatScore(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(value);
}

/** Bytes in the unit that reads best, of 1,000 each. */
export function formatBytes(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1000
      ? [bytes, 'B']
      : bytes < 1e6
        ? [bytes / 1000, 'kB']
        : bytes < 1e9
          ? [bytes / 1e6, 'MB']
          : [bytes / 1e9, 'GB'];
  return `${formatNumber(value, locale)} ${unit}`;
}

/** US dollars to two digits that count: a query costs fractions of a cent. */
export function formatDollars(dollars: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    maximumSignificantDigits: 2,
  }).format(dollars);
}

/** Time of day in a zone. @param at ISO 8601 */
export function formatTime(at: string, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(new Date(at));
}

/** Date and time to the second in a zone. @param at ISO 8601 */
export function formatInstant(at: string, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
  }).format(new Date(at));
}

/** The day an instant falls on in a zone, `YYYY-MM-DD`. @param at ISO 8601 */
export function dayOf(at: string, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(at));
}

/** A day as one says it: today, yesterday, or 20 Nov. */
export function sayDay(day: string, today: string, text: Catalogue): string {
  if (day === today) return text.freshness.today;
  if (day === shift(today, -1)) return text.freshness.yesterday;
  return formatDay(day, text.locale);
}

/** When something was, as one says it: 12:04, yesterday 12:04, 20 Nov 12:04. */
export function sayTime(at: string, today: string, zone: string, text: Catalogue): string {
  const day = dayOf(at, zone);
  const time = formatTime(at, text.locale, zone);
  return day === today ? time : `${sayDay(day, today, text)} ${time}`;
}

/** Days from and to as one says them: the year and the month stand once where they can. */
export function formatPeriod(
  { from, to }: { readonly from: string; readonly to: string },
  locale: string,
): string {
  const written = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const [start, end] = [from, to].map((day) => new Date(`${day}T00:00:00Z`));
  return start && end ? written.formatRange(start, end) : '';
}

/** Day and time as a text has them, on the clock that it was written by. @param text ISO, no zone */
export function formatWallClock(text: string, locale: string): string {
  const time = new Date(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  }).format(time);
}
