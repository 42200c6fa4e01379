import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OTHERS, seriesOf } from '../../../src/charts/series.ts';

const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];
const columns = ['user_id', 'user_first_name', 'context_date', 'amount'];
const request = {
  days,
  x: 2,
  y: 3,
  split: 1,
  identity: [0, 1],
  additive: true,
  lastClosed: days[2] ?? '',
  most: 6,
};

function result(rows: readonly (number | string | null)[][]) {
  return { columns, rows };
}

describe('seriesOf', () => {
  test('counts zero between the first and the last closed day, and nothing beyond', () => {
    const rows = [[1, 'Ana', '2026-11-02', 5]];
    const { series } = seriesOf({ ...request, result: result(rows) });
    expect(series).toEqual([
      { key: '1\nAna', label: 'Ana', values: [null, 5, 0, null], weight: 5 },
    ]);
  });

  test('leaves averages of days without messages out', () => {
    const rows = [
      [1, 'Ana', '2026-11-01', 12],
      [1, 'Ana', '2026-11-03', 30],
    ];
    const { series } = seriesOf({ ...request, additive: false, result: result(rows) });
    expect(series[0]?.values).toEqual([12, null, 30, null]);
  });

  test('keeps two people of one name apart', () => {
    const rows = [
      [1, 'Ana', '2026-11-01', 1],
      [2, 'Ana', '2026-11-01', 2],
    ];
    const { series, count } = seriesOf({ ...request, result: result(rows) });
    expect(count).toBe(2);
    expect(series.map(({ label, values }) => [label, values[0]])).toEqual([
      ['Ana', 2],
      ['Ana', 1],
    ]);
  });

  test('never adds up averages', () => {
    const rows = [1, 2, 3].map((user) => [user, `user ${user}`, '2026-11-01', user]);
    const { series, count } = seriesOf({
      ...request,
      additive: false,
      most: 2,
      result: result(rows),
    });
    expect(count).toBe(3);
    expect(series.map(({ key }) => key)).not.toContain(OTHERS);
    expect(series).toHaveLength(2);
  });

  test('loses no message, however many series are drawn as one', () => {
    const row = fc.record({
      user: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 0, max: 2 }),
      amount: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), fc.integer({ min: 1, max: 8 }), (rows, most) => {
        const { series } = seriesOf({
          ...request,
          most,
          result: result(rows.map(({ user, day, amount }) => [user, 'x', days[day] ?? '', amount])),
        });
        const drawn = series
          .flatMap(({ values }) => values)
          .reduce<number>((sum, value) => sum + (value ?? 0), 0);
        expect(drawn).toBe(rows.reduce((sum, { amount }) => sum + amount, 0));
        expect(series.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});
