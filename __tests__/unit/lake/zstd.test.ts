import { describe, expect, test } from '@jest/globals';

import { loadZstd } from '../../../src/lake/zstd.ts';

describe('zstd', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([7])],
    ['text', Buffer.from('São Paulo 🎉 '.repeat(10_000))],
    ['a mebibyte of noise', Buffer.from(Array.from({ length: 2 ** 20 }, (_, i) => (i * i) % 251))],
  ])('gives back %s', async (_name, bytes) => {
    const { compress, decompress } = await loadZstd();
    const packed = compress(bytes);
    // The frame's magic number, which is what other readers look at.
    expect([...packed.subarray(0, 4)]).toEqual([0x28, 0xb5, 0x2f, 0xfd]);
    expect(Buffer.compare(decompress(packed), bytes)).toBe(0);
  });

  test('what it returns stays as it is when it is used again', async () => {
    const { compress } = await loadZstd();
    const first = compress(Buffer.from('first'));
    const kept = Buffer.from(first);
    compress(Buffer.from('second, and longer'));
    expect(kept.equals(first)).toBe(true);
  });

  test('makes repetitive text small', async () => {
    const { compress } = await loadZstd();
    expect(compress(Buffer.from('frete '.repeat(10_000))).length).toBeLessThan(100);
  });
});
