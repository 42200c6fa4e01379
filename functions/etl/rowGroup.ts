import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import type { ObjectInfo } from '../../src/lake/objectStore.ts';
import type { RowValues } from '../../src/lake/parquet.ts';
import { ColumnValues } from '../../src/lake/parquet/columnValues.ts';
import type { Row } from './wrangle.ts';

/** Rows that are encoded at once: enough to compress well, few enough to hold little memory. */
const MOST_ROWS = 50_000;

/** Bytes of raw records behind them: texts of a few thousand characters make a group smaller. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Where a row comes from: to be read again in the rare case that its content must be compared. */
export interface Origin {
  readonly object: ObjectInfo;
  readonly bytes: Uint8Array;
}

/** Rows that will be encoded together, column by column. */
export class RowGroup {
  readonly #columns = TELEGRAM_COLUMNS.map((column) => ({
    take: column.take,
    values: new ColumnValues(column),
  }));
  readonly #ids: number[] = [];
  readonly #receivedAt: number[] = [];
  readonly #isOwnDay: boolean[] = [];
  readonly #origins: Origin[] = [];
  #bytes = 0;

  get length(): number {
    return this.#ids.length;
  }

  /** Whether it is time to encode it. Where a group ends depends on the records alone. */
  get isFull(): boolean {
    return this.length >= MOST_ROWS || this.#bytes >= MOST_BYTES;
  }

  /** Appends a row. @returns its index */
  add(row: Row, origin: Origin): number {
    const index = this.length;
    this.#bytes += origin.bytes.length;
    this.set(index, row, origin);
    return index;
  }

  /** Puts a row in the place of another, or behind the last. */
  set(index: number, { message, isOwnDay }: Row, origin: Origin): void {
    for (const { take, values } of this.#columns) values.set(index, take(message));
    this.#ids[index] = message.facts.updateId;
    this.#receivedAt[index] = message.receivedAt;
    this.#isOwnDay[index] = isOwnDay;
    this.#origins[index] = origin;
  }

  idAt(index: number): number {
    return this.#ids[index] ?? Number.NaN;
  }

  receivedAt(index: number): number {
    return this.#receivedAt[index] ?? Number.NaN;
  }

  /** See `Row.isOwnDay`. */
  isOwnDay(index: number): boolean {
    return this.#isOwnDay[index] === true;
  }

  /** @throws RangeError when there is no such row */
  originOf(index: number): Origin {
    const origin = this.#origins[index];
    if (!origin) throw new RangeError(`There is no row ${index}.`);
    return origin;
  }

  /**
   * The rows as they will stand in the file: by update_id, then by when they were received, then as
   * they were given.
   *
   * @param dropped indexes of rows that shall not
   */
  sorted(dropped: ReadonlySet<number> = new Set()): RowValues {
    const columns = this.#columns.map(({ values }) => values);
    const order = Int32Array.from(this.#ids.keys()).filter((index) => !dropped.has(index));
    const compare = (a: number, b: number): number =>
      this.idAt(a) - this.idAt(b) || this.receivedAt(a) - this.receivedAt(b) || a - b;
    const isInOrder = order.every((index, at) => compare(order[at - 1] ?? index, index) <= 0);
    if (isInOrder && dropped.size === 0) return { rows: this.length, columns, order: null };
    return { rows: order.length, columns, order: order.sort(compare) };
  }
}
