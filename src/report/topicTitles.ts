import type { Knowledge } from '../bot/knowledge.ts';
import type { Language } from '../config/config.ts';

/** What a report says in the place of an intent. */
export interface TopicTitle extends Readonly<Record<Language, string>> {
  /** Greetings and thanks: topics that stand in no menu, though others do. */
  readonly isSmallTalk: boolean;
}

/** Titles of topics by the intent that answers name. */
export type TopicTitles = Readonly<Record<string, TopicTitle>>;

/** The titles of a knowledge base: what the report says in the place of `answer_intent`. */
export function topicTitles({ topics, menu }: Pick<Knowledge, 'menu' | 'topics'>): TopicTitles {
  const listed = new Set(menu.map(({ id }) => id));
  return Object.fromEntries(
    [...topics.values()].map(({ id, title }) => [
      id,
      { ...title, isSmallTalk: listed.size > 0 && !listed.has(id) },
    ]),
  );
}

/** Looks a title up; null for a topic that is gone, or a command. */
export function titleFinder(titles: TopicTitles): (intent: string) => TopicTitle | null {
  return (intent) => (Object.hasOwn(titles, intent) ? (titles[intent] ?? null) : null);
}
