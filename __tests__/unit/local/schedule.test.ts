import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { everyDay, isRunDue } from '../../../src/local/schedule.ts';

const at = (iso: string) => Date.parse(iso);
const SAO_PAULO = { zone: 'America/Sao_Paulo', hour: 1 };

describe('a run is due', () => {
  test.each([
    ['before the hour', '2026-11-21T03:59:59Z', null, false],
    ['at the hour', '2026-11-21T04:00:00Z', null, true],
    ['late, after the machine slept', '2026-11-21T22:00:00Z', '2026-11-20', true],
    ['not twice a day', '2026-11-21T22:00:00Z', '2026-11-21', false],
    ["on the zone's day, not on Greenwich's", '2026-11-22T02:00:00Z', '2026-11-21', false],
  ])('%s', (_, now, lastRun, due) => {
    expect(isRunDue(at(now), lastRun, SAO_PAULO)).toBe(due);
  });

  test('on the day the clocks go forward over the hour, too', () => {
    const newYork = { zone: 'America/New_York', hour: 2 };
    expect(isRunDue(at('2026-03-08T06:59:00Z'), null, newYork)).toBe(false);
    expect(isRunDue(at('2026-03-08T07:00:00Z'), null, newYork)).toBe(true);
  });
});

describe('every day', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    ['an hour before it is due', '2026-11-21T03:00:00Z', 3],
    ['after it was due', '2026-11-21T15:00:00Z', 2],
  ])('runs once a day when started %s', (_, start, runs) => {
    jest.setSystemTime(at(start));
    const run = jest.fn();
    const stop = everyDay({ ...SAO_PAULO, now: Date.now }, run);
    jest.advanceTimersByTime(2 * 24 * 3_600_000 + 3_600_000);
    expect(run).toHaveBeenCalledTimes(runs);
    stop();
    jest.advanceTimersByTime(5 * 24 * 3_600_000);
    expect(run).toHaveBeenCalledTimes(runs);
  });
});
