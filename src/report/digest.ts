import type { Engine } from '../analytics/engine.ts';
import type { QueryResult, ResultValue } from '../analytics/result.ts';
import type { Period } from '../analytics/scope.ts';
import { formatFullDay, formatNumber, formatValue } from '../charts/format.ts';
import { changeOf } from '../charts/tiles.ts';
import type { Change } from '../charts/tiles.ts';
import { CHART_WORDS } from '../charts/words.ts';
import type { Language } from '../config/config.ts';
import { addToDay, differenceInDays } from '../lake/days.ts';
import type { Day } from '../lake/days.ts';
import { DIGEST_WORDS } from './digestWords.ts';
import { shorten } from './table.ts';
import type { TopicTitle } from './topicTitles.ts';

/** Days that a day is compared with: those right before it. */
const WEEK = 7;

/** Of the most asked and of the unanswered questions. */
const MOST = 3;

/** Signs of a title, and of a customer's question. */
const TITLE_SIGNS = 40;
const QUESTION_SIGNS = 60;

/** UTF-16 code units that Telegram takes under a document. */
export const CAPTION_LIMIT = 1024;

/** What a digest is made of. */
export interface DigestRequest {
  readonly engine: Engine;
  /** The day that it tells of. */
  readonly day: Day;
  readonly language: Language;
  /** Whose digest it is. */
  readonly subject: string;
  readonly topicTitle?: (intent: string) => TopicTitle | null;
  readonly signal?: AbortSignal;
}

/**
 * A day in six lines, each number with its change against the average day of the week before, the
 * three most asked topics (commands and small talk are none) and the three most asked questions
 * without an answer: plain text, short enough to stand under a document.
 *
 * @throws QueryError when the lake cannot be asked
 */
export async function digestText(request: DigestRequest): Promise<string> {
  const { engine, day, language, subject, topicTitle, signal } = request;
  const words = DIGEST_WORDS[language];
  const { locale } = CHART_WORDS[language];
  const week: Period = { from: addToDay(day, -WEEK), to: addToDay(day, -1) };
  const ask = (name: string, period: Period) =>
    engine.runAnalysis(name, { period }, { ...(signal && { signal }) });
  const alone: Period = { from: day, to: day };
  const [now, before, active, topics, unanswered] = await Promise.all([
    ask('overview', alone),
    ask('overview', week),
    ask('active_users_per_day', { from: week.from, to: day }),
    ask('top_topics', alone),
    ask('unanswered_questions', alone),
  ]);

  const heading = `${subject}: ${formatFullDay(day, locale)}`;
  if (!hasAny(now)) return [heading, '', words.nothing].join('\n');

  // Of a lake that is younger than a week, only the days count that it has.
  const firstDay = column(active, 'context_date').map(String).sort()[0] ?? day;
  const start = firstDay > week.from ? firstDay : week.from;
  const days = Math.max(0, differenceInDays(start, day));
  const users = rowsBefore(active, day).reduce(
    (sum, row) => sum + numberOf(active, row, 'active_users'),
    0,
  );
  const newUsers = active.rows
    .filter((row) => row[active.columns.indexOf('context_date')] === day)
    .reduce((sum, row) => sum + numberOf(active, row, 'new_users'), 0);

  const { columns } = analysisOf(engine, 'overview');
  const line = (name: string, then: number | null, extra = ''): string => {
    const unit = columns.find((one) => one.name === name);
    const value = first(now, name);
    const change = changeOf(
      { name, unit: unit?.unit ?? null },
      typeof value === 'number' ? value : null,
      days === 0 ? null : then,
      language,
    );
    const title = unit?.title[language] ?? name;
    return `${title}: ${formatValue(value, unit, language)}${changeText(change)}${extra}`;
  };
  const perDay = (name: string) => amount(first(before, name)) / Math.max(1, days);
  const numberOrNull = (name: string) => {
    const value = first(before, name);
    return typeof value === 'number' ? value : null;
  };
  const lines = [
    line('message_amount', perDay('message_amount')),
    line('user_amount', users / Math.max(1, days), newUsers > 0 ? words.newUsers(newUsers) : ''),
    line('question_amount', perDay('question_amount')),
    line('answered_rate', numberOrNull('answered_rate')),
    line('fallback_rate', numberOrNull('fallback_rate')),
    words.times(
      formatValue(first(now, 'decision_time_p50'), unitOf(columns, 'decision_time_p50'), language),
      formatValue(first(now, 'decision_time_p95'), unitOf(columns, 'decision_time_p95'), language),
    ),
  ];
  const count = (value: ResultValue) => formatNumber(amount(value), locale);
  const asked = topics.rows
    .map((row) => {
      const intent = String(cell(topics, row, 'answer_intent'));
      return { row, intent, title: topicTitle?.(intent) ?? null };
    })
    .filter(({ intent, title }) => !intent.startsWith('/') && title?.isSmallTalk !== true)
    .slice(0, MOST)
    .map(({ row, intent, title: known }, index) => {
      const title = shorten(known?.[language] ?? intent, TITLE_SIGNS);
      return `${index + 1}. ${title}: ${count(cell(topics, row, 'question_amount'))}`;
    });
  const open = unanswered.rows.slice(0, MOST).map((row, index) => {
    const example = cell(unanswered, row, 'example');
    const text = typeof example === 'string' ? words.quote(shorten(example, QUESTION_SIGNS)) : '–';
    return `${index + 1}. ${text}: ${count(cell(unanswered, row, 'question_amount'))}`;
  });
  return withinLimit([
    heading,
    '',
    ...lines,
    days === 0 ? words.noWeek : words.against(days),
    ...(asked.length > 0 ? ['', words.mostAsked, ...asked] : []),
    ...(open.length > 0 ? ['', words.unanswered, ...open] : []),
  ]);
}

function changeText(change: Change | null): string {
  if (change === null) return '';
  if (change.direction === 'same') return ' (=)';
  return ` (${change.direction === 'up' ? '▲' : '▼'} ${change.text})`;
}

/** As many whole lines as Telegram takes. */
function withinLimit(lines: readonly string[]): string {
  const kept = [...lines];
  while (kept.join('\n').length > CAPTION_LIMIT) kept.pop();
  return kept.join('\n').trimEnd();
}

function hasAny(overview: QueryResult): boolean {
  return overview.rows.some((row) => row.some((value) => typeof value === 'number' && value > 0));
}

function analysisOf({ analyses }: Engine, name: string) {
  const analysis = analyses.find((one) => one.name === name);
  if (analysis === undefined) throw new RangeError(`There is no analysis "${name}" in sql/.`);
  return analysis;
}

function unitOf<T extends { readonly name: string }>(columns: readonly T[], name: string) {
  return columns.find((one) => one.name === name);
}

function rowsBefore(result: QueryResult, day: Day) {
  return result.rows.filter((row) => String(cell(result, row, 'context_date')) < day);
}

function column(result: QueryResult, name: string): readonly ResultValue[] {
  return result.rows.map((row) => cell(result, row, name));
}

function first(result: QueryResult, name: string): ResultValue {
  return column(result, name)[0] ?? null;
}

function cell(result: QueryResult, row: QueryResult['rows'][number], name: string): ResultValue {
  return row[result.columns.indexOf(name)] ?? null;
}

function numberOf(result: QueryResult, row: QueryResult['rows'][number], name: string): number {
  return amount(cell(result, row, name));
}

function amount(value: ResultValue): number {
  return typeof value === 'number' ? value : 0;
}
