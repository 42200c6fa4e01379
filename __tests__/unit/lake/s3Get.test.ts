import { afterEach, describe, expect, test } from '@jest/globals';

import { type S3ServerOptions, sendError } from '../../../bench/s3/server.ts';
import { NotFoundError, UnavailableError } from '../../../src/lake/objectStore.ts';
import type { S3Store } from '../../../src/lake/s3Store.ts';
import { type S3Lake, startS3Lake } from '../../support/s3Lake.ts';

const lakes: S3Lake[] = [];

afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

async function open(options: S3ServerOptions = {}): Promise<S3Lake & { readonly raw: S3Store }> {
  const lake = await startS3Lake(options);
  lakes.push(lake);
  return lake as S3Lake & { readonly raw: S3Store };
}

describe('a small object of S3', () => {
  test('is read whole, also where nothing tells how long it is', async () => {
    const lake = await open({
      intercept: ({ key }, response) => {
        if (key !== 'chunked') return false;
        response.writeHead(200).write('first, ');
        setTimeout(() => response.end('second'), 5);
        return true;
      },
    });
    lake.put('plain', 'body');
    lake.put('empty', '');
    expect(Buffer.from((await lake.raw.getSmall('plain', 4)) ?? []).toString()).toBe('body');
    expect(await lake.raw.getSmall('empty', 4)).toHaveLength(0);
    const chunked = await lake.raw.getSmall('chunked', 100);
    expect(Buffer.from(chunked ?? []).toString()).toBe('first, second');
  });

  test('that is longer than wanted is none', async () => {
    const lake = await open();
    lake.put('plain', 'body');
    expect(await lake.raw.getSmall('plain', 3)).toBeNull();
  });

  test('that is not there is not found', async () => {
    const lake = await open();
    await expect(lake.raw.getSmall('none', 4)).rejects.toThrow(NotFoundError);
  });

  test('whose body breaks off is asked for again, and no part of it is given out', async () => {
    let asked = 0;
    const lake = await open({
      intercept: ({ key }, response) => {
        if (key !== 'whole' || ++asked > 2) return false;
        response.writeHead(200, { 'content-length': 5 }).write('who');
        setTimeout(() => response.destroy(), 5);
        return true;
      },
    });
    lake.put('whole', 'whole');
    const bytes = await lake.raw.getSmall('whole', 100);
    expect(Buffer.from(bytes ?? []).toString()).toBe('whole');
    expect(asked).toBe(3);
  });

  test('whose body always breaks off is Unavailable', async () => {
    const lake = await open({
      intercept: ({ key }, response) => {
        if (key !== 'broken') return false;
        response.writeHead(200, { 'content-length': 5 }).write('bro');
        setTimeout(() => response.destroy(), 1);
        return true;
      },
    });
    await expect(lake.raw.getSmall('broken', 100)).rejects.toThrow(UnavailableError);
  });

  test('is given up after the last try, also when that one found the credentials expired', async () => {
    let asked = 0;
    const lake = await open({
      intercept: ({ key }, response) => {
        if (key !== 'slow') return false;
        // Eight tries: the eighth is answered so.
        if (++asked === 8) sendError(response, 400, 'ExpiredToken');
        else sendError(response, 503, 'SlowDown');
        return true;
      },
    });
    await expect(lake.raw.getSmall('slow', 100)).rejects.toThrow(UnavailableError);
    expect(asked).toBe(9);
  });
});
