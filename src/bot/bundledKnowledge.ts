import type { Knowledge, Topic } from './knowledge.ts';

/** A knowledge base as it travels in a function's bundle: checked, and without the need of YAML. */
interface BundledKnowledge {
  readonly topics: readonly Topic[];
  /** Ids. */
  readonly menu: readonly string[];
  readonly greeting: string | null;
  readonly contact: string | null;
  readonly hash: string;
}

/** @returns JSON for {@link unpackKnowledge} */
export function packKnowledge(knowledge: Knowledge): string {
  const bundled: BundledKnowledge = {
    topics: [...knowledge.topics.values()],
    menu: knowledge.menu.map(({ id }) => id),
    greeting: knowledge.greeting?.id ?? null,
    contact: knowledge.contact?.id ?? null,
    hash: knowledge.hash,
  };
  return JSON.stringify(bundled);
}

/** @param json what {@link packKnowledge} gave */
export function unpackKnowledge(json: string): Knowledge {
  const bundled = JSON.parse(json) as BundledKnowledge;
  const topics = new Map(bundled.topics.map((topic) => [topic.id, topic]));
  const named = (id: string | null): Topic | null => topics.get(id ?? '') ?? null;
  return {
    topics,
    menu: bundled.menu.flatMap((id) => topics.get(id) ?? []),
    greeting: named(bundled.greeting),
    contact: named(bundled.contact),
    hash: bundled.hash,
  };
}
