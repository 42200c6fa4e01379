import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';

import type { Day } from '../../src/lake/days.ts';

/**
 * The sample lake that ends at a day, where the suites of this run share it: to make one takes a second,
 * and more where much else is going on. Whoever wants one in another language makes it.
 */
function shared(today: Day): string {
  return join(process.env['CHATBOT_TEST_RUN'] ?? '', `sample-${today}`);
}

/**
 * The same files in another folder. Copies would be other files to a lake, whose days would have changed
 * since they were closed; and nothing writes into a file that is there.
 */
async function linkFiles(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await link(file, target);
  }
}

/** Gives the sample lake to a place that has none, if a suite has made it already. */
export async function takeSample(today: Day, folder: string): Promise<void> {
  if (!existsSync(folder) && existsSync(shared(today))) await linkFiles(shared(today), folder);
}

/** Leaves a sample lake that has just been made to the suites after this one. */
export async function leaveSample(today: Day, folder: string): Promise<void> {
  if (existsSync(shared(today))) return;
  const made = `${shared(today)}-${randomUUID()}`;
  await linkFiles(folder, made);
  // Another suite may have been faster.
  await rename(made, shared(today)).catch(() => rm(made, { recursive: true }));
}
