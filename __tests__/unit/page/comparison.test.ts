import { describe, expect, test } from '@jest/globals';
import { comparedColumns, rowsBefore } from '../../../page/src/analyses/comparison.ts';
import type { AnalysisInfo, AnalysisResult } from '../../../src/local/api.ts';

const title = { en: '', pt: '' };

function analysis(by: readonly string[], columns: readonly [string, string, string | null][]) {
  return {
    name: 'one',
    title,
    question: title,
    section: 'activity',
    columns: columns.map(([name, type, unit]) => ({ name, type, unit, title })),
    chart: { kind: 'table', y: [] },
    filters: [],
    rows: { of: 'messages', by, numbers: [] },
    sql: '',
  } satisfies AnalysisInfo;
}

const perDay = analysis(
  ['context_date'],
  [
    ['context_date', 'date', 'day'],
    ['message_amount', 'bigint', 'messages'],
  ],
);

function result(
  columns: string[],
  rows: (number | string | null)[][],
  before: (number | string | null)[][],
): AnalysisResult {
  return {
    columns,
    rows,
    ms: 1,
    sql: '',
    before: { from: '2026-02-26', to: '2026-02-28', rows: before },
  };
}

describe('rowsBefore', () => {
  test('finds the day as many days earlier', () => {
    const rows = rowsBefore(
      perDay,
      result(
        ['context_date', 'message_amount'],
        [
          ['2026-03-03', 5],
          ['2026-03-01', 7],
        ],
        [['2026-02-28', 4]],
      ),
    );
    expect(rows).toEqual([['2026-02-28', 4], null]);
  });

  test('finds the row of the same label, whatever else changed', () => {
    const users = analysis(
      ['user_id'],
      [
        ['user_id', 'bigint', null],
        ['user_first_name', 'varchar', null],
        ['message_amount', 'bigint', 'messages'],
        ['last_seen', 'timestamp', 'time'],
      ],
    );
    const columns = ['user_id', 'user_first_name', 'message_amount', 'last_seen'];
    const then = [1, 'Ana', 3, '2026-02-28T10:00:00'];
    const now = [1, 'Ana Lima', 9, '2026-03-02T10:00:00'];
    expect(rowsBefore(users, result(columns, [now], [then]))).toEqual([then]);
    expect(comparedColumns(users)).toEqual(['message_amount']);
  });

  test('compares no weeks: those before are others', () => {
    const weekly = analysis(
      ['week'],
      [
        ['week', 'date', 'week'],
        ['active_users', 'bigint', 'users'],
      ],
    );
    expect(
      rowsBefore(weekly, result(['week', 'active_users'], [['2026-03-02', 1]], [])),
    ).toBeNull();
    expect(comparedColumns(weekly)).toEqual([]);
  });

  test('has nothing to say without a period before', () => {
    const now = {
      columns: ['context_date', 'message_amount'],
      rows: [['2026-03-01', 7]],
      ms: 1,
      sql: '',
    };
    expect(rowsBefore(perDay, now)).toBeNull();
  });
});
