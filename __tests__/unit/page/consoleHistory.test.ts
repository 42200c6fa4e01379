import { describe, expect, test } from '@jest/globals';

import { columnWidths } from '../../../page/src/shared/columnWidths.ts';
import { readHistory, remember, type Past } from '../../../page/src/console/history.ts';

/** A browser's storage, as far as the history needs it. */
function storageOf(text: string | null = null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

const past = (sql: string, more: Partial<Past> = {}): Past => ({
  ...{ sql, lake: 'own', at: 1, rows: 2 },
  ...more,
});

describe('the history', () => {
  test('has the last query first, and each query of a lake once', () => {
    const storage = storageOf();
    remember(past('a'), storage);
    remember(past('b'), storage);
    remember(past('a', { lake: 'sample' }), storage);
    const now = remember(past('a', { at: 2, rows: null }), storage);
    expect(now).toEqual([
      past('a', { at: 2, rows: null }),
      past('a', { lake: 'sample' }),
      past('b'),
    ]);
    expect(readHistory(storage)).toEqual(now);
  });

  test('keeps fifty, and none that is longer than a person writes', () => {
    const storage = storageOf();
    for (let index = 0; index < 60; index += 1) remember(past(`query ${index}`), storage);
    remember(past('x'.repeat(20_001)), storage);
    const history = readHistory(storage);
    expect([history.length, history[0]?.sql, history[49]?.sql]).toEqual([
      50,
      'query 59',
      'query 10',
    ]);
  });

  test.each([null, '', 'nonsense', '{}', '[1,null,{"sql":"a"},{"sql":1,"lake":"own","at":1}]'])(
    'takes what is damaged for nothing: %s',
    (text) => {
      expect(readHistory(storageOf(text))).toEqual([]);
    },
  );

  test('goes on where the storage is full or forbidden', () => {
    const broken = {
      getItem: (): string => {
        throw new Error('No.');
      },
      setItem: () => {
        throw new Error('Full.');
      },
    };
    expect(remember(past('a'), broken)).toEqual([past('a')]);
  });
});

test('columns are as wide as their first values, within bounds', () => {
  const widths = columnWidths({
    columns: ['n', 'a_longer_name', 'text'],
    rows: [
      [1, null, 'x'.repeat(500)],
      [2, 'short', ''],
    ],
  });
  expect(widths).toEqual([64, 126, 360]);
});
