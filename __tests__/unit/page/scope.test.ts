import { describe, expect, test } from '@jest/globals';
import {
  ignoredFilters,
  questionFor,
  questionQuery,
  scopeIn,
} from '../../../page/src/analyses/scope.ts';

const today = '2026-03-01';
const read = (query: string) => scopeIn(new URLSearchParams(query), today);

describe('scopeIn', () => {
  test.each([
    ['', '30d', '2026-01-31', today],
    ['period=7d', '7d', '2026-02-23', today],
    ['period=12m', '12m', '2025-03-02', today],
    ['period=today', 'today', today, today],
    ['period=yesterday', 'yesterday', '2026-02-28', '2026-02-28'],
    ['period=month', 'month', today, today],
    ['period=last-month', 'last-month', '2026-02-01', '2026-02-28'],
    ['period=8d', '30d', '2026-01-31', today],
    ['from=2026-01-02&to=2026-01-05', null, '2026-01-02', '2026-01-05'],
  ])('reads "%s"', (query, preset, from, to) => {
    expect(read(query)).toMatchObject({ preset, problem: null, period: { from, to } });
  });

  test.each([
    ['from=2026-01-05&to=2026-01-02', 'reversed'],
    ['from=2026-03-02&to=2026-03-05', 'future'],
    ['from=2026-01-02', 'unreadable'],
    ['from=&to=', 'unreadable'],
    ['from=2026-02-30&to=2026-03-01', 'unreadable'],
  ])('says what is wrong with "%s"', (query, problem) => {
    expect(read(query).problem).toBe(problem);
  });

  test('reads chats and topics, each once, and leaves out what is no chat', () => {
    expect(read('chats=7,-100,7,x&topics=pix,/start&compare=1')).toMatchObject({
      chats: [7, -100],
      topics: ['pix', '/start'],
      compare: true,
    });
  });
});

describe('a question', () => {
  const scope = read('chats=7&topics=pix');

  test('asks an analysis only for the filters that it has', () => {
    const analysis = { filters: ['chats'] } as const;
    expect(String(questionQuery(questionFor(analysis, scope)))).toBe(
      'from=2026-01-31&to=2026-03-01&chats=7',
    );
    expect(ignoredFilters(analysis, scope)).toEqual(['topics']);
  });

  test('ignores no filter that is not set', () => {
    expect(ignoredFilters({ filters: [] }, read(''))).toEqual([]);
  });
});
