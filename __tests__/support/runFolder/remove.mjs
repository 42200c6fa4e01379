import { rm } from 'node:fs/promises';
import process from 'node:process';

/** Removes what the suites of a run shared. */
export default async function remove() {
  await rm(process.env['CHATBOT_TEST_RUN'] ?? '', { recursive: true, force: true });
}
