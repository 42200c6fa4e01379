const NEW_LINE = 0x0a;

/** Bytes of a record at most: Telegram's updates have a few thousand. */
export const LONGEST_RECORD = 16 * 1024 * 1024;

/** Of a record that is longer, so much is kept to show. */
const SHOWN = 1024 * 1024;

/** Takes lines as they are found. */
export interface LineTaker {
  /**
   * @param bytes without the line break; good until the next call
   * @param line 0-based
   */
  readonly line: (bytes: Uint8Array, line: number) => void;
  /** A line that is longer than a record can be: its first bytes. */
  readonly tooLong: (head: Uint8Array, line: number) => void;
}

/**
 * Cuts bytes into lines, at the bytes: decoded in blocks, one emoji would make a whole block a
 * two-byte string. Holds no more than one line, and no more than {@link LONGEST_RECORD} of it.
 */
export class LineReader {
  readonly #taker: LineTaker;
  #rest: Uint8Array[] = [];
  #size = 0;
  #line = 0;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (
      let end = chunk.indexOf(NEW_LINE);
      end !== -1;
      start = end + 1, end = chunk.indexOf(NEW_LINE, start)
    ) {
      const piece = chunk.subarray(start, end);
      if (this.#size === 0) this.#taker.line(piece, this.#line++);
      else {
        this.#keep(piece);
        this.#give();
      }
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The last line has no line break. */
  end(): void {
    if (this.#size > 0) this.#give();
  }

  #keep(piece: Uint8Array): void {
    const before = this.#size;
    this.#size += piece.length;
    if (this.#size <= LONGEST_RECORD) this.#rest.push(piece);
    else if (before <= LONGEST_RECORD) {
      // A copy, so that the rest of the line is not held.
      this.#rest = [Buffer.from(Buffer.concat([...this.#rest, piece]).subarray(0, SHOWN))];
    }
  }

  #give(): void {
    const isTooLong = this.#size > LONGEST_RECORD;
    const [only] = this.#rest;
    const bytes = this.#rest.length === 1 && only ? only : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#size = 0;
    if (isTooLong) this.#taker.tooLong(bytes.subarray(0, SHOWN), this.#line++);
    else this.#taker.line(bytes, this.#line++);
  }
}
