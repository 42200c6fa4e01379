import { describe, expect, test } from '@jest/globals';
import { periodIn } from '../../../page/src/analyses/periodIn.ts';
import { daysOf, isDay, lastDays, lengthOf } from '../../../page/src/shared/period.ts';

const today = '2026-03-01';

describe('periods', () => {
  test('include both ends', () => {
    expect(lastDays(7, today)).toEqual({ from: '2026-02-23', to: today });
    expect(lengthOf({ from: today, to: today })).toBe(1);
    expect(daysOf({ from: '2026-02-27', to: today })).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
  });

  test('know a day from what looks like one', () => {
    expect(isDay('2026-02-28')).toBe(true);
    expect(isDay('2026-02-30')).toBe(false);
    expect(isDay('28/02/2026')).toBe(false);
  });
});

describe('periodIn', () => {
  test.each([
    ['', 30, '2026-01-31', today],
    ['days=7', 7, '2026-02-23', today],
    ['days=8', 30, '2026-01-31', today],
    ['from=2026-01-02&to=2026-01-05', null, '2026-01-02', '2026-01-05'],
    ['from=2026-01-05&to=2026-01-02', 30, '2026-01-31', today],
  ])('reads "%s"', (query, days, from, to) => {
    expect(periodIn(new URLSearchParams(query), today)).toEqual({ days, period: { from, to } });
  });
});
