import type { Period } from '../../../src/analytics/scope.ts';
import { type Fact, isMessage } from './facts.ts';

/** What an analysis is computed from. */
export interface Asked {
  /** All there ever were. */
  readonly history: readonly Fact[];
  /** Those of the period, and of the chats and topics that are asked for. */
  readonly facts: readonly Fact[];
  /** The messages among them. */
  readonly messages: readonly Fact[];
  readonly period: Period;
  readonly isWanted: (fact: Fact) => boolean;
}

/** Narrows the facts to what is asked for. */
export function ask(
  history: readonly Fact[],
  period: Period,
  chats: readonly number[] = [],
  topics: readonly string[] = [],
): Asked {
  const isWanted = ({ chat, answer }: Fact): boolean =>
    (chats.length === 0 || (chat !== null && chats.includes(chat.id))) &&
    (topics.length === 0 || topics.includes(answer?.intent ?? ''));
  const facts = history.filter(
    (fact) => period.from <= fact.day && fact.day <= period.to && isWanted(fact),
  );
  return { history, facts, messages: facts.filter(isMessage), period, isWanted };
}
