import type { Scope } from '../../../src/analytics/scope.ts';
import type { SeededLake } from '../seeded/lake.ts';
import * as activity from './activity.ts';
import { type Asked, ask } from './asked.ts';
import { type Fact, factsOf } from './facts.ts';
import * as people from './people.ts';
import { dataQualityPerDay } from './quality.ts';
import * as questions from './questions.ts';
import type { Row } from './rows.ts';

/** Each analysis in TypeScript, from what is asked for and the text of the file. */
const ANALYSES: Readonly<Record<string, (asked: Asked, sql: string) => Row[]>> = {
  messages_per_day: activity.messagesPerDay,
  messages_per_user_per_day: activity.messagesPerUserPerDay,
  message_length_per_user_per_day: activity.messageLengthPerUserPerDay,
  messages_per_hour_and_weekday: activity.messagesPerHourAndWeekday,
  overview: activity.overview,
  active_users_per_day: people.activeUsersPerDay,
  active_users_per_week: people.activeUsersPerWeek,
  active_users_per_month: people.activeUsersPerMonth,
  retention_by_weekly_cohort: people.retentionByWeeklyCohort,
  sessions_per_day: people.sessionsPerDay,
  messages_heat_map: activity.messagesHeatMap,
  busiest_users: people.busiestUsers,
  busiest_chats: people.busiestChats,
  message_types: activity.messageTypes,
  languages: people.languages,
  words: (asked, sql) => activity.words(asked, stopWords(sql)),
  fallback_rate_per_day: questions.fallbackRatePerDay,
  decision_time_per_day: questions.decisionTimePerDay,
  unanswered_questions: questions.unansweredQuestions,
  top_topics: questions.topTopics,
  suggestion_taps: questions.suggestionTaps,
  reactions: questions.reactions,
  membership_changes_per_day: people.membershipChangesPerDay,
  campaigns: questions.campaigns,
};

/** The words that a file leaves out: they are its own to choose. */
function stopWords(sql: string): ReadonlySet<string> {
  const [, list = ''] = /NOT IN \(([^)]*)\)/.exec(sql) ?? [];
  return new Set([...list.matchAll(/'([^']+)'/g)].map(([, word = '']) => word));
}

/** The analyses of a lake, computed from what was put into it. */
export class Reference {
  readonly #lake: SeededLake;
  readonly #history: readonly Fact[];
  /** What was asked for already, by its scope. */
  readonly #asked = new Map<Scope, Asked>();

  constructor(lake: SeededLake) {
    this.#lake = lake;
    this.#history = factsOf(lake.deliveries, lake.zone);
  }

  /** Names of the analyses that are computed here. */
  static readonly names: readonly string[] = [...Object.keys(ANALYSES), 'data_quality_per_day'];

  /**
   * Rows of an analysis, by column.
   *
   * @param analysis its name and its file's text
   */
  rows(
    analysis: { readonly name: string; readonly sql: string },
    scope: Scope & Required<Pick<Scope, 'period'>>,
  ): readonly Row[] {
    const { period, chats, topics } = scope;
    if (analysis.name === 'data_quality_per_day') return dataQualityPerDay(this.#lake, period);
    const compute = ANALYSES[analysis.name];
    if (!compute) throw new RangeError(`${analysis.name} is not computed here.`);
    const asked = this.#asked.get(scope) ?? ask(this.#history, period, chats, topics);
    this.#asked.set(scope, asked);
    return compute(asked, analysis.sql);
  }
}
