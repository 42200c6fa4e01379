/**
 * From the command to a page that can be used: its HTML, the status and the first analysis have
 * answered. Once without data (the sample lake is made), once with. Prints seconds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PORT = 18_787;
const PAGES = ['/', '/api/status', '/api/lakes/sample/analyses/messages_per_day'];

/** Whether everything that the page needs first is served. */
async function isUsable(): Promise<boolean> {
  try {
    for (const page of PAGES) {
      const response = await fetch(`http://127.0.0.1:${PORT}${page}`);
      await response.arrayBuffer();
      if (!response.ok) return false;
    }
    return true;
  } catch {
    return false;
  }
}

async function start(data: string): Promise<number> {
  const started = performance.now();
  const server = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../bin/chatbot.mjs', import.meta.url)),
      'serve',
      '--port',
      String(PORT),
    ],
    { env: { ...process.env, CHATBOT_DATA: data }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exit = once(server, 'exit');
  while (!(await isUsable())) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}.`);
    await setTimeout(20);
  }
  const seconds = (performance.now() - started) / 1000;
  server.kill('SIGTERM');
  await exit;
  return seconds;
}

const data = mkdtempSync(join(tmpdir(), 'bench-start-'));
try {
  const first = await start(data);
  const second = await start(data);
  process.stdout.write(JSON.stringify({ first, second }));
} finally {
  rmSync(data, { recursive: true });
}
