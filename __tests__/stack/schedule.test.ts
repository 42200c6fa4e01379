import { describe, expect, test } from '@jest/globals';

import { dailyRunUtc, dailySchedule, offsetsOf } from '../../infra/schedule.ts';

const WEEK = 7 * 24 * 3_600_000;

/** Minutes since midnight on a zone's clocks. */
function minutesOnClock(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    return (parts['hour'] ?? NaN) * 60 + (parts['minute'] ?? NaN);
  };
}

describe('the daily run', () => {
  test.each([
    ['America/Sao_Paulo', 1, 'cron(0 4 * * ? *)'],
    ['America/New_York', 1, 'cron(0 6 * * ? *)'],
    ['Europe/Lisbon', 1, 'cron(0 1 * * ? *)'],
    ['Asia/Kolkata', 1, 'cron(30 19 * * ? *)'],
    ['Pacific/Kiritimati', 0, 'cron(0 10 * * ? *)'],
    ['Pacific/Apia', 23, 'cron(0 10 * * ? *)'],
  ])('in %s after %d o’clock is %s', (zone, hour, expected) => {
    expect(dailySchedule(zone, hour)).toBe(expected);
  });

  test('knows all offsets of a zone', () => {
    expect(offsetsOf('America/New_York')).toEqual([-300, -240]);
    expect(offsetsOf('Australia/Lord_Howe')).toEqual([630, 660]);
    expect(offsetsOf('America/Sao_Paulo')).toEqual([-180]);
  });

  test('is at the hour or later on the zone’s clocks, every week of a year, in every zone', () => {
    const hour = 1;
    const early: string[] = [];
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const utc = dailyRunUtc(zone, hour);
      const onClock = minutesOnClock(zone);
      const first = Date.UTC(2026, 0, 1, utc.hour, utc.minute);
      const clocks = new Set<number>();
      for (let week = 0; week < 52; week++) clocks.add(onClock(first + week * WEEK));
      // Never before; and not hours later either, but for zones with strange summer times.
      if (Math.min(...clocks) < hour * 60 || Math.max(...clocks) > (hour + 2) * 60)
        early.push(zone);
    }
    expect(early).toEqual([]);
  });
});
