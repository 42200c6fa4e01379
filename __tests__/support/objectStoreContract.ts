import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  NotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  readText,
} from '../../src/lake/objectStore.ts';

/** An empty store of one's own, and how to remove it. */
export interface TestStore {
  readonly store: ObjectStore;
  readonly remove: () => Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** `count` chunks of one mebibyte, each filled with its number. */
async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    yield await Promise.resolve(Buffer.alloc(MEBIBYTE, index));
  }
}

async function* failingBody(after: number): AsyncGenerator<Uint8Array> {
  yield* chunks(after);
  throw new Error('the source broke');
}

async function keys(
  store: ObjectStore,
  prefix: string,
  options?: { readonly after?: string },
): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix, options)) found.push(key);
  return found;
}

/** What every `ObjectStore` does, tried on one. */
export function objectStoreContract(makeStore: () => Promise<TestStore>): void {
  let store: ObjectStore;
  let remove: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    ({ store, remove } = await makeStore());
  });

  afterAll(async () => {
    await remove?.();
  });

  /** An object with all that reading it tells. */
  async function read(key: string): Promise<{ size: number; etag: string; body: Buffer }> {
    const { size, etag, stream } = await store.get(key);
    const body: Uint8Array[] = [];
    for await (const chunk of stream) body.push(chunk);
    return { size, etag, body: Buffer.concat(body) };
  }

  describe('reading and writing', () => {
    test('an object reads as it was written, bytes, size and ETag', async () => {
      const body = Buffer.from([0, 255, 10, 13, 128, ...bytes('olá 👋')]);
      const { etag } = await store.put('io/bytes.json', body);
      expect(await read('io/bytes.json')).toEqual({ size: body.length, etag, body });
    });

    test('an empty object is one', async () => {
      await store.put('io/empty', new Uint8Array());
      expect(await readText(store, 'io/empty')).toBe('');
      expect(await read('io/empty')).toMatchObject({ size: 0 });
    });

    test('there is no object under a key that was never written', async () => {
      await expect(store.get('io/nothing')).rejects.toThrow(NotFoundError);
      await expect(store.get('io')).rejects.toThrow(NotFoundError);
      await expect(store.get('io/empty/below')).rejects.toThrow(NotFoundError);
    });

    test('a write replaces the object and changes its ETag', async () => {
      const first = await store.put('io/replaced', bytes('one'));
      const second = await store.put('io/replaced', bytes('two'));
      expect(second.etag).not.toBe(first.etag);
      expect(await readText(store, 'io/replaced')).toBe('two');
    });

    test('keys hold what people and days are named', async () => {
      const key = 'names/context_date=2026-11-22/ção 日本 👋 (1)+&%.json';
      await store.put(key, bytes('x'));
      expect(await readText(store, key)).toBe('x');
      expect(await keys(store, 'names/')).toEqual([key]);
    });

    test('a body that comes in chunks is written whole, however large', async () => {
      const { etag } = await store.put('io/large', chunks(20));
      const { body, ...object } = await read('io/large');
      expect(object).toEqual({ size: 20 * MEBIBYTE, etag });
      for (let index = 0; index < 20; index++) {
        const chunk = body.subarray(index * MEBIBYTE, (index + 1) * MEBIBYTE);
        expect(chunk.equals(Buffer.alloc(MEBIBYTE, index))).toBe(true);
      }
    });

    test('a small or empty body may come in chunks, too', async () => {
      await store.put('io/one-chunk', chunks(1));
      await store.put('io/no-chunk', chunks(0));
      expect(await read('io/one-chunk')).toMatchObject({ size: MEBIBYTE });
      expect(await read('io/no-chunk')).toMatchObject({ size: 0 });
    });

    test('a body that breaks off leaves what was there before', async () => {
      await store.put('io/broken', bytes('before'));
      for (const after of [1, 18]) {
        await expect(store.put('io/broken', failingBody(after))).rejects.toThrow(
          'the source broke',
        );
        await expect(store.put('io/never', failingBody(after))).rejects.toThrow('the source broke');
      }
      expect(await readText(store, 'io/broken')).toBe('before');
      await expect(store.get('io/never')).rejects.toThrow(NotFoundError);
      expect(await keys(store, 'io/never')).toEqual([]);
    });

    test('a cancelled write writes nothing', async () => {
      const controller = new AbortController();
      async function* body(): AsyncGenerator<Uint8Array> {
        yield* chunks(18);
        controller.abort();
        yield* chunks(1);
      }
      const { signal } = controller;
      await expect(store.put('io/cancelled', body(), { signal })).rejects.toThrow(/abort/i);
      await expect(store.put('io/cancelled', bytes('x'), { signal })).rejects.toThrow(/abort/i);
      await expect(store.get('io/cancelled')).rejects.toThrow(NotFoundError);
    });
  });

  describe('conditions', () => {
    test('ifNoneMatch writes once', async () => {
      await store.put('if/once', bytes('first'), { ifNoneMatch: '*' });
      await expect(store.put('if/once', bytes('second'), { ifNoneMatch: '*' })).rejects.toThrow(
        PreconditionFailedError,
      );
      expect(await readText(store, 'if/once')).toBe('first');
    });

    test('of many who write the same key at once with ifNoneMatch, one succeeds', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) =>
          store.put('if/race', bytes(`${index}`), { ifNoneMatch: '*' }),
        ),
      );
      const won = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      expect(won).toHaveLength(1);
      const lost = results.filter((result) => result.status === 'rejected');
      for (const { reason } of lost) expect(reason).toBeInstanceOf(PreconditionFailedError);
      expect(await readText(store, 'if/race')).toBe(`${won[0] ?? ''}`);
    });

    test('ifMatch replaces only what was seen', async () => {
      const { etag } = await store.put('if/seen', bytes('one'));
      const next = await store.put('if/seen', bytes('two'), { ifMatch: etag });
      await expect(store.put('if/seen', bytes('three'), { ifMatch: etag })).rejects.toThrow(
        PreconditionFailedError,
      );
      expect(await readText(store, 'if/seen')).toBe('two');
      expect(await read('if/seen')).toMatchObject({ etag: next.etag });
    });

    test('ifMatch fails where the object is gone', async () => {
      const { etag } = await store.put('if/gone', bytes('one'));
      await store.delete(['if/gone']);
      await expect(store.put('if/gone', bytes('two'), { ifMatch: etag })).rejects.toThrow(
        PreconditionFailedError,
      );
      await expect(store.get('if/gone')).rejects.toThrow(NotFoundError);
    });

    test('of many who replace the same version at once, one succeeds', async () => {
      const { etag } = await store.put('if/replace', bytes('start'));
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) =>
          store.put('if/replace', bytes(`${index}`), { ifMatch: etag }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('both conditions hold for a large body in chunks', async () => {
      const { etag } = await store.put('if/large', chunks(18), { ifNoneMatch: '*' });
      await expect(store.put('if/large', chunks(17), { ifNoneMatch: '*' })).rejects.toThrow(
        PreconditionFailedError,
      );
      await store.put('if/large', chunks(19), { ifMatch: etag });
      await expect(store.put('if/large', chunks(17), { ifMatch: etag })).rejects.toThrow(
        PreconditionFailedError,
      );
      expect(await read('if/large')).toMatchObject({ size: 19 * MEBIBYTE });
    });

    test('an ETag never comes back, not even when the same size is written at once', async () => {
      const etags = new Set<string>();
      for (let index = 0; index < 30; index++) {
        etags.add((await store.put('if/etag', bytes(String(100 + index)))).etag);
      }
      expect(etags.size).toBe(30);
    });
  });

  describe('listing', () => {
    /** In the order of UTF-8 bytes, in which `-` and `.` come before `/`, and emoji last. */
    const ORDER = [
      'list/a-b/1.json',
      'list/a.json',
      'list/a/1.json',
      'list/a/10.json',
      'list/a/2.json',
      'list/a/b/c/deep.json',
      'list/a0.json',
      'list/context_date=2026-11-21/1.json',
      'list/context_date=2026-11-22/1.json',
      'list/z.json',
      'list/é.json',
      'list/ﬀ.json',
      'list/👋.json',
    ];

    beforeAll(async () => {
      for (const key of ORDER.toReversed()) await store.put(key, bytes(key));
      await store.put('list2/x.json', bytes('x'));
    });

    test('gives all keys under a prefix in the order of their bytes', async () => {
      expect(await keys(store, 'list/')).toEqual(ORDER);
    });

    test('tells what reading would', async () => {
      for await (const { key, size, etag, modified } of store.list('list/')) {
        expect(await read(key)).toEqual({ size, etag, body: Buffer.from(key) });
        expect(Math.abs(modified.getTime() - Date.now())).toBeLessThan(3_600_000);
      }
    });

    test.each([
      ['list/a', ['list/a-b/1.json', 'list/a.json', ...ORDER.slice(2, 7)]],
      ['list/a/1', ['list/a/1.json', 'list/a/10.json']],
      ['list/a/b/', ['list/a/b/c/deep.json']],
      ['list/a.json', ['list/a.json']],
      ['list/context_date=2026-11-2', ORDER.slice(7, 9)],
      ['list/nothing/', []],
      ['nothing', []],
    ])('of prefix %s', async (prefix, expected) => {
      expect(await keys(store, prefix)).toEqual(expected);
    });

    test('starts after any key, one that is there or not', async () => {
      for (const [index, after] of ORDER.entries()) {
        expect(await keys(store, 'list/', { after })).toEqual(ORDER.slice(index + 1));
        expect(await keys(store, 'list/', { after: `${after}!` })).toEqual(ORDER.slice(index + 1));
      }
      expect(await keys(store, 'list/', { after: 'list/a/' })).toEqual(ORDER.slice(2));
      expect(await keys(store, 'list/', { after: 'list/a/b' })).toEqual(ORDER.slice(5));
      expect(await keys(store, 'list/', { after: 'a' })).toEqual(ORDER);
      expect(await keys(store, 'list/', { after: 'm' })).toEqual([]);
    });

    test('an empty prefix is the whole store', async () => {
      const all = await keys(store, '');
      expect(all.filter((key) => key.startsWith('list/'))).toEqual(ORDER);
      expect(all).toContain('list2/x.json');
    });

    test('a replaced object shows another ETag', async () => {
      const before = await store.put('etag/x', bytes('one'));
      await store.put('etag/x', bytes('two'));
      for await (const { etag } of store.list('etag/')) expect(etag).not.toBe(before.etag);
      expect(await keys(store, 'etag/')).toEqual(['etag/x']);
    });

    test('goes on over more objects than one page holds', async () => {
      const many = Array.from({ length: 1_050 }, (_, index) => `many/${1_000_000 + index}.json`);
      for (let start = 0; start < many.length; start += 50) {
        await Promise.all(many.slice(start, start + 50).map((key) => store.put(key, bytes('x'))));
      }
      expect(await keys(store, 'many/')).toEqual(many);
      const versions = new Set<string>();
      for await (const { key } of store.versions('many/')) versions.add(key);
      expect([...versions]).toEqual(many);
      await store.delete(many);
      expect(await keys(store, 'many/')).toEqual([]);
    });
  });

  describe('deleting', () => {
    test('removes what is there and does not mind what is not', async () => {
      await store.put('delete/a', bytes('a'));
      await store.put('delete/b', bytes('b'));
      await store.delete(['delete/a', 'delete/never', 'never/there']);
      expect(await keys(store, 'delete/')).toEqual(['delete/b']);
      await expect(store.get('delete/a')).rejects.toThrow(NotFoundError);
      await store.delete([]);
    });

    test('a key can be written again', async () => {
      await store.put('delete/again', bytes('one'));
      await store.delete(['delete/again']);
      await store.put('delete/again', bytes('two'), { ifNoneMatch: '*' });
      expect(await readText(store, 'delete/again')).toBe('two');
    });
  });

  test('versions tell of every object at least once', async () => {
    await store.put('versions/a', bytes('a'));
    const { etag } = await store.put('versions/b', bytes('b'));
    const found = [];
    for await (const version of store.versions('versions/')) found.push(version);
    expect(found.map(({ key }) => key)).toEqual(['versions/a', 'versions/b']);
    expect(found[1]).toMatchObject({ size: 1, etag, isLatest: true });
  });

  test('a version can be read, and deleted for good', async () => {
    await store.put('erased/a', bytes('first'));
    await store.put('erased/a', bytes('second'));
    const before = [];
    for await (const version of store.versions('erased/')) before.push(version);
    expect(before.map(({ isLatest }) => isLatest)).toEqual(before.map((_, index) => index === 0));
    const { stream } = await store.get('erased/a', before[0]?.versionId);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('second');

    await store.delete(['erased/a']);
    await store.deleteVersions(before);
    await store.deleteVersions(before);
    await expect(store.get('erased/a')).rejects.toThrow(NotFoundError);
    await expect(store.get('erased/a', before[0]?.versionId)).rejects.toThrow(NotFoundError);
    const after = [];
    for await (const version of store.versions('erased/')) after.push(version);
    expect(after).toEqual([]);
  });
}
