import { describe, expect, test } from '@jest/globals';
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
