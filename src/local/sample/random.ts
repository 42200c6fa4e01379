/** Random choices that are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** `true` with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Index of a weight, the more often the greater it is. */
  weighted(weights: readonly number[]): number;
  /** Another stream of choices, which does not disturb this one. */
  fork(): Random;
}

/** @param seed a whole number; its lowest 32 bits count */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  /** Mulberry32, of 32 bits. */
  const nextInteger = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const random: Random = {
    next: () => nextInteger() / 2 ** 32,
    between: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    chance: (probability) => random.next() < probability,
    pick: (items) => {
      const item = items[random.between(0, items.length - 1)];
      if (item === undefined) throw new RangeError('There is nothing to pick from.');
      return item;
    },
    weighted: (weights) => {
      let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => (left -= weight) < 0);
      return index === -1 ? weights.length - 1 : index;
    },
    fork: () => createRandom(nextInteger()),
  };
  return random;
}
