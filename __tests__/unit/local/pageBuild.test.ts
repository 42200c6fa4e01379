import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { pageBuildReason } from '../../../src/local/pageBuild.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatbot-'));
  await put('page/src/deep/main.tsx', 2000);
  await put('page/index.html', 1000);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Writes a file that was changed at a time, Unix seconds. */
async function put(path: string, time: number): Promise<void> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '');
  await utimes(file, time, time);
}

const reason = () => pageBuildReason(join(folder, 'dist'), join(folder, 'page'));

test('a page that is not there is built', async () => {
  await expect(reason()).resolves.toBe('missing');
});

test('a page that is older than one of its sources is built', async () => {
  await put('dist/index.html', 1500);
  await expect(reason()).resolves.toBe('outdated');
});

test('a page that is newer than its sources is served as it is', async () => {
  await put('dist/index.html', 2500);
  await expect(reason()).resolves.toBeNull();
});

test('a built page without sources, as in a package, is served as it is', async () => {
  await put('dist/index.html', 1);
  await rm(join(folder, 'page'), { recursive: true });
  await expect(reason()).resolves.toBeNull();
});
