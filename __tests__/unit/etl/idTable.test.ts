import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { IdTable } from '../../../functions/etl/idTable.ts';

/** Numbers near each other, as Telegram counts, and numbers far apart. */
const id = fc.oneof(fc.nat(3_000), fc.nat(), fc.maxSafeNat());

/** What a Map does with the same numbers: keeps the first value of each. */
class FirstValues {
  readonly #values = new Map<number, number>();

  add(key: number, value: number): number | undefined {
    const before = this.#values.get(key);
    if (before === undefined) this.#values.set(key, value);
    return before;
  }

  get(key: number): number | undefined {
    return this.#values.get(key);
  }
}

test('keeps the first value of each number, as a Map does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.nat()), { maxLength: 4_000, size: 'max' }), (entries) => {
      const [answers, expected] = [new IdTable(), new FirstValues()].map((table) => [
        ...entries.map(([key, value]) => table.add(key, value)),
        ...entries.map(([key]) => table.get(key)),
      ]);
      expect(answers).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('holds a day of numbers that follow one another, and no number beside them', () => {
  const table = new IdTable();
  const [first, count] = [700_000_005, 100_000];
  for (let index = 0; index < count; index++) table.add(first + index, index);
  for (let index = 0; index < count; index += 997) expect(table.get(first + index)).toBe(index);
  expect([table.has(first - 1), table.has(first + count), table.has(first + count - 1)]).toEqual([
    false,
    false,
    true,
  ]);
});

test('holds numbers of which no two are near each other', () => {
  const table = new IdTable();
  const far = (index: number): number => index * 2 ** 31 + 1;
  for (let index = 0; index < 20_000; index++) table.add(far(index), index);
  for (let index = 0; index < 20_000; index += 331) expect(table.get(far(index))).toBe(index);
  expect(table.has(far(20_000))).toBe(false);
});
