import { nameOfCode } from './codeNames.ts';
import type { ChartColumn, ChartValue } from './drawing.ts';
import { CHART_WORDS } from './words.ts';
import type { ChartLanguage } from './words.ts';

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;

/** Units of numbers that name something instead of counting it. */
const NAMES: ReadonlySet<string> = new Set(['hour', 'iso_week', 'iso_year']);

/** A number as the locale writes it. @param digits at most, after the decimal sign */
export function formatNumber(value: number, locale: string, digits = 1): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A share, 0 to 1, as a percentage. */
export function formatPercent(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    value,
  );
}

/** Milliseconds in the unit that reads best. */
export function formatMs(ms: number, locale: string): string {
  if (ms >= MS_PER_SECOND) return `${formatNumber(ms / MS_PER_SECOND, locale)} s`;
  return `${formatNumber(ms, locale, ms < 1 ? 2 : ms < 10 ? 1 : 0)} ms`;
}

/** A duration in the two units that read best: 45 s, 12 min, 1 h 05 min. @param seconds not negative */
export function formatDuration(seconds: number, locale: string): string {
  if (seconds < SECONDS_PER_MINUTE) return `${formatNumber(seconds, locale)} s`;
  const minutes = Math.round(seconds / SECONDS_PER_MINUTE);
  if (seconds < SECONDS_PER_HOUR && minutes < 60) return `${minutes} min`;
  const hours = formatNumber(Math.floor(minutes / 60), locale);
  return minutes % 60 === 0
    ? `${hours} h`
    : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
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

/** A month and its year. @param day its first day, `YYYY-MM-DD` */
export function formatMonth(day: string, locale: string): string {
  return formatCalendar(day, locale, { month: 'short', year: 'numeric' });
}

/**
 * A value of a result as people read it, by the type and unit of its column: shares in per cent,
 * times in the unit that reads best, days and months in the locale's way, codes by their names. Ids, years and other
 * numbers without a unit are names: no thousands are told apart in them.
 */
export function formatValue(
  value: ChartValue | undefined,
  column: Pick<ChartColumn, 'type' | 'unit'> | undefined,
  language: ChartLanguage,
): string {
  const { locale, none, yes, no, weekdays } = CHART_WORDS[language];
  if (value === null || value === undefined) return none;
  if (typeof value === 'boolean') return value ? yes : no;
  const unit = column?.unit ?? null;
  if (typeof value === 'string') {
    if (column?.type === 'date') {
      return unit === 'month' ? formatMonth(value, locale) : formatFullDay(value, locale);
    }
    if (column?.type === 'timestamp') return formatLocalTime(value, locale);
    return nameOfCode(value, unit, language);
  }
  if (unit === 'weekday') return weekdays[value - 1] ?? String(value);
  if (unit === null || NAMES.has(unit)) return String(value);
  if (unit === 'share') return formatPercent(value, locale);
  if (unit === 'ms') return formatMs(value, locale);
  if (unit === 'seconds') return formatDuration(value, locale);
  return formatNumber(value, locale);
}

/** Whether a column's numbers are set to the right, under each other. */
export function isNumeric(column: Pick<ChartColumn, 'type'> | undefined): boolean {
  return /^(bigint|integer|double)$/.test(column?.type ?? '');
}

/** Date and time as the text has them, in whatever zone it was written. @param text without a zone */
function formatLocalTime(text: string, locale: string): string {
  const time = new Date(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  }).format(time);
}

function formatCalendar(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  // A calendar day has no zone: read and written in UTC it stays itself.
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
