import { randomUUID } from 'node:crypto';
import { cp, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import type { Day } from '../../src/lake/days.ts';

/**
 * The sample lake that ends at a day, where the suites of this run share it: to make one takes a second,
 * and more where much else is going on. Whoever wants one in another language makes it.
 */
function shared(today: Day): string {
  return join(process.env['CHATBOT_TEST_RUN'] ?? '', `sample-${today}`);
}

/** Puts a copy of the sample lake into a place that has none, if a suite has made it already. */
export async function takeSample(today: Day, folder: string): Promise<void> {
  if (existsSync(folder) || !existsSync(shared(today))) return;
  await cp(shared(today), folder, { recursive: true });
}

/** Leaves a copy of a sample lake that has just been made to the suites after this one. */
export async function leaveSample(today: Day, folder: string): Promise<void> {
  if (existsSync(shared(today))) return;
  const copy = `${shared(today)}-${randomUUID()}`;
  await cp(folder, copy, { recursive: true });
  // Another suite may have been faster.
  await rename(copy, shared(today)).catch(() => rm(copy, { recursive: true }));
}
