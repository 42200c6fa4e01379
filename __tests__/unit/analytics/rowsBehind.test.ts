import { describe, expect, test } from '@jest/globals';

import type { Analysis } from '../../../src/analytics/analyses.ts';
import { rowsBehindQuery } from '../../../src/analytics/rowsBehind.ts';
import { ScopeError } from '../../../src/analytics/scope.ts';
import { DayError } from '../../../src/lake/days.ts';

const title = { en: 'A', pt: 'A' };
const column = (name: string, type: Analysis['columns'][number]['type']) => ({
  ...{ name, type, title, unit: null },
});

const ANALYSIS: Analysis = {
  ...{ name: 'some', title, question: title, order: 1, section: 'activity', timeZone: 'lake' },
  columns: [
    ...[column('day', 'date'), column('word', 'varchar'), column('amount', 'bigint')],
    ...[column('share', 'double'), column('moment', 'timestamp'), column('is_it', 'boolean')],
  ],
  chart: { kind: 'table', y: [] },
  rows: {
    of: 'messages',
    where: 'user_id IS NOT NULL',
    by: {
      day: 'context_date',
      word: "contains(split(text, ' '), $value)",
      amount: 'text_length',
      share: 'answer_score',
      moment: 'local_time',
      is_it: 'is_forward',
    },
    numbers: {
      amount: { of: 'telegram', where: "answer_outcome = 'fallback'" },
      share: { by: ['day'] },
    },
  },
  filters: ['chats', 'topics'],
  sql: '',
};

const PERIOD = { from: '2026-01-01', to: '2026-01-31' };

/** The conditions of a query, one a line. */
function conditions(query: string): string[] {
  const [, text = ''] = /WHERE\n([^]*)\nORDER BY/.exec(query) ?? [];
  return text.split('\n').map((line) => line.trim().replace(/^AND /, ''));
}

describe('rowsBehindQuery', () => {
  test('reads the same days, chats and topics as the analysis', () => {
    const scope = { period: PERIOD, chats: [-1], topics: ['pix'] };
    expect(rowsBehindQuery(ANALYSIS, scope, { day: '2026-01-02' }, 50)).toBe(`SELECT messages.*
FROM messages
WHERE
  context_date BETWEEN DATE '2026-01-01' AND DATE '2026-01-31'
  AND chat_id IN (-1)
  AND answer_intent IN ('pix')
  AND (user_id IS NOT NULL)
  AND (context_date) = DATE '2026-01-02'
ORDER BY context_date DESC, update_id DESC, received_at DESC, message_id DESC
LIMIT 50`);
  });

  test('without a period, the 90 days of the file', () => {
    expect(conditions(rowsBehindQuery(ANALYSIS, {}, {}, 1))[0]).toBe(
      "context_date >= current_date - INTERVAL '89' DAY",
    );
  });

  test.each([
    ['word', "d'água", "(contains(split(text, ' '), 'd''água'))"],
    ['word', "'; DROP TABLE x --", "(contains(split(text, ' '), '''; DROP TABLE x --'))"],
    // What a replacement would read as a pattern
    ['word', "$& $1 $'", "(contains(split(text, ' '), '$& $1 $'''))"],
    ['amount', 7, '(text_length) = 7'],
    ['amount', '9007199254740993', '(text_length) = 9007199254740993'],
    ['amount', null, '(text_length) IS NULL'],
    ['share', 0.25, '(answer_score) = 2.5e-1'],
    ['moment', '2026-01-02T03:04:05.678', "(local_time) = TIMESTAMP '2026-01-02 03:04:05.678'"],
    ['is_it', true, '(is_forward) = true'],
  ])('%s = %j', (name, value, expected) => {
    expect(conditions(rowsBehindQuery(ANALYSIS, {}, { [name]: value }, 1)).at(-1)).toBe(expected);
  });

  test.each([
    ['day', "2026-01-02' OR true --"],
    ['day', '2026-02-30'],
    ['amount', '7 OR true'],
    ['amount', 1.5],
    ['share', '1'],
    ['moment', "2026-01-02T03:04:05' OR true --"],
    ['is_it', 'true OR true'],
    ['word', 5],
  ])('refuses %s = %j', (name, value) => {
    const ask = () => rowsBehindQuery(ANALYSIS, {}, { [name]: value }, 1);
    expect(ask).toThrow(ScopeError);
    expect(ask).toThrow(`is no value of "${name}"`);
  });

  test('columns that say nothing of the rows are passed over', () => {
    const query = rowsBehindQuery(ANALYSIS, {}, { other: 1 }, 1);
    expect(query).not.toContain('other');
  });

  test('a number has rows of its own', () => {
    const values = { day: '2026-01-02', word: 'oi' };
    const ofAmount = rowsBehindQuery(ANALYSIS, {}, values, 1, 'amount');
    expect(ofAmount).toContain('FROM telegram\n');
    expect(conditions(ofAmount).slice(1)).toEqual([
      "(answer_outcome = 'fallback')",
      "(context_date) = DATE '2026-01-02'",
      "(contains(split(text, ' '), 'oi'))",
    ]);
    expect(conditions(rowsBehindQuery(ANALYSIS, {}, values, 1, 'share')).slice(1)).toEqual([
      "(context_date) = DATE '2026-01-02'",
    ]);
    expect(rowsBehindQuery(ANALYSIS, {}, values, 1, 'moment')).toBe(
      rowsBehindQuery(ANALYSIS, {}, values, 1),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, 10_001])('refuses %d rows', (limit) => {
    expect(() => rowsBehindQuery(ANALYSIS, {}, {}, limit)).toThrow(
      new ScopeError(`${limit} is no number of rows; ask for 1 to 10000.`),
    );
  });

  test('refuses what the analysis cannot be narrowed by', () => {
    const plain = { ...ANALYSIS, filters: [] };
    expect(() => rowsBehindQuery(plain, { chats: [1] }, {}, 1)).toThrow(/narrowed to chats/);
    expect(() => rowsBehindQuery(plain, { topics: ['a'] }, {}, 1)).toThrow(/narrowed to topics/);
    const reversed = { period: { from: PERIOD.to, to: PERIOD.from } };
    expect(() => rowsBehindQuery(plain, reversed, {}, 1)).toThrow(DayError);
  });

  test('says when there is no way to the rows', () => {
    const { rows, ...bare } = ANALYSIS;
    expect(rows).toBeDefined();
    expect(() => rowsBehindQuery(bare, {}, {}, 1)).toThrow(
      new ScopeError('No rows can be shown behind "some".'),
    );
  });
});
