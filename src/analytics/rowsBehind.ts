import { DayError, parseDay } from '../lake/days.ts';
import type { Analysis } from './analyses.ts';
import type { Rows } from './header.ts';
import { quoted } from './quoting.ts';
import type { ResultValue } from './result.ts';
import {
  chatsCondition,
  checkFilter,
  periodCondition,
  ScopeError,
  topicsCondition,
} from './scope.ts';
import type { Scope } from './scope.ts';

/** Rows that one query may give, so that no number leads to a page nobody can scroll. */
const MOST_ROWS = 10_000;

/** Newest first, so that no two rows may change places. */
const ORDERS: Readonly<Record<string, string>> = {
  messages: 'context_date DESC, update_id DESC, received_at DESC, message_id DESC',
  telegram: 'context_date DESC, update_id DESC, received_at DESC, message_id DESC',
  sessions: 'context_date DESC, started_at DESC, chat_id, user_id',
  runs: 'context_date DESC, finished_at DESC',
};

/**
 * The query for the rows behind a row of an analysis's result, newest first.
 *
 * @param scope the one under which the result was made
 * @param values the result's row by column, or a part of it: what `rows.by` of the header names
 *   narrows, the rest is passed over
 * @param limit rows at most, up to 10,000
 * @param number the column of the number asked about, where the header tells its rows from its
 *   neighbours' (`rows.numbers`)
 * @throws ScopeError when the analysis shows no rows, a value does not fit its column, the limit is
 *   no number of rows, or the scope does not fit; DayError when the period is not two days in order
 */
export function rowsBehindQuery(
  analysis: Analysis,
  scope: Scope,
  values: Readonly<Record<string, ResultValue>>,
  limit: number,
  number?: string,
): string {
  const { name, rows, columns } = analysis;
  if (rows === undefined) throw new ScopeError(`No rows can be shown behind "${name}".`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    throw new ScopeError(`${limit} is no number of rows; ask for 1 to ${MOST_ROWS}.`);
  }
  const own = number === undefined ? undefined : rows.numbers?.[number];
  const of = own?.of ?? rows.of;
  const { period, chats = [], topics = [] } = scope;
  const conditions = [
    period === undefined
      ? "context_date >= current_date - INTERVAL '89' DAY"
      : periodCondition(period),
  ];
  if (chats.length > 0) {
    checkFilter(analysis, 'chats');
    conditions.push(chatsCondition(chats));
  }
  if (topics.length > 0) {
    checkFilter(analysis, 'topics');
    conditions.push(topicsCondition(topics));
  }
  // What a number says of itself stands in the place of what all rows have in common.
  const where = own === undefined ? rows.where : own.where;
  if (where !== undefined) conditions.push(`(${where})`);
  for (const [column, expression] of Object.entries(rows.by)) {
    const value = values[column];
    if (value === undefined || own?.by?.includes(column) === false) continue;
    const type = columns.find((candidate) => candidate.name === column)?.type ?? 'varchar';
    conditions.push(isValue(expression, literal(column, type, value)));
  }
  return `SELECT ${of}.*
FROM ${rowsSource(of, rows)}
WHERE
  ${conditions.join('\n  AND ')}
ORDER BY ${ORDERS[of] ?? ''}
LIMIT ${limit}`;
}

/** What stands after FROM: the table or view, with the users beside it where the header asks so. */
export function rowsSource(of: string, { join }: Pick<Rows, 'join'>): string {
  if (join === undefined) return of;
  return `${of}
LEFT JOIN (SELECT user_id AS seen_user_id, first_seen, last_seen FROM users) AS seen
  ON seen_user_id = user_id`;
}

/** The condition under which a row belongs to a value. */
function isValue(expression: string, value: string): string {
  if (expression.includes('$value')) return `(${expression.replaceAll('$value', () => value)})`;
  return value === 'NULL' ? `(${expression}) IS NULL` : `(${expression}) = ${value}`;
}

/** A value as SQL writes it. @throws ScopeError when it is none of the type */
function literal(column: string, type: string, value: ResultValue): string {
  if (value === null) return 'NULL';
  const text = String(value);
  switch (type) {
    case 'bigint':
    case 'integer':
      if (/^-?\d{1,19}$/.test(text)) return text;
      break;
    case 'boolean':
      if (typeof value === 'boolean') return text;
      break;
    case 'double':
      if (typeof value === 'number' && Number.isFinite(value)) return value.toExponential();
      break;
    case 'date':
      if (isDay(text)) return `DATE '${text}'`;
      break;
    case 'timestamp': {
      const [, day = '', time = ''] =
        /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{3})?)$/.exec(text) ?? [];
      if (isDay(day)) return `TIMESTAMP '${day} ${time}'`;
      break;
    }
    default:
      if (typeof value === 'string') return quoted(value);
  }
  throw new ScopeError(`${JSON.stringify(value)} is no value of "${column}", which is a ${type}.`);
}

function isDay(text: string): boolean {
  try {
    return parseDay(text) === text;
  } catch (error) {
    if (error instanceof DayError) return false;
    throw error;
  }
}
