import { describe, expect, test } from '@jest/globals';

import {
  chatStateKey,
  dayOfKey,
  dayPrefix,
  parquetKey,
  partKey,
  rawKey,
  rejectedPrefix,
  runsPrefix,
  stagingKey,
} from '../../../src/lake/keys.ts';

describe('dayOfKey', () => {
  const day = '2026-03-10';

  test.each([
    rawKey(day, 42),
    `${dayPrefix(day)}a/folder/in/it.json`,
    parquetKey(day),
    partKey(day, 'a1', 3),
    stagingKey(day, 'a1', 'part.parquet', 3),
    `${rejectedPrefix(day)}ab.json`,
    `${runsPrefix(day)}ab.parquet`,
  ])('%s is of its day', (key) => {
    expect(dayOfKey(key)).toBe(day);
  });

  test.each([
    chatStateKey(42),
    `context_date=${day}/1.json`,
    `telegram/old/context_date=${day}/1.json`,
    `telegram/context_date=${day}`,
    'telegram/context_date=yesterday/1.json',
  ])('%s is of none', (key) => {
    expect(dayOfKey(key)).toBeUndefined();
  });
});
