import type { Asked } from './asked.ts';
import { isoWeek, weekday } from './clock.ts';
import { type Fact, isQuestion } from './facts.ts';
import { type Row, countDistinct, groupBy, latest, nearestRank, share, sortRows } from './rows.ts';

const number = ({ update }: Fact): number => update.update_id;
const userId = ({ person }: Fact): number | null => person?.id ?? null;
const hour = ({ clock }: Fact): number => new Date(clock).getUTCHours();

/** The name under which somebody wrote last. */
function latestNames({ messages }: Asked): Map<number | null, string | null> {
  const byUser = groupBy(messages, userId);
  return new Map(
    [...byUser].map(([user, own]) => [user, latest(own, number).person?.first_name ?? null]),
  );
}

export function messagesPerDay({ messages }: Asked): Row[] {
  const rows = [...groupBy(messages, ({ day }) => day)].map(([context_date, own]) => ({
    context_date,
    message_amount: own.length,
  }));
  return sortRows(rows, '-context_date');
}

function perUserPerDay(asked: Asked, measure: (own: readonly Fact[]) => Row): Row[] {
  const names = latestNames(asked);
  return [...groupBy(asked.messages, userId)].flatMap(([user_id, own]) =>
    [...groupBy(own, ({ day }) => day)].map(([context_date, ofDay]) => ({
      user_id,
      user_first_name: names.get(user_id) ?? null,
      context_date,
      ...measure(ofDay),
    })),
  );
}

export function messagesPerUserPerDay(asked: Asked): Row[] {
  const rows = perUserPerDay(asked, ({ length }) => ({ message_amount: length }));
  return sortRows(rows, '-context_date', '-message_amount', 'user_id');
}

export function messageLengthPerUserPerDay(asked: Asked): Row[] {
  const rows = perUserPerDay(asked, (own) => {
    const lengths = own.flatMap(({ written }) =>
      written === null ? [] : Array.from(written).length,
    );
    const sum = lengths.reduce((total, length) => total + length, 0);
    // .5 goes up, as it does in Trino.
    return {
      average_message_length: lengths.length === 0 ? null : Math.round(sum / lengths.length),
    };
  });
  return sortRows(rows, '-context_date', '-average_message_length', 'user_id');
}

export function messagesPerHourAndWeekday({ messages }: Asked): Row[] {
  const cells = groupBy(messages, (fact) => {
    const { year, week } = isoWeek(fact.clock);
    return [year, week, weekday(fact.clock), hour(fact)].join();
  });
  const rows = [...cells].map(([cell, own]) => {
    const [year = 0, week = 0, day = 0, ofHour = 0] = cell.split(',').map(Number);
    return {
      parsed_date_year: year,
      parsed_date_weeknum: week,
      parsed_date_weekday: day,
      parsed_date_hour: ofHour,
      message_amount: own.length,
    };
  });
  return sortRows(
    rows,
    ...['parsed_date_year', 'parsed_date_weeknum', 'parsed_date_weekday', 'parsed_date_hour'],
  );
}

export function overview({ facts, messages }: Asked): Row[] {
  const questions = facts.filter(isQuestion);
  const outcomes = (wanted: string): number =>
    questions.filter(({ answer }) => answer?.outcome === wanted).length;
  const times = facts.flatMap(({ answer }) => answer?.ms ?? []);
  return [
    {
      message_amount: messages.length,
      user_amount: countDistinct(messages, userId),
      question_amount: questions.length,
      answered_rate: share(outcomes('answered'), questions.length),
      fallback_rate: share(outcomes('fallback'), questions.length),
      decision_time_p50: nearestRank(times, 50),
      decision_time_p95: nearestRank(times, 95),
    },
  ];
}

export function messagesHeatMap({ messages }: Asked): Row[] {
  const cells = groupBy(messages, (fact) => weekday(fact.clock) * 24 + hour(fact));
  const rows = [...cells].map(([cell, own]) => ({
    weekday: Math.floor(cell / 24),
    hour: cell % 24,
    message_amount: own.length,
  }));
  return sortRows(rows, 'weekday', 'hour');
}

export function messageTypes({ messages }: Asked): Row[] {
  const rows = [...groupBy(messages, ({ content }) => content)].map(([content_type, own]) => ({
    content_type,
    message_amount: own.length,
    share: share(own.length, messages.length),
  }));
  return sortRows(rows, '-message_amount', 'content_type');
}

/** @param stopWords those of the file */
export function words({ messages }: Asked, stopWords: ReadonlySet<string>): Row[] {
  const amounts = new Map<string, number>();
  for (const { written } of messages) {
    const runs = (written ?? '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const word of new Set(runs)) {
      if (Array.from(word).length < 3 || stopWords.has(word)) continue;
      amounts.set(word, (amounts.get(word) ?? 0) + 1);
    }
  }
  const rows = [...amounts].map(([word, message_amount]) => ({ word, message_amount }));
  return sortRows(rows, '-message_amount', 'word').slice(0, 200);
}
