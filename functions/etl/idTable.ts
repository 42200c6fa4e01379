/** Slots in the beginning; a power of two. */
const FIRST_SIZE = 1024;

/**
 * Numbers of updates, each with a small number: 24 to 48 bytes for each, where a Map takes twice that
 * and more. Open addressing; nothing is ever removed.
 */
export class IdTable {
  /** NaN where a slot is free. */
  #ids = new Float64Array(FIRST_SIZE).fill(Number.NaN);
  #values = new Int32Array(FIRST_SIZE);
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The slot of a number: where it is, or would go. */
  #slot(ids: Float64Array, id: number): number {
    const mask = ids.length - 1;
    // Ids that follow one another go to slots near each other: that is what caches like. Ids that
    // differ in their high bits alone do not go to one slot: these are mixed into the low ones.
    const low = id % 0x7fff_ffff;
    let slot = (low ^ (low >>> 11) ^ (low >>> 20)) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const there = ids[slot] ?? Number.NaN;
      if (there === id || there !== there) return slot;
    }
  }

  /** The value of a number; undefined when it is not there. */
  get(id: number): number | undefined {
    const slot = this.#slot(this.#ids, id);
    return this.#ids[slot] === id ? this.#values[slot] : undefined;
  }

  has(id: number): boolean {
    return this.#ids[this.#slot(this.#ids, id)] === id;
  }

  /**
   * Gives a number a value, unless it has one.
   *
   * @param value 32 bits
   * @returns the value that it had before; undefined when it had none
   */
  add(id: number, value: number): number | undefined {
    const slot = this.#slot(this.#ids, id);
    if (this.#ids[slot] === id) return this.#values[slot];
    this.#ids[slot] = id;
    this.#values[slot] = value;
    if (++this.#size * 2 > this.#ids.length) this.#double();
    return undefined;
  }

  #double(): void {
    const [oldIds, oldValues] = [this.#ids, this.#values];
    const ids = new Float64Array(oldIds.length * 2).fill(Number.NaN);
    const values = new Int32Array(ids.length);
    for (let old = 0; old < oldIds.length; old++) {
      const id = oldIds[old] ?? Number.NaN;
      if (id !== id) continue;
      const slot = this.#slot(ids, id);
      ids[slot] = id;
      values[slot] = oldValues[old] ?? 0;
    }
    [this.#ids, this.#values] = [ids, values];
  }
}

/** A list of numbers that grows, 8 bytes for each. */
export class NumberList {
  #numbers = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Float64Array(this.#length * 2);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = number;
  }

  /** @returns NaN where there is none */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? Number.NaN) : Number.NaN;
  }

  /** Puts a number in the place of another one. */
  set(index: number, number: number): void {
    this.#numbers[index] = number;
  }

  /** Forgets all; their memory is used again. */
  clear(): void {
    this.#length = 0;
  }

  /** In the order of the numbers; the list's own memory. */
  sorted(): Float64Array {
    return this.#numbers.subarray(0, this.#length).sort();
  }
}

/** Index of the first of sorted numbers that is not less. */
export function lowerBound(sorted: Float64Array, number: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
