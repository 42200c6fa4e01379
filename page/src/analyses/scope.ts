import { endOfMonth, formatISO, parseISO, startOfMonth, subMonths } from 'date-fns';
import { isDay, lastDays, shift } from '../shared/period.ts';
import type { Period } from '../shared/period.ts';
import type { Analysis } from './analysis.ts';

/** Periods one click away; they move on with the days. */
export const PRESETS = [
  'today',
  'yesterday',
  '7d',
  '30d',
  '90d',
  '12m',
  'month',
  'last-month',
] as const;

/** One of {@link PRESETS}. */
export type Preset = (typeof PRESETS)[number];

const DEFAULT: Preset = '30d';

/** Why days that a URL names cannot be shown. */
export type PeriodProblem = 'future' | 'reversed' | 'unreadable';

/** What the whole dashboard is about. */
export interface Scope {
  readonly period: Period;
  /** null for a period chosen in the calendar. */
  readonly preset: Preset | null;
  /** null when the days are good; else `period` is not what was asked for. */
  readonly problem: PeriodProblem | null;
  /** Ids; empty for all. */
  readonly chats: readonly number[];
  /** Intents; empty for all. */
  readonly topics: readonly string[];
  /** Whether the period before is drawn and listed, too. */
  readonly compare: boolean;
}

/** What of it one analysis is asked for. */
export interface Question {
  readonly period: Period;
  readonly chats: readonly number[];
  readonly topics: readonly string[];
}

/** Reads the scope from the query: 30 days of everything when it says nothing. */
export function scopeIn(params: URLSearchParams, today: string): Scope {
  return {
    ...periodIn(params, today),
    chats: listed(params, 'chats').map(Number).filter(Number.isSafeInteger),
    topics: listed(params, 'topics'),
    compare: params.get('compare') === '1',
  };
}

function periodIn(
  params: URLSearchParams,
  today: string,
): Pick<Scope, 'period' | 'preset' | 'problem'> {
  const from = params.get('from');
  const to = params.get('to');
  const wish = params.get('period');
  const preset = PRESETS.find((one) => one === wish) ?? DEFAULT;
  if (from === null && to === null) {
    return { period: presetPeriod(preset, today), preset, problem: null };
  }
  const problem = problemOf(from ?? '', to ?? '', today);
  if (problem) return { period: presetPeriod(DEFAULT, today), preset: null, problem };
  return { period: { from: from ?? '', to: to ?? '' }, preset: null, problem: null };
}

function problemOf(from: string, to: string, today: string): PeriodProblem | null {
  if (!isDay(from) || !isDay(to)) return 'unreadable';
  if (from > to) return 'reversed';
  return from > today ? 'future' : null;
}

/** The days of a preset. @param today YYYY-MM-DD */
export function presetPeriod(preset: Preset, today: string): Period {
  switch (preset) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: shift(today, -1), to: shift(today, -1) };
    case '7d':
      return lastDays(7, today);
    case '30d':
      return lastDays(30, today);
    case '90d':
      return lastDays(90, today);
    case '12m':
      return lastDays(365, today);
    case 'month':
      return { from: day(startOfMonth(parseISO(today))), to: today };
    case 'last-month': {
      const then = subMonths(parseISO(today), 1);
      return { from: day(startOfMonth(then)), to: day(endOfMonth(then)) };
    }
  }
}

function day(date: Date): string {
  return formatISO(date, { representation: 'date' });
}

function listed(params: URLSearchParams, name: string): readonly string[] {
  return [...new Set((params.get(name) ?? '').split(',').filter((part) => part !== ''))];
}

/** The scope as far as an analysis knows it. */
export function questionFor({ filters }: Pick<Analysis, 'filters'>, scope: Scope): Question {
  return {
    period: scope.period,
    chats: filters.includes('chats') ? scope.chats : [],
    topics: filters.includes('topics') ? scope.topics : [],
  };
}

/** Filters that are set and that an analysis knows nothing of. */
export function ignoredFilters(
  { filters }: Pick<Analysis, 'filters'>,
  scope: Scope,
): readonly ('chats' | 'topics')[] {
  return (['chats', 'topics'] as const).filter(
    (filter) => scope[filter].length > 0 && !filters.includes(filter),
  );
}

/** The question as the API's query. */
export function questionQuery({ period, chats, topics }: Question): URLSearchParams {
  return new URLSearchParams({
    from: period.from,
    to: period.to,
    ...(chats.length > 0 && { chats: chats.join(',') }),
    ...(topics.length > 0 && { topics: topics.join(',') }),
  });
}
