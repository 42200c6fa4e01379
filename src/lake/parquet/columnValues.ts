import type { Column, ColumnType, Value } from '../columns.ts';

/** Milliseconds of a day. */
const DAY = 86_400_000;

/** What stands for null among codes. */
export const NULL_CODE = -1;

/**
 * The values of one column of a row group, as compact as they come: numbers as such, texts and truth
 * values as indexes of a list of different ones. Nulls at the end take neither memory nor time: many
 * columns hold nothing else. Its memory is used again for the next group.
 */
export class ColumnValues {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether the values are in `codes`; else they are in `numbers`. */
  readonly isCoded: boolean;
  /** Of columns of numbers; NaN is null. */
  numbers = new Float64Array(0);
  /** Of columns of texts and truth values: indexes of `distinct`, or NULL_CODE. */
  codes = new Int32Array(0);
  /** The different texts, in the order in which they came. */
  readonly distinct: string[] = [];
  readonly #index = new Map<string, number>();
  #length = 0;
  #nulls = 0;
  #isOverwritten = false;
  /** The text that came last: most columns say the same thing again and again. */
  #lastText: string | undefined;
  #lastCode = NULL_CODE;

  constructor({ name, type }: Pick<Column<never>, 'name' | 'type'>) {
    this.name = name;
    this.type = type;
    this.isCoded = type === 'string' || type === 'boolean';
  }

  /** Values in `codes` or `numbers`; all that follow are null. */
  get length(): number {
    return this.#length;
  }

  /** Those of them that are not null. */
  get present(): number {
    return this.#length - this.#nulls;
  }

  /** Whether a value was put in the place of another one: `distinct` may then hold texts of no row. */
  get isOverwritten(): boolean {
    return this.#isOverwritten;
  }

  /** Forgets all values. */
  clear(): void {
    this.distinct.length = 0;
    this.#index.clear();
    this.#length = 0;
    this.#nulls = 0;
    this.#isOverwritten = false;
    this.#lastText = undefined;
  }

  /**
   * Puts a value at an index.
   *
   * @throws TypeError that names the column when the value is not of its type
   */
  set(index: number, value: Value): void {
    if (value === null) this.#setNull(index);
    else if (this.isCoded) {
      const code = this.#code(value);
      this.#reach(index);
      this.codes[index] = code;
    } else {
      const number = this.#number(value);
      this.#reach(index);
      this.numbers[index] = number;
    }
  }

  #setNull(index: number): void {
    if (index >= this.#length) return;
    this.#reach(index);
    this.#nulls++;
    if (this.isCoded) this.codes[index] = NULL_CODE;
    else this.numbers[index] = Number.NaN;
  }

  /** Makes an index one that can be written, with nulls up to it. */
  #reach(index: number): void {
    if (index < this.#length) {
      this.#isOverwritten = true;
      const wasNull = this.isCoded
        ? this.codes[index] === NULL_CODE
        : Number.isNaN(this.numbers[index]);
      if (wasNull) this.#nulls--;
      return;
    }
    if (this.isCoded) {
      if (index >= this.codes.length) this.codes = grown(this.codes, index, Int32Array);
      if (index > this.#length) this.codes.fill(NULL_CODE, this.#length, index);
    } else {
      if (index >= this.numbers.length) this.numbers = grown(this.numbers, index, Float64Array);
      if (index > this.#length) this.numbers.fill(Number.NaN, this.#length, index);
    }
    this.#nulls += index - this.#length;
    this.#length = index + 1;
  }

  #code(value: Value): number {
    if (value === this.#lastText) return this.#lastCode;
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
    this.#lastText = value;
    this.#lastCode = code;
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

/** An array with all of another one's values and room for as many more, and for an index. */
function grown<T extends Float64Array | Int32Array>(
  values: T,
  index: number,
  make: new (length: number) => T,
): T {
  const larger = new make(Math.max(1024, values.length * 2, index + 1));
  larger.set(values);
  return larger;
}
