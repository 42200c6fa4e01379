import fc from 'fast-check';
import type { ApiType, TestData } from '../testData.ts';
import type { AnyUpdate } from './arbitraries.ts';
import { NOON } from './fixtures.ts';

/**
 * How deep types nest before optional fields are left out and lists are empty: a message may hold a
 * message, which may hold a message, each with a hundred fields.
 */
const MAX_DEPTH = 1;

/** Values that the Bot API fixes in the text of a field's description. */
const FIXED = /(?:always|must be) ["“]([^"”]+)/;

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  String: fc.string({ unit: 'grapheme', maxLength: 30 }),
  Integer: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
  Float: fc.double({ noNaN: true, noDefaultInfinity: true }),
  Boolean: fc.boolean(),
  True: fc.constant(true),
};

/** Builds an arbitrary for each type of the Bot API, once for each depth. */
function typeBuilder(types: TestData['botApi']['types']) {
  const built = new Map<string, fc.Arbitrary<unknown>>();

  function ofName(name: string, depth: number): fc.Arbitrary<unknown> {
    const scalar = SCALARS[name];
    if (scalar) return scalar;
    if (name.startsWith('Array of ')) {
      const element = name.slice('Array of '.length);
      return depth > MAX_DEPTH
        ? fc.constant([])
        : fc.array(ofName(element, depth + 1), { maxLength: 2 });
    }
    // A rich text may be plain, which ends its recursion.
    if (name === 'RichText' && depth > MAX_DEPTH) return ofName('String', depth);
    const key = `${name} ${depth}`;
    const known = built.get(key);
    if (known) return known;
    const type = types[name];
    if (!type) throw new Error(`The Bot API as data has no type ${name}.`);
    const arbitrary = ofType(type, depth);
    built.set(key, arbitrary);
    return arbitrary;
  }

  function ofType({ fields = [], subtypes = [] }: ApiType, depth: number): fc.Arbitrary<unknown> {
    if (subtypes.length > 0) {
      const [first = ''] = subtypes;
      const choices = depth > MAX_DEPTH ? [first] : subtypes;
      return fc.oneof(...choices.map((name) => ofName(name, depth)));
    }
    const wanted = fields.filter(({ required }) => required || depth <= MAX_DEPTH);
    const model: Record<string, fc.Arbitrary<unknown>> = {};
    for (const { name, types: names, description } of wanted) {
      model[name] = ofField(name, names, description, depth);
    }
    const requiredKeys = wanted.filter(({ required }) => required).map(({ name }) => name);
    return fc.record(model, { requiredKeys, noNullPrototype: true });
  }

  function ofField(
    name: string,
    names: readonly string[],
    description: string,
    depth: number,
  ): fc.Arbitrary<unknown> {
    const fixed = FIXED.exec(description)?.[1];
    if (fixed !== undefined) return fc.constant(fixed);
    if (/(^|_)date$/.test(name))
      return fc.integer({ min: NOON - 5_000_000, max: NOON + 5_000_000 });
    return fc.oneof(...names.map((one) => ofName(one, depth + 1)));
  }

  return ofName;
}

/**
 * Updates as the Bot API's own description allows them, whatever kinds it has: of each kind as often,
 * with any of its fields.
 */
export function arbitraryUpdateByBotApi({ types }: TestData['botApi']): fc.Arbitrary<AnyUpdate> {
  const ofName = typeBuilder(types);
  const kinds = (types['Update']?.fields ?? []).filter(({ name }) => name !== 'update_id');
  return fc.oneof(
    ...kinds.map(({ name, types: [type = ''] }) =>
      fc
        .tuple(fc.nat(), ofName(type, 0))
        .map(([update_id, payload]): AnyUpdate => ({ update_id, [name]: payload })),
    ),
  );
}
