import process from 'node:process';

import { describe, expect, test } from '@jest/globals';

/**
 * `describe` for tests that need something of the machine: a browser, an emulator, another reader.
 * Where it is absent they are skipped, and a test that stands for them says so and how to get it;
 * with `CI=true` that test fails, so that nothing goes untested there unnoticed.
 *
 * @param name what is needed, for instance `Chromium`
 * @param found whether it is here
 * @param howToGet the command, or where it comes from
 */
export function requirement(name: string, found: boolean, howToGet: string): typeof describe {
  if (found) return describe;
  const message = `${name} is not here, so its tests are skipped. To get it: ${howToGet}`;
  test(`needs ${name}`, () => {
    process.stderr.write(`\n!!! ${message}\n`);
    expect(process.env['CI'] === 'true' ? message : 'skipped').toBe('skipped');
  });
  return describe.skip as typeof describe;
}
