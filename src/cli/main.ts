import process from 'node:process';

import { processOutput } from './output.ts';
import { runCommand } from './runCommand.ts';

const interrupted = new AbortController();
// Once: a second signal ends the program at once, as the system does.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted.abort();
  });
}
// Who reads the output may go before it ends, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  output: processOutput(),
  now: Date.now,
  signal: interrupted.signal,
});
