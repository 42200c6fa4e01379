import { UNKNOWN_QUESTIONS } from '../seeded/phrases.ts';
import type { Asked } from './asked.ts';
import { momentText } from './clock.ts';
import { type Fact, isQuestion } from './facts.ts';
import { type Row, countDistinct, groupBy, latest, nearestRank, share, sortRows } from './rows.ts';

/** Seconds within which somebody who came by a link asks, or does not. */
const DAY = 86_400;

const number = ({ update }: Fact): number => update.update_id;
const userId = ({ person }: Fact): number | null => person?.id ?? null;
const intent = ({ answer }: Fact): string | null => answer?.intent ?? null;

/** The keys that were worked out by hand, by wording. */
const KEYS = new Map(
  UNKNOWN_QUESTIONS.flatMap(({ key, wordings }) => wordings.map((wording) => [wording, key])),
);

function questionKey({ written }: Fact): string | null {
  const key = KEYS.get(written ?? '');
  if (key === undefined) throw new Error(`Nobody has said the key of "${written}".`);
  return key;
}

export function unansweredQuestions({ facts }: Asked): Row[] {
  const unanswered = facts.filter(({ answer }) => answer?.outcome === 'fallback');
  const rows = [...groupBy(unanswered, questionKey)].map(([question_key, own]) => ({
    question_key,
    example: latest(own, number).written,
    question_amount: own.length,
    user_amount: countDistinct(own, userId),
    last_seen: momentText(latest(own, ({ clock }) => clock).clock),
  }));
  return sortRows(rows, '-question_amount', '-last_seen', 'question_key');
}

export function topTopics({ facts }: Asked): Row[] {
  const answered = facts.filter(
    (fact) => fact.answer?.outcome === 'answered' && intent(fact) !== null,
  );
  const rows = [...groupBy(answered, intent)].map(([answer_intent, own]) => ({
    answer_intent,
    question_amount: own.length,
    share: share(own.length, answered.length),
    user_amount: countDistinct(own, userId),
  }));
  return sortRows(rows, '-question_amount', 'answer_intent');
}

export function suggestionTaps({ facts }: Asked): Row[] {
  const taps = facts.filter((fact) => fact.update.callback_query && intent(fact) !== null);
  const rows = [...groupBy(taps, intent)].map(([answer_intent, own]) => ({
    answer_intent,
    tap_amount: own.length,
    user_amount: countDistinct(own, userId),
  }));
  return sortRows(rows, '-tap_amount', 'answer_intent');
}

export function reactions({ facts }: Asked): Row[] {
  const given = facts.flatMap((fact) =>
    (fact.update.message_reaction?.new_reaction ?? []).map((reaction) => ({
      name:
        reaction.emoji ??
        (reaction.type === 'paid' ? 'paid' : `custom:${reaction.custom_emoji_id}`),
      user: userId(fact),
    })),
  );
  const rows = [...groupBy(given, ({ name }) => name)].map(([reaction, own]) => ({
    reaction,
    reaction_amount: own.length,
    user_amount: countDistinct(own, ({ user }) => user),
  }));
  return sortRows(rows, '-reaction_amount', 'reaction');
}

export function campaigns({ messages }: Asked): Row[] {
  const inOrder = messages
    .filter(({ person }) => person !== null)
    .toSorted((a, b) => (a.date ?? 0) - (b.date ?? 0) || number(a) - number(b));
  const byUser = groupBy(inOrder, userId);
  const came = [...byUser.values()].flatMap((own) => {
    const payloads = new Set(own.flatMap(({ payload }) => payload ?? []));
    return [...payloads].map((payload) => {
      const start = own.find((fact) => fact.payload === payload);
      const since = (fact: Fact): number => (fact.date ?? 0) - (start?.date ?? 0);
      const asked = own.find(
        (fact) =>
          start !== undefined &&
          fact.command === null &&
          fact.chat?.id === start.chat?.id &&
          number(fact) > number(start) &&
          since(fact) >= 0 &&
          since(fact) <= DAY,
      );
      return { payload, seconds: asked ? since(asked) : null };
    });
  });
  const rows = [...groupBy(came, ({ payload }) => payload)].map(([start_payload, own]) => {
    const seconds = own.flatMap((one) => one.seconds ?? []);
    return {
      start_payload,
      user_amount: own.length,
      asking_users: seconds.length,
      asking_share: share(seconds.length, own.length),
      median_seconds_to_question: nearestRank(seconds, 50),
    };
  });
  return sortRows(rows, '-user_amount', 'start_payload');
}

export function fallbackRatePerDay({ facts }: Asked): Row[] {
  const rows = [...groupBy(facts.filter(isQuestion), ({ day }) => day)].map(
    ([context_date, own]) => {
      const amount = (outcome: string): number =>
        own.filter(({ answer }) => answer?.outcome === outcome).length;
      return {
        context_date,
        question_amount: own.length,
        answered_amount: amount('answered'),
        suggested_amount: amount('suggested'),
        fallback_amount: amount('fallback'),
        handoff_amount: amount('handoff'),
        answered_rate: share(amount('answered'), own.length),
        fallback_rate: share(amount('fallback'), own.length),
      };
    },
  );
  return sortRows(rows, '-context_date');
}

export function decisionTimePerDay({ facts }: Asked): Row[] {
  const decided = facts.filter(({ answer }) => answer !== null);
  const rows = [...groupBy(decided, ({ day }) => day)].map(([context_date, own]) => {
    const times = own.flatMap(({ answer }) => answer?.ms ?? []);
    return {
      context_date,
      answer_amount: times.length,
      decision_time_p50: nearestRank(times, 50),
      decision_time_p95: nearestRank(times, 95),
    };
  });
  return sortRows(rows, '-context_date');
}
