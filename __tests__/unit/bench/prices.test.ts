import { expect, test } from '@jest/globals';

import { PRICES, priceOf } from '../../../bench/cost/prices.ts';

test('a price counts what every account has free only where it is told to', () => {
  expect(priceOf('sqsRequests', 3e6, false)).toBeCloseTo(1.2, 9);
  expect(priceOf('sqsRequests', 3e6, true)).toBeCloseTo(0.8, 9);
  expect(priceOf('alarms', 7, false)).toBeCloseTo(0.7, 9);
  // What is left over of it pays for nothing else.
  expect(priceOf('alarms', 7, true)).toBe(0);
  expect(priceOf('apiRequests', 1e6, true)).toBe(3.5);
});

test('each price says where it stands', () => {
  for (const { source } of Object.values(PRICES)) {
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/\S+\/$/);
  }
});
