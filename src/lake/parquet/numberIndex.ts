/** Slots: four times as many as there are numbers at most, so that few share one. */
const SLOTS = 16_384;

/**
 * The different ones among a few numbers, each with a code from 0 on. A Map hashes numbers that are no
 * small integers at many times the cost.
 */
export class NumberIndex {
  /** Numbers that it takes at most. */
  static readonly MOST = SLOTS / 4;

  /** The different numbers, by code. */
  readonly numbers: number[] = [];
  readonly #keys = new Float64Array(SLOTS);
  /** Codes, or -1 where a slot is free. */
  readonly #codes = new Int16Array(SLOTS).fill(-1);
  readonly #bits = new Float64Array(1);
  readonly #words = new Uint32Array(this.#bits.buffer);

  clear(): void {
    this.numbers.length = 0;
    this.#codes.fill(-1);
  }

  /** The code of a number, a new one if need be. @param number not NaN; -0 is 0 */
  code(number: number): number {
    const key = number + 0;
    this.#bits[0] = key;
    const low = this.#words[0] ?? 0;
    const high = this.#words[1] ?? 0;
    const mixed = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b);
    let slot = (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
    for (; ; slot = (slot + 1) & (SLOTS - 1)) {
      const code = this.#codes[slot] ?? -1;
      if (code === -1) break;
      if (this.#keys[slot] === key) return code;
    }
    const code = this.numbers.push(key) - 1;
    this.#keys[slot] = key;
    this.#codes[slot] = code;
    return code;
  }
}
