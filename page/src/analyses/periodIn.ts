import { isDay, lastDays } from '../shared/period.ts';
import type { Period } from '../shared/period.ts';

/** Periods one click away, in days up to today. */
export const PERIODS = [7, 30, 90] as const;

const DEFAULT = 30;

/**
 * The period that the query names: `from` and `to`, or the last `days`; 30 days when it names none.
 *
 * @returns `days` is null for a period from–to
 */
export function periodIn(
  params: URLSearchParams,
  today: string,
): { readonly period: Period; readonly days: number | null } {
  const from = params.get('from') ?? '';
  const to = params.get('to') ?? '';
  if (isDay(from) && isDay(to) && from <= to) return { period: { from, to }, days: null };
  const wish = Number(params.get('days'));
  const days = PERIODS.find((one) => one === wish) ?? DEFAULT;
  return { period: lastDays(days, today), days };
}
