/* eslint-disable jest/valid-title, jest/expect-expect -- defines tests for others */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';

/** A type of the Bot API as data: an object with fields, or one of several other types. */
export interface ApiType {
  readonly name: string;
  readonly fields?: readonly {
    readonly name: string;
    /** Names of types, `Integer`, `String`, `Boolean`, `Float`, or `Array of` one of these. */
    readonly types: readonly string[];
    readonly required: boolean;
    readonly description: string;
  }[];
  readonly subtypes?: readonly string[];
}

/** What the folder CHATBOT_TEST_DATA holds: data of others that is no part of this project. */
export interface TestData {
  /** Real updates from the test suites of public Telegram libraries. */
  readonly updates: readonly {
    readonly source: string;
    readonly update: Readonly<Record<string, unknown>> & { readonly update_id: number };
  }[];
  /** The Bot API as data. */
  readonly botApi: { readonly version: string; readonly types: Readonly<Record<string, ApiType>> };
}

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'telegram', file), 'utf8'));
}

/** @returns null when CHATBOT_TEST_DATA is not set; a folder that lacks a file is an error */
export function testData(): TestData | null {
  const folder = process.env['CHATBOT_TEST_DATA'] ?? '';
  if (folder === '') return null;
  return {
    updates: read(folder, 'updates.json') as TestData['updates'],
    botApi: read(folder, 'bot-api.json') as TestData['botApi'],
  };
}

/**
 * Tests that need something which a machine may lack. Without it they are skipped, and say so;
 * with `inCi: 'fail'` they fail where CI=true, because there it ought to be installed.
 *
 * @param need what is needed and how to get it, for the reader of the test report
 * @param thing what was found; null when it is absent
 */
export function describeNeeding<T>(
  title: string,
  need: string,
  thing: T | null,
  define: (thing: T) => void,
  inCi: 'fail' | 'skip' = 'fail',
): void {
  describe(title, () => {
    if (thing !== null) {
      define(thing);
    } else if (inCi === 'fail' && process.env['CI'] === 'true') {
      test(`needs ${need}`, () => {
        throw new Error(`On CI nothing may be left out: needs ${need}.`);
      });
    } else {
      process.stderr.write(`SKIPPED: ${title}: needs ${need}.\n`);
      // The one place that skips: the report then counts what was not tested.
      // eslint-disable-next-line jest/no-disabled-tests
      test.skip(`needs ${need}`, () => undefined);
    }
  });
}

/** Tests over the data of others, see {@link TestData}; skipped loudly where it is not given. */
export function describeWithTestData(title: string, define: (data: TestData) => void): void {
  const need = 'the folder of test data that CHATBOT_TEST_DATA names';
  describeNeeding(title, need, testData(), define, 'skip');
}
