/** Bytes one after the other, in memory that grows and is used again. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been written; good until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** Makes room for bytes. @returns where they go, all of which must be written before the next write */
  reserve(count: number): Uint8Array {
    this.#room(count);
    this.#length += count;
    return this.#bytes.subarray(this.#length - count, this.#length);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** Writes over four bytes that are there. */
  uint32At(offset: number, value: number): void {
    this.#bytes.writeUInt32LE(value, offset);
  }

  int32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
  }

  /** An integer of 64 bits; a number holds 53 of them. */
  int64(value: number): void {
    this.#room(8);
    const high = Math.floor(value / 2 ** 32);
    this.#bytes.writeUInt32LE(value - high * 2 ** 32, this.#length);
    this.#length = this.#bytes.writeInt32LE(high, this.#length + 4);
  }

  double(value: number): void {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** Seven bits a byte, the low ones first. @param value 0 to 2^53 */
  varint(value: number): void {
    this.#room(8);
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A signed integer as varint: 0, -1, 1, -2, … @param value -2^52 to 2^52 */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** UTF-8 behind its length. */
  text(value: string): void {
    this.#room(4 + value.length * 3);
    const size = this.#bytes.write(value, this.#length + 4);
    this.#bytes.writeUInt32LE(size, this.#length);
    this.#length += 4 + size;
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }
}
