import { addToDay, daysInRange, isoWeekday } from '../lake/days.ts';
import type { ChartColumn } from './drawing.ts';
import { formatDay, formatFullDay, formatMonth } from './format.ts';

/** Days that a chart shows at least, however young the lake is. */
const LEAST_DAYS = 7;

/** A time axis: the days that stand on it, and how they are written there. */
export interface TimeAxis {
  /** Days, or the first days of weeks or months, in order. */
  readonly days: readonly string[];
  /** A day in full, for tooltips. */
  readonly name: (day: string, locale: string) => string;
  /** A day as short as an axis needs it. */
  readonly label: (day: string, locale: string) => string;
}

/**
 * The axis of a period in the steps that a column's unit says: days, weeks (from Monday), months.
 *
 * @param first the first day that has anything: what lies before is not zero but not there
 */
export function timeAxis(
  column: ChartColumn | undefined,
  period: { readonly from: string; readonly to: string },
  first: string,
): TimeAxis {
  const unit = column?.unit ?? null;
  if (unit === 'month') {
    const days = daysFrom(startOfMonth(period.from), period.to, first);
    return {
      days: [...new Set(days.map(startOfMonth))],
      name: formatMonth,
      label: formatMonth,
    };
  }
  if (unit === 'week') {
    const days = daysFrom(startOfWeek(period.from), period.to, first);
    return {
      days: [...new Set(days.map(startOfWeek))],
      name: formatFullDay,
      label: formatDay,
    };
  }
  const week = addToDay(period.to, 1 - LEAST_DAYS);
  return {
    days: daysFrom(period.from, period.to, first < week ? first : week),
    name: formatFullDay,
    label: formatDay,
  };
}

function daysFrom(from: string, to: string, first: string): readonly string[] {
  const start = first > from && first <= to ? first : from;
  return daysInRange(start, to);
}

function startOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function startOfWeek(day: string): string {
  return addToDay(day, 1 - isoWeekday(day));
}
