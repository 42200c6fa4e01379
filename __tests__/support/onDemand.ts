import process from 'node:process';

import { describe } from '@jest/globals';

/** Names the suite that is asked for; `npm run test:<suite>` sets it. */
const ASKED = 'CHATBOT_TEST_SUITE';

/** Suites that take minutes. */
type Suite = 'emulator' | 'trino';

/** Whether a suite that takes minutes is to run: it was asked for by name, or this is CI. */
export function isAskedFor(suite: Suite, env: NodeJS.ProcessEnv = process.env): boolean {
  return env['CI'] === 'true' || env[ASKED] === suite;
}

/**
 * `describe` for tests that take minutes: with `CI=true` and by `npm run test:<suite>` they run;
 * otherwise they are left out, and one line says so and how to run them.
 *
 * @param what is left out, for instance `the whole stack on MiniStack`
 * @param describeIt asked only when they are to run, see requirement.ts
 */
export function onDemand(
  suite: Suite,
  what: string,
  describeIt: () => typeof describe,
): typeof describe {
  if (isAskedFor(suite)) return describeIt();
  process.stderr.write(
    `\n!!! Left out, since it takes minutes: ${what}. To run it: npm run test:${suite}\n`,
  );
  return describe.skip as typeof describe;
}
