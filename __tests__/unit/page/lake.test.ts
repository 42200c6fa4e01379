import { describe, expect, test } from '@jest/globals';
import { en } from '../../../page/src/i18n/en.ts';
import { pt } from '../../../page/src/i18n/pt.ts';
import { lakeParams, lakePlaceIn, placeOfRecord } from '../../../page/src/lake/lakePlace.ts';
import { sayReplay } from '../../../page/src/lake/sayReplay.ts';
import { stripCells, weightOf } from '../../../page/src/lake/stripCells.ts';
import { daysToLookAt, totalsOf } from '../../../page/src/lake/totals.ts';
import { formatBytes, formatDollars } from '../../../page/src/shared/format.ts';
import { sayClosed } from '../../../page/src/shared/sayClosed.ts';
import type { CloseResult, LakeDay } from '../../../src/local/api.ts';

const DAY: LakeDay = {
  ...{ day: '2026-11-20', state: 'closed', objects: 10, rawBytes: 1000, rejected: 0, messages: 8 },
  file: { bytes: 400, rows: 9, writtenAt: '2026-11-21T03:00:00.000Z' },
};

const RUN: CloseResult = {
  ...{ day: '2026-11-20', status: 'written', stored: 10, rows: 9, duplicates: 0, rejected: 1 },
  ...{ parquetKey: 'telegram/context_date=2026-11-20/messages.parquet', bytes: 1234, ms: 34 },
};

describe('the place in the lake', () => {
  test('is read as it is written', () => {
    const record = { key: 'telegram/context_date=2026-11-20/a.ndjson.gz', line: 7 };
    for (const place of [
      { day: null },
      { day: '2026-11-20' },
      { day: '2026-11-20', tab: 'rows', page: 3 },
      { day: '2026-11-20', tab: 'objects', object: record.key, record },
      { day: '2026-11-20', tab: 'rejected', rejected: 'rejected/x.json' },
    ] as const) {
      expect(lakePlaceIn(lakeParams(place))).toMatchObject({ isUnreadable: false, ...place });
    }
  });

  test('what the URL names wrongly leads to a beginning', () => {
    const read = (query: string) => lakePlaceIn(new URLSearchParams(query));
    expect(read('day=2026-02-30')).toMatchObject({ day: null, isUnreadable: true });
    expect(read('day=2026-11-20&tab=nothing&page=-2')).toMatchObject({ tab: 'objects', page: 1 });
  });

  test('a record of a packed object is shown within that object', () => {
    const key = 'telegram/context_date=2026-11-20/a.ndjson.gz';
    expect(placeOfRecord({ key, line: 2 })).toMatchObject({ day: '2026-11-20', object: key });
    const single = placeOfRecord({ key: 'telegram/context_date=2026-11-20/7.json', line: 0 });
    expect(single).not.toHaveProperty('object');
  });
});

describe('the strip of days', () => {
  const of = (day: string): LakeDay => ({ ...DAY, day });
  const kinds = (days: readonly string[], today: string) =>
    stripCells(days.map(of), today).map(({ month, cells }) => [
      month,
      cells.map(({ kind, day }) => `${kind} ${day.slice(8)}`),
    ]);

  test('holds every day up to today, by months', () => {
    expect(kinds(['2026-10-30', '2026-11-02'], '2026-11-03')).toEqual([
      ['2026-10', ['day 30', 'blank 31']],
      ['2026-11', ['blank 01', 'day 02', 'blank 03']],
    ]);
    expect(kinds(['2026-11-03'], '2026-11-03')).toEqual([['2026-11', ['day 03']]]);
    expect(kinds([], '2026-11-03')).toEqual([]);
  });

  test('a single old object does not make it long', () => {
    expect(kinds(['2019-01-01', '2026-11-01'], '2026-11-01')).toEqual([
      ['2019-01', ['day 01', 'gap 02']],
      ['2026-11', ['day 01']],
    ]);
  });

  test('a day ahead of today, by a clock that was wrong, is shown', () => {
    expect(kinds(['2026-11-05'], '2026-11-03')).toEqual([['2026-11', ['day 05']]]);
  });

  test('a day without a file is weighed by its objects', () => {
    expect(weightOf(DAY)).toBe(8);
    expect(weightOf({ ...DAY, messages: null })).toBe(10);
  });
});

describe('all days', () => {
  const open: LakeDay = { ...DAY, day: '2026-11-22', state: 'open', messages: null, file: null };
  const rejected: LakeDay = { ...DAY, day: '2026-11-21', rejected: 3 };

  test('are added up', () => {
    expect(totalsOf([DAY, rejected, open])).toEqual({
      ...{ objects: 30, rawBytes: 3000, messages: 16, rows: 18, files: 2, fileBytes: 800 },
      ...{ rejected: 3, rejectedDays: 1 },
    });
  });

  test('those that wait for somebody come with the latest first', () => {
    const days = [DAY, { ...DAY, state: 'provisional' as const }, rejected, open];
    expect(daysToLookAt(days, '2026-11-23')).toEqual([open, rejected]);
    expect(daysToLookAt(days, open.day)).toEqual([rejected]);
  });
});

describe('what was done, in words', () => {
  test('closing a day', () => {
    expect(sayClosed(RUN, en)).toBe('9 rows, 1.2 kB in 34 ms · 1 rejected');
    expect(sayClosed({ ...RUN, status: 'unchanged' }, en)).toBe(en.days.outcomes.unchanged);
    expect(sayClosed({ ...RUN, status: 'kept' }, pt)).toBe(pt.days.outcomes.kept);
    expect(sayClosed({ ...RUN, status: 'empty', rows: 0 }, en)).toContain('1 rejected');
  });

  test('a record that came back', () => {
    const rawKey = 'telegram/context_date=2026-11-20/4.json';
    const said = sayReplay(
      {
        replayed: [{ key: 'rejected/x', day: '2026-11-20', rawKey }],
        ...{ failed: [], runs: [RUN], failures: [] },
      },
      en,
    );
    expect(said).toMatchObject({ isGood: true, back: { key: rawKey, line: 0 } });
    expect(said.lines.map(({ words }) => words)).toEqual([
      '1 record is back in the raw layer.',
      '20 Nov was closed again: 9 rows, 1.2 kB in 34 ms · 1 rejected.',
    ]);
  });

  test('records that did not come back, with each reason once', () => {
    const failed = ['it is not JSON', 'it is not UTF-8', 'it is not JSON'].map((reason, index) => ({
      key: `rejected/${index}`,
      reason,
    }));
    const said = sayReplay({ replayed: [], failed, runs: [], failures: [] }, en);
    expect(said).toEqual({
      isGood: false,
      back: null,
      lines: [
        {
          words: '3 records still cannot be read:',
          details: ['it is not JSON', 'it is not UTF-8'],
        },
      ],
    });
  });

  test('nothing to replay, and a day that could not be closed', () => {
    const nothing = { replayed: [], failed: [], runs: [], failures: [] };
    expect(sayReplay(nothing, en).lines).toEqual([
      { words: en.days.rejected.nothingDone, details: [] },
    ]);
    const failures = [{ day: '2026-11-20', error: 'the disk is full' }];
    expect(sayReplay({ ...nothing, failures }, pt)).toMatchObject({
      isGood: false,
      lines: [{ words: '20 de nov. não pôde ser fechado:', details: ['the disk is full'] }],
    });
  });
});

describe('sizes and prices', () => {
  test('are written in the unit that reads best', () => {
    expect([999, 1200, 4_500_000, 11_100_000_000].map((bytes) => formatBytes(bytes, 'en'))).toEqual(
      ['999 B', '1.2 kB', '4.5 MB', '11.1 GB'],
    );
    expect(formatDollars(0.0000476837158203125, 'en-US')).toBe('$0.000048');
  });
});
