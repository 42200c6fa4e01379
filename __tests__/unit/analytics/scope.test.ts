import { describe, expect, test } from '@jest/globals';

import { periodBefore, ScopeError, withScope } from '../../../src/analytics/scope.ts';
import { DayError } from '../../../src/lake/days.ts';

const SQL = `SELECT count(*) FROM telegram
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
  AND true -- chats
  AND true -- topics
`;
const ANALYSIS = { name: 'some', sql: SQL, filters: ['chats', 'topics'] } as const;

describe('withScope', () => {
  test('leaves the file as it is where nothing is asked', () => {
    expect(withScope(ANALYSIS, {})).toBe(SQL);
    expect(withScope(ANALYSIS, { chats: [], topics: [] })).toBe(SQL);
  });

  test('replaces the marked lines by typed literals, and nothing else', () => {
    const period = { from: '2026-01-01', to: '2026-01-31' };
    expect(withScope(ANALYSIS, { period, chats: [1, -2], topics: ['pix', "d'água $1"] }))
      .toBe(`SELECT count(*) FROM telegram
WHERE
  context_date BETWEEN DATE '2026-01-01' AND DATE '2026-01-31' -- period
  AND chat_id IN (1, -2) -- chats
  AND answer_intent IN ('pix', 'd''água $1') -- topics
`);
  });

  test.each([
    [{ from: "2026-01-01' OR 1=1 --", to: '2026-01-31' }],
    [{ from: '2026-02-30', to: '2026-03-01' }],
    [{ from: '2026-02-02', to: '2026-02-01' }],
  ])('lets nothing but two days in order into the query: %j', (period) => {
    expect(() => withScope(ANALYSIS, { period })).toThrow(DayError);
  });

  test.each([
    [{ chats: [1.5] }, '1.5 is no id of a chat.'],
    [{ chats: [Number.NaN] }, 'NaN is no id of a chat.'],
    [{ chats: [2 ** 60] }, '1152921504606847000 is no id of a chat.'],
    [{ topics: ['a\nb'] }, String.raw`"a\nb" is no topic: it holds control characters.`],
  ])('refuses %j', (scope, message) => {
    expect(() => withScope(ANALYSIS, scope)).toThrow(new ScopeError(message));
  });

  test('says which analysis cannot be narrowed, and by what', () => {
    const plain = { ...ANALYSIS, filters: [] };
    expect(() => withScope(plain, { chats: [1] })).toThrow(
      new ScopeError('The analysis "some" cannot be narrowed to chats; leave them out.'),
    );
    expect(() => withScope(plain, { topics: ['pix'] })).toThrow(/narrowed to topics/);
  });
});

describe('periodBefore', () => {
  test.each([
    ['2026-03-01', '2026-03-31', '2026-01-29', '2026-02-28'],
    ['2026-01-01', '2026-01-01', '2025-12-31', '2025-12-31'],
    ['2024-03-01', '2024-03-02', '2024-02-28', '2024-02-29'],
  ])('of %s to %s is %s to %s', (from, to, earlier, later) => {
    expect(periodBefore({ from, to })).toEqual({ from: earlier, to: later });
  });

  test('of a reversed period is none', () => {
    expect(() => periodBefore({ from: '2026-01-02', to: '2026-01-01' })).toThrow(DayError);
  });
});
