import { addToDay, differenceInDays } from '../lake/days.ts';
import { checkPeriod } from './analyses.ts';
import type { Period } from './analyses.ts';
import type { QueryResult, ResultValue } from './result.ts';

/** A number and the same number in the period before. */
interface Change {
  readonly now: number | null;
  readonly before: number | null;
}

/** The numbers of the tiles, for a period and the period of equal length before it. */
export interface Summary {
  readonly messages: Change;
  readonly people: Change;
  /**
   * Share of questions where the bot did not know, 0 to 1; null when there was none. What is no
   * question to it (outcome `none`: a flood, a message without text) does not count.
   */
  readonly fallbackRate: Change;
  /** Share of the same questions that were answered outright. */
  readonly answeredRate: Change;
}

/**
 * The query behind the tiles, in Athena's dialect: one row for the period (`is_now`) and one for
 * the period before, as far as they hold anything.
 *
 * @throws DayError when the period is not two days in order
 */
export function summaryQuery(period: Period): string {
  checkPeriod(period);
  const from = `DATE '${period.from}'`;
  const to = `DATE '${period.to}'`;
  const before = addToDay(period.from, -differenceInDays(period.from, period.to) - 1);
  const days = `context_date BETWEEN DATE '${before}' AND ${to}`;
  return `
WITH counted AS (
  SELECT
    context_date >= ${from} AS is_now,
    count(*) AS message_amount,
    count(DISTINCT user_id) AS user_amount
  FROM messages
  WHERE ${days}
  GROUP BY 1
),
answered AS (
  SELECT
    context_date >= ${from} AS is_now,
    avg(CASE WHEN answer_outcome = 'fallback' THEN 1e0 ELSE 0e0 END) AS fallback_rate,
    avg(CASE WHEN answer_outcome = 'answered' THEN 1e0 ELSE 0e0 END) AS answered_rate
  FROM telegram
  WHERE ${days} AND answer_outcome <> 'none'
  GROUP BY 1
)
SELECT
  coalesce(counted.is_now, answered.is_now) AS is_now,
  coalesce(message_amount, 0) AS message_amount,
  coalesce(user_amount, 0) AS user_amount,
  fallback_rate,
  answered_rate
FROM counted FULL JOIN answered ON counted.is_now = answered.is_now
ORDER BY 1`;
}

/** Makes the tiles' numbers of what {@link summaryQuery} gave. */
export function summaryOf({ columns, rows }: QueryResult): Summary {
  const change = (column: string, absent: number | null): Change => {
    const at = columns.indexOf(column);
    const value = (isNow: boolean): number | null => {
      const row = rows.find((candidate) => candidate[columns.indexOf('is_now')] === isNow);
      return row === undefined ? absent : numberOrNull(row[at]);
    };
    return { now: value(true), before: value(false) };
  };
  return {
    messages: change('message_amount', 0),
    people: change('user_amount', 0),
    fallbackRate: change('fallback_rate', null),
    answeredRate: change('answered_rate', null),
  };
}

function numberOrNull(value: ResultValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
