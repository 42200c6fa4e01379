import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { FolderStore } from '../../../src/lake/folderStore.ts';
import { NotFoundError, UnavailableError, readText } from '../../../src/lake/objectStore.ts';
import { objectStoreContract } from '../../support/objectStoreContract.ts';

async function makeRoot(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'folder-store-'));
}

describe('FolderStore keeps the contract', () => {
  objectStoreContract(async () => {
    const root = await makeRoot();
    return {
      store: new FolderStore(join(root, 'made', 'by', 'the store')),
      remove: () => rm(root, { recursive: true }),
    };
  });
});

describe('FolderStore', () => {
  let root: string;
  let store: FolderStore;

  beforeEach(async () => {
    root = await makeRoot();
    store = new FolderStore(root);
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function listed(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list('')) found.push(key);
    return found;
  }

  test.each([
    '../outside',
    'a/../../outside',
    '/etc/passwd',
    'a//b',
    'a/',
    '',
    '.',
    './a',
    '.tmp/a',
    'a/.hidden',
    'a\\b',
    'a\0b',
  ])('refuses the key %j', async (key) => {
    await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(RangeError);
    await expect(store.get(key)).rejects.toThrow(RangeError);
    await expect(store.delete([key])).rejects.toThrow(RangeError);
    expect(await readdir(root)).toEqual([]);
  });

  test('refuses to list outside the folder', async () => {
    await expect(store.list('../').next()).rejects.toThrow(RangeError);
    await expect(store.list('/etc/').next()).rejects.toThrow(RangeError);
  });

  test('refuses keys that other systems would read as something else', async () => {
    for (const key of ['', '/a', 'a/', 'a//b', '.a', 'a/.b', '../a', 'a/..', 'a\\b', 'a\0b']) {
      await expect(store.getSmall(key, 1)).rejects.toThrow(RangeError);
      await expect(store.put(key, new Uint8Array())).rejects.toThrow(RangeError);
    }
  });

  test('reads files of any size whole, and none that has more than is wanted', async () => {
    for (const size of [0, 1, 16_383, 16_384, 16_385, 300_000]) {
      const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      await writeFile(join(root, 'file'), bytes);
      const read = await store.getSmall('file', size);
      // The next file must not be read into the same memory.
      await writeFile(join(root, 'other'), Buffer.alloc(size + 1, 255));
      await store.getSmall('other', size + 1);
      expect(Buffer.compare(read ?? Buffer.from('none'), bytes)).toBe(0);
      await writeFile(join(root, 'longer'), Buffer.alloc(size + 1));
      expect(await store.getSmall('longer', size)).toBeNull();
    }
    await mkdir(join(root, 'folder'));
    await expect(store.getSmall('folder', 10)).rejects.toThrow(NotFoundError);
    await expect(store.getSmall('none', 10)).rejects.toThrow(NotFoundError);
  });

  test('lists when a file was written, to the millisecond', async () => {
    await writeFile(join(root, 'file'), '');
    await utimes(join(root, 'file'), 0, 1_768_489_200.9876);
    const times = [];
    for await (const { modified } of store.list('')) times.push(modified);
    expect(times).toEqual([new Date(1_768_489_200_987)]);
  });

  test('a key is the path of a file, which other programs can read and write', async () => {
    await store.put('telegram/context_date=2026-11-22/1.json', Buffer.from('{}'));
    const folder = join(root, 'telegram', 'context_date=2026-11-22');
    expect(await readFile(join(folder, '1.json'), 'utf8')).toBe('{}');
    await writeFile(join(folder, '2.json'), 'theirs');
    expect(await readText(store, 'telegram/context_date=2026-11-22/2.json')).toBe('theirs');
    expect(await listed()).toEqual([
      'telegram/context_date=2026-11-22/1.json',
      'telegram/context_date=2026-11-22/2.json',
    ]);
  });

  test('follows links to folders and files, and passes over those that lead nowhere or in a circle', async () => {
    const elsewhere = await makeRoot();
    await mkdir(join(elsewhere, 'day'));
    await writeFile(join(elsewhere, 'day', '1.json'), '{}');
    await symlink(join(elsewhere, 'day'), join(root, 'day'));
    await symlink(join(elsewhere, 'day', '1.json'), join(root, 'one.json'));
    await symlink(join(elsewhere, 'nothing'), join(root, 'nowhere'));
    await symlink('circle', join(root, 'circle'));
    expect(await listed()).toEqual(['day/1.json', 'one.json']);
    await rm(elsewhere, { recursive: true });
  });

  test('does not list what the operating system or a killed process left', async () => {
    await store.put('a/1.json', Buffer.from('x'));
    await writeFile(join(root, 'a', '.DS_Store'), '');
    await writeFile(join(root, '.tmp', 'half-written'), 'x');
    expect(await listed()).toEqual(['a/1.json']);
  });

  test('a write leaves nothing behind but the object, whether it succeeds or not', async () => {
    await store.put('a', Buffer.from('1'), { ifNoneMatch: '*' });
    await expect(store.put('a', Buffer.from('2'), { ifNoneMatch: '*' })).rejects.toThrow();
    await expect(store.put('a', Buffer.from('2'), { ifMatch: '"x"' })).rejects.toThrow();
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  test('removes what a killed process left a day ago, at the first write', async () => {
    await mkdir(join(root, '.tmp'));
    await writeFile(join(root, '.tmp', 'old'), 'x');
    await writeFile(join(root, '.tmp', 'new'), 'x');
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(root, '.tmp', 'old'), longAgo, longAgo);
    await store.put('a', Buffer.from('1'));
    expect(await readdir(join(root, '.tmp'))).toEqual(['new']);
  });

  test('comes back after somebody removed the folder under it', async () => {
    await store.put('a', Buffer.from('1'));
    await rm(root, { recursive: true });
    await expect(store.put('b', Buffer.from('2'))).rejects.toThrow(UnavailableError);
    await store.put('b', Buffer.from('2'));
    expect(await listed()).toEqual(['b']);
  });

  test('what the file system refuses is Unavailable, with its reason', async () => {
    await writeFile(join(root, 'file'), 'x');
    await expect(store.put('file/below', Buffer.from('x'))).rejects.toThrow(UnavailableError);
    const blocked = new FolderStore(join(root, 'file'));
    await expect(blocked.put('a', Buffer.from('x'))).rejects.toThrow(/file/);
  });

  test('a folder that is none is Unavailable', async () => {
    await symlink(join(root, 'loop'), join(root, 'loop'));
    await expect(store.get('loop/1')).rejects.toThrow(UnavailableError);
    await expect(store.list('loop/').next()).rejects.toThrow(UnavailableError);
  });
});
