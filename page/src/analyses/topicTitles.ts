import type { AnalysisResult, FilterChoices, Language } from '../../../src/local/api.ts';

/** Column that holds topics by the names that answers give them. */
export const TOPIC_COLUMN = 'answer_intent';

/** A topic's title; its own name where it has none (a command, a topic that is gone). */
export type TopicTitle = (intent: string, language: Language) => string;

/** Titles of the topics that there are. */
export function topicTitles(choices: FilterChoices | undefined): TopicTitle {
  const titles = new Map(choices?.topics.map(({ intent, title }) => [intent, title]));
  return (intent, language) => titles.get(intent)?.[language] ?? intent;
}

/** A result that shows topics by their titles; rows and their order stay. */
export function withTopicTitles(
  result: AnalysisResult,
  titleOf: TopicTitle,
  language: Language,
): AnalysisResult {
  const at = result.columns.indexOf(TOPIC_COLUMN);
  if (at === -1) return result;
  const titled = (rows: AnalysisResult['rows']) =>
    rows.map((row) =>
      row.map((value, index) =>
        index === at && typeof value === 'string' ? titleOf(value, language) : value,
      ),
    );
  return {
    ...result,
    rows: titled(result.rows),
    ...(result.before && { before: { ...result.before, rows: titled(result.before.rows) } }),
  };
}
