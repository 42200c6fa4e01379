import type { Analysis } from '../../../src/analytics/analyses.ts';
import type { Scope } from '../../../src/analytics/scope.ts';

type Asked = Scope & Required<Pick<Scope, 'period'>>;

/**
 * What the analyses are asked for in the seeded lake: from the midnight at which summer time began
 * to that at which it ended, with people who were seen before; days on which nothing was written;
 * single chats; single topics.
 */
export const SCOPES: Readonly<Record<string, Asked>> = {
  'a summer': { period: { from: '2018-11-04', to: '2019-02-16' } },
  'the day that began at one': { period: { from: '2018-11-04', to: '2018-11-04' } },
  'the turn of the year': { period: { from: '2018-12-24', to: '2019-01-07' } },
  'days before there was anything': { period: { from: '2017-01-01', to: '2017-01-31' } },
  'a group that moved and one person': {
    period: { from: '2018-12-01', to: '2019-02-19' },
    chats: [-4_001, -1_001_000_000_099, 2 ** 52 - 1],
  },
  'two topics': {
    period: { from: '2018-11-12', to: '2018-12-12' },
    topics: ["d'agua", '/start'],
  },
};

/** Whether an analysis can be asked for that. */
export function canBeAsked({ filters }: Pick<Analysis, 'filters'>, scope: Scope): boolean {
  return (
    (scope.chats === undefined || filters.includes('chats')) &&
    (scope.topics === undefined || filters.includes('topics'))
  );
}
