import type { Column, ColumnType, Value } from '../columns.ts';

/** Milliseconds of a day. */
const DAY = 86_400_000;

/** What stands for null among codes. */
export const NULL_CODE = -1;

/**
 * The values of one column of a row group, as compact as they come: numbers as such, texts and truth
 * values as indexes of a list of different ones. Its memory is used again for the next group.
 */
export class ColumnValues {
  readonly name: string;
  readonly type: ColumnType;
  /** Of columns of numbers; NaN is null. */
  numbers = new Float64Array(0);
  /** Of columns of texts and truth values: indexes of `distinct`, or NULL_CODE. */
  codes = new Int32Array(0);
  /** The different texts, in the order in which they came. */
  readonly distinct: string[] = [];
  readonly #index = new Map<string, number>();

  constructor({ name, type }: Pick<Column<never>, 'name' | 'type'>) {
    this.name = name;
    this.type = type;
  }

  /** Whether the values are in `codes`; else they are in `numbers`. */
  get isCoded(): boolean {
    return this.type === 'string' || this.type === 'boolean';
  }

  /** Forgets all values. */
  clear(): void {
    this.distinct.length = 0;
    this.#index.clear();
  }

  /**
   * Puts a value at an index, which is at most one beyond the last.
   *
   * @throws TypeError that names the column when the value is not of its type
   */
  set(index: number, value: Value): void {
    if (this.isCoded) {
      if (index >= this.codes.length) this.codes = grown(this.codes, Int32Array);
      this.codes[index] = value === null ? NULL_CODE : this.#code(value);
    } else {
      if (index >= this.numbers.length) this.numbers = grown(this.numbers, Float64Array);
      this.numbers[index] = value === null ? Number.NaN : this.#number(value);
    }
  }

  #code(value: Value): number {
    if (this.type === 'boolean') {
      if (typeof value === 'boolean') return value ? 1 : 0;
      throw this.#mismatch(value);
    }
    if (typeof value !== 'string') throw this.#mismatch(value);
    let code = this.#index.get(value);
    if (code === undefined) {
      code = this.distinct.push(value) - 1;
      this.#index.set(value, code);
    }
    return code;
  }

  #number(value: Value): number {
    if (this.type === 'date') {
      if (typeof value === 'string') return Date.parse(value) / DAY;
    } else if (typeof value === 'number') {
      const isFit = this.type === 'double' ? !Number.isNaN(value) : Number.isSafeInteger(value);
      if (isFit) return value;
    }
    throw this.#mismatch(value);
  }

  #mismatch(value: Value): TypeError {
    return new TypeError(`Column ${this.name}: ${JSON.stringify(value)} is no ${this.type}.`);
  }
}

/** An array with all of another one's values and room for as many more. */
function grown<T extends Float64Array | Int32Array>(values: T, make: new (length: number) => T): T {
  const larger = new make(Math.max(1024, values.length * 2));
  larger.set(values);
  return larger;
}
