import type { Catalogue } from '../i18n/en.ts';
import { shift } from './period.ts';

/** A number as the locale writes it. @param digits at most, after the decimal sign */
export function formatNumber(value: number, locale: string, digits = 1): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A score or share with exactly two digits. */
export function formatScore(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(value);
}

/** A share, 0 to 1, as a percentage. */
export function formatPercent(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    value,
  );
}

/** Bytes in the unit that reads best, of 1,000 each. */
export function formatBytes(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1000 ? [bytes, 'B'] : bytes < 1e6 ? [bytes / 1000, 'kB'] : [bytes / 1e6, 'MB'];
  return `${formatNumber(value, locale)} ${unit}`;
}

/** Milliseconds in the unit that reads best. */
export function formatMs(ms: number, locale: string): string {
  if (ms >= 1000) return `${formatNumber(ms / 1000, locale)} s`;
  return `${formatNumber(ms, locale, ms < 1 ? 2 : ms < 10 ? 1 : 0)} ms`;
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

/** A calendar day, short: 22 Nov. @param day `YYYY-MM-DD` */
export function formatDay(day: string, locale: string): string {
  return formatCalendar(day, locale, { day: 'numeric', month: 'short' });
}

/** A calendar day with its weekday and year. @param day `YYYY-MM-DD` */
export function formatFullDay(day: string, locale: string): string {
  return formatCalendar(day, locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
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

function formatCalendar(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  // A calendar day has no zone: read and written in UTC it stays itself.
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
