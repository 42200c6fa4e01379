import { beforeEach, describe, expect, test } from '@jest/globals';

import { type Cached, FOREVER, cached } from '../../../src/aws/cached.ts';

let now: number;
let readings: number;
let isBroken: boolean;
let value: Cached<number>;

const read = async () => {
  readings++;
  await Promise.resolve();
  if (isBroken) throw new Error('broken');
  return readings;
};

beforeEach(() => {
  [now, readings, isBroken] = [0, 0, false];
  value = cached(read, { ttl: 100, shortest: 10, clock: () => now });
});

describe('a cached value', () => {
  test('is read when it is wanted, and again when it is old', async () => {
    expect(readings).toBe(0);
    expect([await value.get(), await value.get()]).toEqual([1, 1]);
    now = 99;
    expect(await value.get()).toBe(1);
    now = 100;
    expect(await value.get()).toBe(2);
  });

  test('is read once for all who want it at the same time', async () => {
    expect(await Promise.all([value.get(), value.get(), value.refresh()])).toEqual([1, 1, 1]);
  });

  test('is refreshed, but not more often than it may', async () => {
    await value.get();
    expect(await value.refresh()).toBe(2);
    now = 9;
    expect(await value.refresh()).toBe(2);
    now = 10;
    expect([await value.refresh(), await value.refresh()]).toEqual([3, 3]);
    expect(readings).toBe(3);
  });

  test('is not kept when reading fails: the next one tries again', async () => {
    isBroken = true;
    await expect(value.get()).rejects.toThrow('broken');
    isBroken = false;
    expect(await value.get()).toBe(2);
    isBroken = true;
    now = 1_000;
    await expect(value.get()).rejects.toThrow('broken');
  });

  test('can be kept for ever', async () => {
    const constant = cached(read, FOREVER);
    expect(await constant.get()).toBe(1);
    now = 1e12;
    expect(await constant.get()).toBe(1);
  });
});
