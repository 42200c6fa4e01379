import type { Knowledge } from '../bot/knowledge.ts';
import type { Language } from '../config/config.ts';

/** Titles of topics by the intent that answers name. */
export type TopicTitles = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** The titles of a knowledge base: what the report says in the place of `answer_intent`. */
export function topicTitles({ topics }: Pick<Knowledge, 'topics'>): TopicTitles {
  return Object.fromEntries([...topics.values()].map(({ id, title }) => [id, title]));
}

/** Looks a title up; null for a topic that is gone, or a command. */
export function titleFinder(
  titles: TopicTitles,
): (intent: string) => Readonly<Record<Language, string>> | null {
  return (intent) => (Object.hasOwn(titles, intent) ? (titles[intent] ?? null) : null);
}
