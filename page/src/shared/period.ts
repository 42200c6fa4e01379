import { addDays, differenceInCalendarDays, formatISO, isValid, parseISO } from 'date-fns';

/** Days from and to, `YYYY-MM-DD`, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The last so many days up to and including a day. */
export function lastDays(days: number, today: string): Period {
  return { from: shift(today, 1 - days), to: today };
}

/** How many days a period holds. */
export function lengthOf({ from, to }: Period): number {
  return differenceInCalendarDays(parseISO(to), parseISO(from)) + 1;
}

/** The period of the same length right before. */
export function periodBefore(period: Period): Period {
  const length = lengthOf(period);
  return { from: shift(period.from, -length), to: shift(period.from, -1) };
}

/** Every day of a period, in order. */
export function daysOf(period: Period): readonly string[] {
  const length = lengthOf(period);
  return Array.from({ length }, (_, index) => shift(period.to, index - length + 1));
}

/** Whether a text is a calendar day. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isValid(parseISO(text));
}

/** The day so many days later; earlier when negative. */
export function shift(day: string, days: number): string {
  return formatISO(addDays(parseISO(day), days), { representation: 'date' });
}
