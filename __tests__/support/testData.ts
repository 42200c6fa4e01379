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
 * Tests over the data of others, see {@link TestData}. Where it is not given they are skipped, and
 * say so; on CI too, for no clone has it: what is ours is tested by our own fixtures.
 */
export function describeWithTestData(title: string, define: (data: TestData) => void): void {
  describe(title, () => {
    const data = testData();
    if (data) {
      define(data);
      return;
    }
    const need = 'needs the folder of test data, which the variable CHATBOT_TEST_DATA names';
    process.stderr.write(`\n!!! ${title}: ${need}; skipped.\n`);
    // The report then counts what was not tested.
    // eslint-disable-next-line jest/no-disabled-tests
    test.skip(need, () => undefined);
  });
}
