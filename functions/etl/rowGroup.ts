import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import type { RowValues } from '../../src/lake/parquet.ts';
import { ColumnValues } from '../../src/lake/parquet/columnValues.ts';
import { NumberList } from './idTable.ts';
import type { Row } from './wrangle.ts';

/** Rows that are encoded at once: enough to compress well, few enough to hold little memory. */
export const GROUP_ROWS = 50_000;

/** Bytes of raw records behind them: texts of a few thousand characters make a group smaller. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Raw records are kept in pieces of this many bytes. */
const SLAB = 1024 * 1024;

/**
 * Copies of bytes, one behind the other. Views would hold on to all that was read with them; and
 * 50,000 of them cost the garbage collector more than the copies do.
 */
class Copies {
  readonly #slabs: Buffer[] = [];
  /** The slab in use, and how much of it is. */
  #current = 0;
  #used = 0;
  readonly #slabOf = new NumberList();
  readonly #starts = new NumberList();
  readonly #lengths = new NumberList();

  /** Forgets all; their memory is used again. */
  clear(): void {
    this.#current = 0;
    this.#used = 0;
    for (const list of [this.#slabOf, this.#starts, this.#lengths]) list.clear();
  }

  push(bytes: Uint8Array): void {
    while ((this.#slabs[this.#current]?.length ?? Infinity) - this.#used < bytes.length) {
      this.#current++;
      this.#used = 0;
    }
    const slab = (this.#slabs[this.#current] ??= Buffer.allocUnsafeSlow(
      Math.max(SLAB, bytes.length),
    ));
    slab.set(bytes, this.#used);
    this.#slabOf.push(this.#current);
    this.#starts.push(this.#used);
    this.#lengths.push(bytes.length);
    this.#used += bytes.length;
  }

  at(index: number): Uint8Array {
    const start = this.#starts.at(index);
    const slab = this.#slabs[this.#slabOf.at(index)];
    return slab?.subarray(start, start + this.#lengths.at(index)) ?? new Uint8Array();
  }
}

/** Rows that will be encoded together, column by column. */
export class RowGroup {
  readonly #mostRows: number;
  readonly #columns = TELEGRAM_COLUMNS.map((column) => ({
    take: column.take,
    values: new ColumnValues(column),
  }));
  readonly #ids = new NumberList();
  readonly #receivedAt = new NumberList();
  /** 1 or 0. */
  readonly #isOwnDay = new NumberList();
  #records = new Copies();
  #bytes = 0;

  /** @param mostRows rows of a group at most */
  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  get length(): number {
    return this.#ids.length;
  }

  /** Whether it is time to encode it. Where a group ends depends on the records alone. */
  get isFull(): boolean {
    return this.length >= this.#mostRows || this.#bytes >= MOST_BYTES;
  }

  /** Forgets all rows; their memory is used again. */
  clear(): void {
    for (const { values } of this.#columns) values.clear();
    this.#ids.clear();
    this.#receivedAt.clear();
    this.#isOwnDay.clear();
    this.#records.clear();
    this.#bytes = 0;
  }

  /**
   * Makes the memory of another group's records its own, which forgets them: it is full, and what
   * comes now is not compared with them any more.
   */
  takeRecordsOf(other: RowGroup): void {
    [this.#records, other.#records] = [other.#records, this.#records];
    this.#records.clear();
    other.#records.clear();
  }

  /**
   * Appends a row.
   *
   * @param bytes the record that it was: kept, to be read again where its content must be compared
   * @returns its index
   */
  add(row: Row, bytes: Uint8Array): number {
    const index = this.length;
    this.#take(index, row);
    this.#ids.push(row.message.facts.updateId);
    this.#receivedAt.push(row.message.receivedAt);
    this.#isOwnDay.push(row.isOwnDay ? 1 : 0);
    this.#records.push(bytes);
    this.#bytes += bytes.length;
    return index;
  }

  /** Puts in the place of a row another one of the same update, which was received earlier. */
  replace(index: number, row: Row, bytes: Uint8Array): void {
    this.#take(index, row);
    this.#receivedAt.set(index, row.message.receivedAt);
    this.#bytes += bytes.length;
  }

  #take(index: number, { message }: Row): void {
    for (const { take, values } of this.#columns) values.set(index, take(message));
  }

  idAt(index: number): number {
    return this.#ids.at(index);
  }

  receivedAt(index: number): number {
    return this.#receivedAt.at(index);
  }

  /** See `Row.isOwnDay`. */
  isOwnDay(index: number): boolean {
    return this.#isOwnDay.at(index) === 1;
  }

  /** The record that a row was. */
  recordOf(index: number): Uint8Array {
    return this.#records.at(index);
  }

  /**
   * The rows as they will stand in the file: by update_id, then by when they were received, then as
   * they were given. Good until the group is changed.
   *
   * @param dropped indexes of rows that shall not
   */
  sorted(dropped: ReadonlySet<number> = new Set()): RowValues {
    const columns = this.#columns.map(({ values }) => values);
    const compare = (a: number, b: number): number =>
      this.idAt(a) - this.idAt(b) || this.receivedAt(a) - this.receivedAt(b) || a - b;
    let isInOrder = dropped.size === 0;
    for (let index = 1; isInOrder && index < this.length; index++) {
      isInOrder = compare(index - 1, index) < 0;
    }
    if (isInOrder) return { rows: this.length, columns, order: null };
    const order = Int32Array.from({ length: this.length }, (_, index) => index).filter(
      (index) => !dropped.has(index),
    );
    return { rows: order.length, columns, order: order.sort(compare) };
  }
}
