import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { unzipSync } from 'fflate';

const HOST = fileURLToPath(new URL('lambdaHost.mjs', import.meta.url));

/** A bundle's function that runs in a process of its own. */
export interface RunningBundle {
  /** @throws an Error with the function's message, when it fails */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** The JSON objects that it has written to its log so far: Powertools' lines and metrics. */
  readonly log: () => readonly Record<string, unknown>[];
  /** All it has written, as text. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** Unpacks a bundle into a folder, which is made. */
export async function unpackBundle(zip: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    await writeFile(join(folder, name), bytes);
  }
}

/**
 * Unpacks a bundle and starts it, with nothing in its environment but what is given. Where
 * CHATBOT_NODE names a Node (Lambda's version, for instance), that one runs it.
 *
 * @param zip path of the bundle
 * @param folder an empty one, to unpack it into
 * @throws an Error with all that it wrote, when it does not start
 */
export async function runBundle(
  zip: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningBundle> {
  await unpackBundle(zip, folder);
  const child = fork(HOST, [join(folder, 'handler.mjs')], {
    execPath: process.env['CHATBOT_NODE'] ?? process.execPath,
    execArgv: [],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close');
  const [first] = (await Promise.race([once(child, 'message'), exited])) as unknown[];
  if (first !== 'ready') throw new Error(`The function did not start. ${output}`);

  const waiting = new Map<number, (reply: Reply) => void>();
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
  let count = 0;
  return {
    invoke: async (event) => {
      const id = ++count;
      const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      child.send({ id, event });
      const { result, error } = await replied;
      if (error) throw Object.assign(new Error(error.message), { name: error.name });
      // What it has written arrives by another way than its reply.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return result;
    },
    log: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    output: () => output,
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
