import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotAnUpdateError, parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import { updateFacts } from '../../../src/telegram/updateFacts.ts';
import { arbitraryDamagedUpdate, arbitraryNotAnUpdate } from '../../support/updates/arbitraries.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

test('an update is read, with its facts', () => {
  const parsed = parseUpdate(JSON.stringify(UPDATES.message, null, 2));
  expect(parsed.update).toEqual(UPDATES.message);
  expect(parsed.facts).toEqual(updateFacts({ ...UPDATES.message }));
});

test('numbers 0 and below are numbers', () => {
  expect(parseUpdate('{"update_id":0}').facts.updateId).toBe(0);
  expect(parseUpdate('{"update_id":-5}').facts.updateId).toBe(-5);
});

test('a damaged update is an update', () => {
  fc.assert(
    fc.property(arbitraryDamagedUpdate(), (update) => {
      expect(parseUpdate(JSON.stringify(update)).facts.updateId).toBe(update.update_id);
    }),
    { numRuns: 500 },
  );
});

/** Reason why a text is no update. */
function reasonOf(json: string): string {
  try {
    parseUpdate(json);
  } catch (error) {
    if (error instanceof NotAnUpdateError) return error.reason;
    throw error;
  }
  throw new Error(`taken for an update: ${json}`);
}

describe('what is no update says why', () => {
  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['null', 'it is null, not an object'],
    ['[{"update_id":1}]', 'it is an array, not an object'],
    ['"update_id"', 'it is a string, not an object'],
    ['42', 'it is a number, not an object'],
    ['{"message":{}}', 'it has no update_id'],
    ['{"update_id":"7"}', 'its update_id is a string, not an integer of up to 53 bits'],
    ['{"update_id":null}', 'its update_id is null, not an integer of up to 53 bits'],
    ['{"update_id":1.5}', 'its update_id is 1.5, not an integer of up to 53 bits'],
    [
      '{"update_id":9007199254740993}',
      'its update_id is 9007199254740992, not an integer of up to 53 bits',
    ],
  ])('%p', (json, reason) => {
    expect(reasonOf(json)).toBe(reason);
  });

  test('broken JSON, with the place', () => {
    expect(reasonOf('{"update_id":1,"message":{"text":"a" "b"}}')).toMatch(
      /^it is not JSON \(.*position 37/,
    );
    expect(reasonOf('{"update_id":1')).toMatch(/^it is not JSON \(.*position 14/);
    expect(reasonOf('<html>')).toMatch(/^it is not JSON \(.*'<'/);
  });

  test('and nothing else is ever thrown', () => {
    fc.assert(
      fc.property(arbitraryNotAnUpdate(), (json) => {
        expect(reasonOf(json)).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });

  test('however deep it is nested', () => {
    expect(reasonOf('['.repeat(1_000_000))).toMatch(/^it is not JSON/);
    expect(reasonOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toMatch(/an array/);
    const nested = (levels: number) =>
      `{"update_id":1,"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(reasonOf(nested(5_000))).toBe('it is nested deeper than 200 levels');
    expect(parseUpdate(nested(150)).facts.updateId).toBe(1);
  });
});
