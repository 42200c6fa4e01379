import { describe, expect, test } from '@jest/globals';

import { createFloodGuard } from '../../../src/bot/floodGuard.ts';

describe('createFloodGuard', () => {
  test('lets so many through within 60 s, and more when the first of them is older', () => {
    const mayAnswer = createFloodGuard(2);
    expect(mayAnswer(7, 0)).toBe(true);
    expect(mayAnswer(7, 30_000)).toBe(true);
    expect(mayAnswer(7, 59_999)).toBe(false);
    expect(mayAnswer(7, 60_000)).toBe(true);
    expect(mayAnswer(7, 60_001)).toBe(false);
    expect(mayAnswer(7, 90_000)).toBe(true);
  });

  test('what is not answered does not prolong the silence', () => {
    const mayAnswer = createFloodGuard(1);
    expect(mayAnswer(7, 0)).toBe(true);
    for (let now = 1_000; now < 60_000; now += 1_000) expect(mayAnswer(7, now)).toBe(false);
    expect(mayAnswer(7, 60_000)).toBe(true);
  });

  test('counts each chat for itself', () => {
    const mayAnswer = createFloodGuard(1);
    expect(mayAnswer(7, 0)).toBe(true);
    expect(mayAnswer(8, 0)).toBe(true);
    expect(mayAnswer(7, 1)).toBe(false);
  });

  test('does not count an import that goes back in time', () => {
    const mayAnswer = createFloodGuard(1);
    expect(mayAnswer(7, 10_000_000)).toBe(true);
    expect(mayAnswer(7, 1_000_000)).toBe(true);
  });

  test('remembers 10,000 chats, and forgets the one silent longest', () => {
    const mayAnswer = createFloodGuard(1);
    for (let chat = 0; chat < 10_000; chat++) mayAnswer(chat, 0);
    expect(mayAnswer(0, 1)).toBe(false);
    mayAnswer(10_000, 1);
    expect(mayAnswer(0, 2)).toBe(false);
    expect(mayAnswer(1, 2)).toBe(true);
  });
});
