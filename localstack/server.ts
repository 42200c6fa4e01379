import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_TIMEOUT = 240_000;

/** As much of what a server has written as an error message quotes. */
const QUOTED = 4_000;

/** A server that runs in a process of its own. */
export interface Server {
  /** What it has written so far. */
  readonly output: () => string;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(late);
}

/**
 * Starts a server and waits until it is ready.
 *
 * @param server.name for messages
 * @param server.env all its variables
 * @param server.isReady asked again and again; what it throws counts as no
 * @throws Error with what it wrote, when it ends or is not ready in time
 */
export async function startServer(server: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly isReady: () => Promise<boolean>;
}): Promise<Server> {
  const { name, command, args, env, isReady } = server;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const failures: Error[] = [];
  child.on('error', (error) => failures.push(error));
  const fail = async (problem: string): Promise<never> => {
    await end(child);
    throw new Error(`${name} ${problem}. ${output.slice(-QUOTED)}`, { cause: failures[0] });
  };
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isReady().catch(() => false))) {
    if (failures[0]) throw new Error(`${name} cannot be started.`, { cause: failures[0] });
    if (child.exitCode !== null) await fail(`ended with ${child.exitCode}`);
    if (Date.now() > deadline) await fail(`is not ready after ${START_TIMEOUT} ms`);
    await sleep(100);
  }
  return { output: () => output, stop: () => end(child) };
}
