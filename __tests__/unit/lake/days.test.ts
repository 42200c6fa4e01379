import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  DayError,
  addToDay,
  dayOf,
  daysInRange,
  differenceInDays,
  endOfDayIn,
  eventTime,
  nextDay,
  parseDay,
  previousDay,
  startOfDayIn,
  wallClock,
} from '../../../src/lake/days.ts';

const HOUR = 3_600_000;

/** Zones whose clocks change at midnight, just before it, at 02:00, by half an hour, or never. */
const ZONES = [
  'America/Sao_Paulo',
  'America/Havana',
  'America/Santiago',
  'America/New_York',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Europe/Lisbon',
  'UTC',
];

describe('the day of an instant', () => {
  test.each([
    ['2026-11-22T02:59:59Z', 'America/Sao_Paulo', '2026-11-21'],
    ['2026-11-22T03:00:00Z', 'America/Sao_Paulo', '2026-11-22'],
    ['2026-03-29T00:30:00Z', 'Europe/Lisbon', '2026-03-29'],
    ['2026-10-24T23:00:00Z', 'Europe/Lisbon', '2026-10-25'],
    ['2026-10-25T23:30:00Z', 'Europe/Lisbon', '2026-10-25'],
    ['2026-01-01T00:00:00Z', 'Pacific/Kiritimati', '2026-01-01'],
    ['2025-12-31T10:00:00Z', 'Pacific/Kiritimati', '2026-01-01'],
  ])('%s in %s is %s', (instant, zone, day) => {
    expect(dayOf(Date.parse(instant), zone)).toBe(day);
  });

  test('an instant beyond the year 9999 has no day', () => {
    expect(() => dayOf(Date.UTC(10_000, 0, 2), 'UTC')).toThrow(RangeError);
  });

  test('the wall clock stands still or jumps where the zone changes its offset', () => {
    const clock = (instant: string): string =>
      new Date(wallClock(Date.parse(instant), 'America/Sao_Paulo')).toISOString();
    expect(clock('2018-11-04T02:59:59.999Z')).toBe('2018-11-03T23:59:59.999Z');
    expect(clock('2018-11-04T03:00:00.000Z')).toBe('2018-11-04T01:00:00.000Z');
    expect(clock('2018-02-18T01:59:59.000Z')).toBe('2018-02-17T23:59:59.000Z');
    expect(clock('2018-02-18T02:00:00.000Z')).toBe('2018-02-17T23:00:00.000Z');
  });
});

describe('where a day starts', () => {
  test.each([
    ['2018-11-03', 'America/Sao_Paulo', '2018-11-03T03:00:00Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'], // there is no midnight
    ['2018-11-05', 'America/Sao_Paulo', '2018-11-05T02:00:00Z'],
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00Z'], // 23:00 came twice
    ['2026-03-29', 'Europe/Lisbon', '2026-03-29T00:00:00Z'],
    ['2026-10-25', 'Europe/Lisbon', '2026-10-24T23:00:00Z'],
    ['2026-10-26', 'Europe/Lisbon', '2026-10-26T00:00:00Z'],
    ['2024-10-27', 'Atlantic/Azores', '2024-10-27T00:00:00Z'], // midnight comes twice
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'], // Samoa skipped this day
  ])('%s in %s starts at %s', (day, zone, instant) => {
    expect(new Date(startOfDayIn(day, zone)).toISOString()).toBe(new Date(instant).toISOString());
  });

  test('days have 23, 24 or 25 hours', () => {
    const hours = (day: string, zone: string): number =>
      (endOfDayIn(day, zone) - startOfDayIn(day, zone)) / HOUR;
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
    expect(hours('2018-02-17', 'America/Sao_Paulo')).toBe(25);
    expect(hours('2026-11-22', 'America/Sao_Paulo')).toBe(24);
    expect(hours('2026-03-29', 'Europe/Lisbon')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Lisbon')).toBe(25);
    expect(hours('2011-12-30', 'Pacific/Apia')).toBe(0);
  });

  test('its first instant falls on it and the instant before does not', () => {
    const days = fc
      .integer({ min: 0, max: 365 * 40 })
      .map((count) => addToDay('1995-01-01', count));
    fc.assert(
      fc.property(days, fc.constantFrom(...ZONES), (day, zone) => {
        const start = startOfDayIn(day, zone);
        expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(start - 1, zone)).toBe(previousDay(day));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the calendar', () => {
  test('counts over months, years and leap days', () => {
    expect(nextDay('2026-02-28')).toBe('2026-03-01');
    expect(nextDay('2028-02-28')).toBe('2028-02-29');
    expect(previousDay('2026-01-01')).toBe('2025-12-31');
    expect(addToDay('2026-11-22', -60)).toBe('2026-09-23');
    expect(differenceInDays('2026-11-22', '2026-11-22')).toBe(0);
    expect(differenceInDays('2024-02-28', '2024-03-01')).toBe(2);
    expect(differenceInDays('2024-03-01', '2024-02-28')).toBe(-2);
  });

  test('a range holds both its ends', () => {
    expect(daysInRange('2018-11-03', '2018-11-05')).toEqual([
      '2018-11-03',
      '2018-11-04',
      '2018-11-05',
    ]);
    expect(daysInRange('2026-11-22', '2026-11-22')).toEqual(['2026-11-22']);
    expect(() => daysInRange('2026-11-22', '2026-11-21')).toThrow(
      'The range from 2026-11-22 to 2026-11-21 ends before it starts.',
    );
  });

  test.each(['2026-02-30', '2026-13-01', '2025-02-29', '2026-00-10'])(
    'there is no day %s',
    (text) => {
      expect(() => parseDay(text)).toThrow(
        new DayError(`There is no day ${text} in the calendar.`),
      );
    },
  );

  test.each(['22/11/2026', '2026-11-2', '20261122', 'yesterday', '', '2026-11-22T00:00:00Z'])(
    '"%s" is not written as a day',
    (text) => {
      expect(() => parseDay(text)).toThrow(/write it as YYYY-MM-DD/);
    },
  );

  test('nothing depends on the zone of the machine', () => {
    const days = fileURLToPath(new URL('../../../src/lake/days.ts', import.meta.url));
    const script = `
      import { daysInRange, startOfDayIn } from ${JSON.stringify(days)};
      const days = daysInRange('2015-01-01', '2026-12-31');
      const starts = days.map((day) => startOfDayIn(day, 'America/Sao_Paulo'));
      console.log(JSON.stringify([days, starts]));`;
    const run = (zone: string): unknown =>
      JSON.parse(
        execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
          env: { ...process.env, TZ: zone },
          encoding: 'utf8',
        }),
      );
    const expected = daysInRange('2015-01-01', '2026-12-31');
    for (const zone of ['Atlantic/Azores', 'America/Sao_Paulo']) {
      expect(run(zone)).toEqual([
        expected,
        expected.map((day) => startOfDayIn(day, 'America/Sao_Paulo')),
      ]);
    }
  });
});

describe('event time', () => {
  test('is the own time of an update, or else when it was received', () => {
    expect(eventTime(1_795_000_000, 5)).toBe(1_795_000_000_000);
    expect(eventTime(null, 1_795_000_000_123)).toBe(1_795_000_000_123);
  });

  test.each([-1, 1e15, 253_402_300_799])(
    'an impossible own time of %s s counts as none',
    (time) => {
      expect(eventTime(time, 1_795_000_000_123)).toBe(1_795_000_000_123);
    },
  );
});
