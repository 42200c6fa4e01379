import { addToDay, DayError, differenceInDays, parseDay } from '../lake/days.ts';
import type { Day } from '../lake/days.ts';
import { quoted } from './quoting.ts';

/** Days, both included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/** What of the lake an analysis looks at. An empty list narrows nothing, as an absent one does. */
export interface Scope {
  /** Without it, the 90 days that the file itself asks for. */
  readonly period?: Period;
  /** Ids of chats. */
  readonly chats?: readonly number[];
  /** Topics (and commands) that answered, as in the column answer_intent. */
  readonly topics?: readonly string[];
}

/** What an analysis can be narrowed by, besides the days. */
export type Filter = 'chats' | 'topics';

/** An analysis, as far as its scope goes. */
export interface Scoped {
  readonly name: string;
  readonly sql: string;
  readonly filters: readonly Filter[];
}

/** A scope that an analysis cannot have; the message says why. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError';
}

/** The marked lines of an analysis: the only ones that a runner replaces. */
const MARKS = {
  period: /^( *)context_date .*-- period$/gm,
  chats: /^( *)AND true -- chats$/gm,
  topics: /^( *)AND true -- topics$/gm,
};

/** How often a mark stands in a file. */
export function countMarks(sql: string, mark: Filter | 'period'): number {
  return sql.match(MARKS[mark])?.length ?? 0;
}

/**
 * The query of an analysis for other days than the 90 it reads by itself, for some chats, for some
 * topics. Only typed literals are put into its marked lines, so nothing a caller passes can become
 * SQL.
 *
 * @throws DayError when the period is not two days in order; ScopeError when a chat is no id, a
 *   topic is no text, or the analysis has no place for them
 */
export function withScope(analysis: Scoped, scope: Scope): string {
  const { period, chats = [], topics = [] } = scope;
  let { sql } = analysis;
  if (period !== undefined) sql = replaceMark(sql, 'period', periodCondition(period));
  if (chats.length > 0) {
    checkFilter(analysis, 'chats');
    sql = replaceMark(sql, 'chats', `AND ${chatsCondition(chats)}`);
  }
  if (topics.length > 0) {
    checkFilter(analysis, 'topics');
    sql = replaceMark(sql, 'topics', `AND ${topicsCondition(topics)}`);
  }
  return sql;
}

/** The days of a period as a condition. @throws DayError when they are not two days in order */
export function periodCondition(period: Period): string {
  checkPeriod(period);
  return `context_date BETWEEN DATE '${period.from}' AND DATE '${period.to}'`;
}

/** @throws ScopeError when one of them is no id of a chat */
export function chatsCondition(chats: readonly number[]): string {
  for (const chat of chats) {
    if (!Number.isSafeInteger(chat)) throw new ScopeError(`${chat} is no id of a chat.`);
  }
  return `chat_id IN (${chats.join(', ')})`;
}

/** @throws ScopeError when one of them holds what no topic's name holds */
export function topicsCondition(topics: readonly string[]): string {
  for (const topic of topics) {
    if (/\p{Cc}/u.test(topic)) {
      throw new ScopeError(`${JSON.stringify(topic)} is no topic: it holds control characters.`);
    }
  }
  return `answer_intent IN (${topics.map(quoted).join(', ')})`;
}

/** The period of the same length right before. @throws DayError when it is not two days in order */
export function periodBefore(period: Period): Period {
  checkPeriod(period);
  const to = addToDay(period.from, -1);
  return { from: addToDay(to, -differenceInDays(period.from, period.to)), to };
}

/** @throws DayError when the period is not two days in order */
export function checkPeriod({ from, to }: Period): void {
  if (parseDay(from) > parseDay(to)) {
    throw new DayError(`${from} is after ${to}; put the earlier day first.`);
  }
}

/** @throws ScopeError when the analysis has no place for the filter */
export function checkFilter({ name, filters }: Scoped, filter: Filter): void {
  if (!filters.includes(filter)) {
    throw new ScopeError(`The analysis "${name}" cannot be narrowed to ${filter}; leave them out.`);
  }
}

function replaceMark(sql: string, mark: Filter | 'period', condition: string): string {
  return sql.replace(MARKS[mark], (_, indent: string) => `${indent}${condition} -- ${mark}`);
}
