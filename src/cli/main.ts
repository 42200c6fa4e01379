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

// The SDK warns on Node 20 of versions to come. Ours is pinned, and runs on the Node that we ask for.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  output: processOutput(),
  now: Date.now,
  signal: interrupted.signal,
});
