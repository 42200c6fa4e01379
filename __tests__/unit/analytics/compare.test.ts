import { describe, expect, test } from '@jest/globals';

import type { Analysis } from '../../../src/analytics/analyses.ts';
import { compareResults } from '../../../src/analytics/compare.ts';
import type { QueryResult, ResultValue } from '../../../src/analytics/result.ts';

type Unit = Analysis['columns'][number]['unit'];

/** An analysis with these columns, and the ones that lead to the rows behind. */
function analysisOf(
  columns: Readonly<Record<string, readonly [type: string, unit: Unit]>>,
  by?: readonly string[],
): Analysis {
  return {
    name: 'test',
    title: { en: 'Test', pt: 'Teste' },
    question: { en: 'What?', pt: 'O quê?' },
    section: 'activity',
    order: 1,
    timeZone: 'lake',
    columns: Object.entries(columns).map(([name, [type, unit]]) => ({
      name,
      type: type as Analysis['columns'][number]['type'],
      unit,
      title: { en: name, pt: name },
    })),
    chart: { kind: 'table', y: [] },
    filters: [],
    sql: '',
    ...(by && {
      rows: { of: 'messages', by: Object.fromEntries(by.map((name) => [name, name])) },
    }),
  };
}

function resultOf(analysis: Analysis, rows: readonly (readonly ResultValue[])[]): QueryResult {
  return {
    columns: analysis.columns.map(({ name }) => name),
    types: analysis.columns.map(({ type }) => type),
    rows,
    ms: 1,
  };
}

function compare(
  analysis: Analysis,
  from: string,
  to: string,
  now: readonly (readonly ResultValue[])[],
  before: readonly (readonly ResultValue[])[],
) {
  return compareResults(
    analysis,
    { from, to },
    resultOf(analysis, now),
    resultOf(analysis, before),
  );
}

describe('compareResults', () => {
  test('sets the first days of both periods side by side, and so on', () => {
    const days = analysisOf({ day: ['date', 'day'], amount: ['bigint', 'messages'] });
    const { columns, types, rows, ms } = compare(
      days,
      '2026-03-01',
      '2026-03-07',
      [
        ['2026-03-02', 5],
        ['2026-03-01', 4],
      ],
      [
        ['2026-02-22', 7],
        ['2026-02-28', 1],
      ],
    );
    expect(columns).toEqual(['day', 'amount', 'amount_before', 'amount_change']);
    expect(types).toEqual(['date', 'bigint', 'bigint', 'bigint']);
    expect(rows).toEqual([
      ['2026-03-02', 5, null, null],
      ['2026-03-01', 4, 7, -3],
      ['2026-03-07', null, 1, null],
    ]);
    expect(ms).toBe(2);
  });

  test('does so with weeks and months', () => {
    const weeks = analysisOf({ week: ['date', 'week'], users: ['bigint', 'users'] });
    // 90 days: both periods begin within a week, the first on a Thursday, the second on a Friday.
    const byWeek = compare(
      weeks,
      '2026-01-01',
      '2026-03-31',
      [
        ['2025-12-29', 3],
        ['2026-01-05', 4],
      ],
      [
        ['2025-09-29', 1],
        ['2025-10-06', 2],
      ],
    );
    expect(byWeek.rows).toEqual([
      ['2025-12-29', 3, 1, 2],
      ['2026-01-05', 4, 2, 2],
    ]);

    const months = analysisOf({ month: ['date', 'month'], users: ['bigint', 'users'] });
    const byMonth = compare(
      months,
      '2026-01-01',
      '2026-03-31',
      [['2026-02-01', 3]],
      [
        ['2025-11-01', 1],
        ['2025-12-01', 9],
      ],
    );
    expect(byMonth.rows).toEqual([
      ['2026-02-01', 3, 1, 2],
      ['2026-03-01', null, 9, null],
    ]);
  });

  test('knows the week after the 53rd', () => {
    const hours = analysisOf({
      year: ['bigint', 'iso_year'],
      week: ['bigint', 'iso_week'],
      weekday: ['bigint', 'weekday'],
      amount: ['bigint', 'messages'],
    });
    // 2026 has 53 weeks; the week of 4 January 2027 is the first of 2027.
    const { rows } = compare(
      hours,
      '2026-12-28',
      '2027-01-10',
      [
        [2026, 53, 1, 10],
        [2027, 1, 1, 20],
      ],
      [
        [2026, 51, 1, 3],
        [2026, 52, 1, 4],
        [2026, 52, 2, 5],
      ],
    );
    expect(rows).toEqual([
      [2026, 53, 1, 10, 3, 7],
      [2027, 1, 1, 20, 4, 16],
      [2027, 1, 2, null, 5, null],
    ]);
  });

  test('finds a person again whose name has changed', () => {
    const people = analysisOf(
      {
        user_id: ['bigint', null],
        user_first_name: ['varchar', null],
        amount: ['bigint', 'messages'],
        share: ['double', 'share'],
        last_seen: ['timestamp', 'time'],
      },
      ['user_id'],
    );
    const { rows } = compare(
      people,
      '2026-11-15',
      '2026-11-21',
      [[7, 'Ana Maria', 4, 0.5, '2026-11-20T10:00:00']],
      [
        [7, 'Ana', 1, 0.25, '2026-11-10T10:00:00'],
        [8, 'Zé', 3, 0.75, '2026-11-11T10:00:00'],
      ],
    );
    expect(rows).toEqual([
      [7, 'Ana Maria', 4, 1, 3, 0.5, 0.25, 0.25, '2026-11-20T10:00:00'],
      [8, 'Zé', null, 3, null, null, 0.75, null, '2026-11-11T10:00:00'],
    ]);
  });

  test('takes a word for what it is where nothing leads to rows', () => {
    const words = analysisOf({ word: ['varchar', null], amount: ['bigint', 'messages'] });
    const { rows } = compare(words, '2026-11-15', '2026-11-21', [['pix', 2]], [['pix', 5]]);
    expect(rows).toEqual([['pix', 2, 5, -3]]);
  });

  test('compares the one row of tiles, nulls included', () => {
    const tiles = analysisOf({ amount: ['bigint', 'messages'], rate: ['double', 'share'] }, []);
    const { rows } = compare(tiles, '2026-11-15', '2026-11-21', [[3, null]], [[1, 0.5]]);
    expect(rows).toEqual([[3, 1, 2, null, 0.5, null]]);
  });
});
