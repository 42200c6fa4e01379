import process from 'node:process';

import * as z from 'zod';

import type { Capability, Emulator } from './emulator.ts';
import { WITH_DOCKER, startLocalStack } from './localStack.ts';
import { WITHOUT_ENFORCEMENT, startMiniStack } from './miniStack.ts';
import { HOW_TO_GET_LOCALSTACK, HOW_TO_GET_PYTHON, findPython } from './python.ts';

/** Emulators that can be started here, without Docker. */
export type EmulatorKind = 'localstack' | 'miniStack';

/** Names one that runs already, for instance by localstack/docker-compose.yml. */
const FOUND = 'CHATBOT_EMULATOR_URL';

const healthSchema = z.object({ version: z.string().optional() });

/** Which emulators say how they are where, and what they have when they come from an image. */
const KNOWN: readonly {
  readonly name: string;
  readonly path: string;
  readonly has: readonly Capability[];
}[] = [
  { name: 'MiniStack', path: '/_ministack/health', has: WITHOUT_ENFORCEMENT },
  { name: 'LocalStack', path: '/_localstack/health', has: WITH_DOCKER },
];

async function health(url: string): Promise<z.infer<typeof healthSchema> | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? healthSchema.parse(await response.json()) : null;
  } catch {
    return null;
  }
}

/**
 * Finds an emulator that runs already.
 *
 * @param endpoint on this machine, for instance `http://127.0.0.1:4566`
 * @throws Error when it is elsewhere, or no emulator answers there
 */
async function findEmulator(endpoint: string): Promise<Emulator> {
  const url = endpoint.replace(/\/$/, '');
  if (!/^http:\/\/(127\.0\.0\.1|localhost):\d+$/.test(url)) {
    throw new Error(
      `${FOUND} is ${endpoint}: an emulator is at http://127.0.0.1:PORT, so that nothing real is touched.`,
    );
  }
  for (const { name, path, has } of KNOWN) {
    const found = await health(`${url}${path}`);
    if (found === null) continue;
    return {
      name: [name, found.version].filter(Boolean).join(' '),
      endpoint: url,
      has: new Set(has),
      certificate: null,
      output: () => '',
      stop: () => Promise.resolve(),
    };
  }
  throw new Error(
    `No emulator answers at ${endpoint}, which ${FOUND} names. Start one: docker compose -f localstack/docker-compose.yml up --wait`,
  );
}

/** How to get an emulator that can be started; null when it can be. */
export function whyNot(kind: EmulatorKind): string | null {
  if ((process.env[FOUND] ?? '') !== '') return null;
  if (kind === 'miniStack') return findPython('ministack') === null ? HOW_TO_GET_PYTHON : null;
  return findPython('localstack.runtime') === null ? HOW_TO_GET_LOCALSTACK : null;
}

/**
 * Finds the emulator that the variable CHATBOT_EMULATOR_URL names; without one, starts an emulator
 * of the kind on a port of its own.
 *
 * @param options for MiniStack, see {@link startMiniStack}
 * @throws Error that says how to get it
 */
export async function startEmulator(
  kind: EmulatorKind,
  options?: Parameters<typeof startMiniStack>[1],
): Promise<Emulator> {
  const endpoint = process.env[FOUND] ?? '';
  if (endpoint !== '') return findEmulator(endpoint);
  const missing = whyNot(kind);
  if (missing !== null) throw new Error(`${kind} is not here. To get it: ${missing}`);
  return kind === 'miniStack'
    ? startMiniStack(findPython('ministack') ?? '', options)
    : startLocalStack(findPython('localstack.runtime') ?? '');
}
