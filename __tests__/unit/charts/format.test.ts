import { describe, expect, test } from '@jest/globals';

import { formatDuration, formatValue } from '../../../src/charts/format.ts';
import { changeOf, tilesOf } from '../../../src/charts/tiles.ts';

/** Intl's spaces that do not break, as plain ones. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('formatValue', () => {
  test.each([
    [1234567, 'bigint', 'messages', '1.234.567'],
    [1234567, 'bigint', null, '1234567'],
    [2026, 'bigint', 'iso_year', '2026'],
    [0.0625, 'double', 'share', '6,3%'],
    [0.042, 'double', 'ms', '0,04 ms'],
    [1500, 'double', 'ms', '1,5 s'],
    [42, 'bigint', 'seconds', '42 s'],
    [3, 'bigint', 'weekday', 'qua'],
    [9, 'bigint', 'hour', '9'],
    ['2026-11-21', 'date', 'day', 'sáb., 21 de nov. de 2026'],
    ['2026-11-01', 'date', 'month', 'nov. de 2026'],
    ['2026-11-21T18:30:00.123', 'timestamp', 'time', '21 de nov. de 2026, 18:30'],
    ['<b>', 'varchar', null, '<b>'],
    ['voice', 'varchar', 'content_type', 'mensagem de voz'],
    ['constructor', 'varchar', 'content_type', 'constructor'],
    ['supergroup', 'varchar', 'chat_type', 'grupo'],
    ['pt', 'varchar', 'language', 'português'],
    ['not a code', 'varchar', 'language', 'not a code'],
    ['9007199254740993', 'bigint', 'messages', '9007199254740993'],
    [true, 'boolean', null, 'sim'],
    [null, 'bigint', 'messages', '–'],
    [undefined, 'bigint', 'messages', '–'],
  ])('%j of type %s in %s is %s', (value, type, unit, text) => {
    expect(plain(formatValue(value, { type, unit }, 'pt'))).toBe(text);
  });
});

test.each([
  [0, '0 s'],
  [59.4, '59.4 s'],
  [60, '1 min'],
  [3599, '1 h'],
  [3660, '1 h 01 min'],
  [7200, '2 h'],
  [90000, '25 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds, 'en-GB')).toBe(text);
});

describe('a change', () => {
  const of = (name: string, unit: string, now: number | null, before: number | null) =>
    changeOf({ name, unit }, now, before, 'en');

  test('is in per cent; of shares in points', () => {
    expect(of('message_amount', 'messages', 150, 100)).toEqual({
      direction: 'up',
      text: '50%',
      isGood: true,
    });
    expect(of('fallback_rate', 'share', 0.1, 0.15)).toEqual({
      direction: 'down',
      text: '5 pts',
      isGood: true,
    });
    expect(of('decision_time_p95', 'ms', 3, 2)).toMatchObject({ direction: 'up', isGood: false });
    expect(of('reaction_amount', 'reactions', 3, 2)).toMatchObject({ isGood: null });
  });

  test('is none below what is shown, and unknown where something is missing', () => {
    expect(of('message_amount', 'messages', 10_001, 10_000)).toMatchObject({ direction: 'same' });
    expect(of('message_amount', 'messages', 5, 0)).toBeNull();
    expect(of('answered_rate', 'share', 0.5, 0)).toMatchObject({ text: '50 pts' });
    expect(of('answered_rate', 'share', null, 0.5)).toBeNull();
    expect(of('answered_rate', 'share', 0.5, null)).toBeNull();
  });

  test('stands in each tile', () => {
    const columns = [
      { name: 'message_amount', type: 'bigint', unit: 'messages', title: { en: 'M', pt: 'm' } },
    ];
    const analysis = {
      title: { en: '', pt: '' },
      columns,
      chart: { kind: 'tiles', y: ['message_amount'] },
    } as const;
    const result = (value: number | null) => ({ columns: ['message_amount'], rows: [[value]] });
    expect(tilesOf(analysis, result(3), result(2), 'en')).toEqual([
      {
        name: 'message_amount',
        title: 'M',
        value: 3,
        text: '3',
        change: { direction: 'up', text: '50%', isGood: true },
      },
    ]);
    expect(tilesOf(analysis, result(null), null, 'pt')).toMatchObject([
      { title: 'm', text: '–', change: null },
    ]);
  });
});
