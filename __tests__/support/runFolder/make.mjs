import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Makes a folder for what the suites of a run share, before there are workers, which inherit its name. */
export default async function make() {
  process.env['CHATBOT_TEST_RUN'] = await mkdtemp(join(tmpdir(), 'chatbot-run-'));
}
