/** Choices that are the same for the same seed, on any machine. */
export interface Random {
  /** In [0, 1). */
  readonly number: () => number;
  /** A whole number from `from` to `to`, both included. */
  readonly integer: (from: number, to: number) => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  /** One of them, each as likely. @throws RangeError when there is none */
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** One of them, the first ones far more often: about as people and questions are spread. */
  readonly pickEarly: <Item>(items: readonly Item[]) => Item;
}

/**
 * A generator of random numbers (xorshift128 of G. Marsaglia, "Xorshift RNGs", 2003), seeded by a
 * whole number.
 */
export function seededRandom(seed: number): Random {
  const state = new Uint32Array([seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162]);
  const next = (): number => {
    const [first = 0, second = 0, third = 0, last = 0] = state;
    const mixed = first ^ (first << 11);
    state.set([second, third, last, last ^ (last >>> 19) ^ mixed ^ ((mixed >>> 0) >>> 8)]);
    return state[3] ?? 0;
  };
  // The first numbers of a small seed are alike.
  for (let round = 0; round < 20; round++) next();
  const number = (): number => next() / 2 ** 32;
  const at = <Item>(items: readonly Item[], index: number): Item => {
    if (index >= items.length) throw new RangeError('There is nothing to choose from.');
    return items[index] as Item;
  };
  return {
    number,
    integer: (from, to) => from + Math.floor(number() * (to - from + 1)),
    chance: (probability) => number() < probability,
    pick: (items) => at(items, Math.floor(number() * items.length)),
    pickEarly: (items) => at(items, Math.floor(number() ** 3 * items.length)),
  };
}
