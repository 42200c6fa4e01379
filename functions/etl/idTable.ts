/** Slots in the beginning; a power of two. */
const FIRST_SIZE = 1024;

/** Numbers that share a slot: those of a day follow one another. */
const PAGE = 8;

/** In place of a value where there is none. */
const NONE = -1;

/**
 * Numbers of updates, each with a small number: 7 to 14 bytes for each where they follow one another,
 * as Telegram counts, and up to 112 where no two lie near each other; a Map takes 50. Open addressing
 * of pages; nothing is ever removed.
 */
export class IdTable {
  /** Which page a slot is of; NaN where it is free. */
  #pages = new Float64Array(FIRST_SIZE).fill(Number.NaN);
  /** Where the values of a slot's page begin. */
  #starts = new Int32Array(FIRST_SIZE);
  /** Of one page behind the other. */
  #values = new Int32Array((FIRST_SIZE / 2) * PAGE).fill(NONE);
  #pageCount = 0;

  /** The slot of a page: where it is, or would go. */
  #slot(pages: Float64Array, page: number): number {
    const mask = pages.length - 1;
    // Pages that follow one another go to slots near each other: that is what caches like. Pages that
    // differ in their high bits alone do not go to one slot: these are mixed into the low ones.
    const low = page % 0x7fff_ffff;
    let slot = (low ^ (low >>> 11) ^ (low >>> 20)) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const there = pages[slot] ?? Number.NaN;
      if (there === page || there !== there) return slot;
    }
  }

  /** The value of a number; undefined when it is not there. */
  get(id: number): number | undefined {
    const page = Math.floor(id / PAGE);
    const slot = this.#slot(this.#pages, page);
    if (this.#pages[slot] !== page) return undefined;
    const value = this.#values[(this.#starts[slot] ?? 0) + (id - page * PAGE)];
    return value === NONE ? undefined : value;
  }

  has(id: number): boolean {
    return this.get(id) !== undefined;
  }

  /**
   * Gives a number a value, unless it has one.
   *
   * @param value 0 to 2 ** 31 - 1
   * @returns the value that it had before; undefined when it had none
   */
  add(id: number, value: number): number | undefined {
    const page = Math.floor(id / PAGE);
    let slot = this.#slot(this.#pages, page);
    if (this.#pages[slot] !== page) {
      if (this.#pageCount * 2 === this.#pages.length) {
        this.#double();
        slot = this.#slot(this.#pages, page);
      }
      this.#pages[slot] = page;
      this.#starts[slot] = this.#pageCount++ * PAGE;
    }
    const place = (this.#starts[slot] ?? 0) + (id - page * PAGE);
    const before = this.#values[place];
    if (before !== NONE) return before;
    this.#values[place] = value;
    return undefined;
  }

  #double(): void {
    const [oldPages, oldStarts, oldValues] = [this.#pages, this.#starts, this.#values];
    const pages = new Float64Array(oldPages.length * 2).fill(Number.NaN);
    const starts = new Int32Array(pages.length);
    for (let old = 0; old < oldPages.length; old++) {
      const page = oldPages[old] ?? Number.NaN;
      if (page !== page) continue;
      const slot = this.#slot(pages, page);
      pages[slot] = page;
      starts[slot] = oldStarts[old] ?? 0;
    }
    const values = new Int32Array(oldValues.length * 2).fill(NONE, oldValues.length);
    values.set(oldValues);
    [this.#pages, this.#starts, this.#values] = [pages, starts, values];
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
