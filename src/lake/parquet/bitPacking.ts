import type { ByteSink } from './byteSink.ts';

/** Equal values from so many on are written as one. */
const RUN = 8;

/** Bits that are packed in one step: together with seven left over they fit 32. */
const STEP = 24;

/** Bits that a number from 0 on takes. */
export function bitWidth(most: number): number {
  let width = 0;
  for (let rest = most; rest >= 1; rest = Math.floor(rest / 2)) width++;
  return width;
}

/**
 * Packs numbers, the low bits first, one behind the other without gaps.
 *
 * @param count of numbers, from `start` on; beyond `end` they are 0
 * @param width bits of each, up to 53
 */
function pack(
  sink: ByteSink,
  values: ArrayLike<number>,
  { start, end, count }: { start: number; end: number; count: number },
  width: number,
): void {
  const bytes = sink.reserve(Math.ceil((count * width) / 8));
  let at = 0;
  let left = 0;
  let bits = 0;
  for (let index = start; index < start + count; index++) {
    let value = index < end ? (values[index] ?? 0) : 0;
    for (let rest = width; rest > 0; rest -= STEP) {
      const size = Math.min(rest, STEP);
      left |= (width > STEP ? value % 2 ** STEP : value) << bits;
      bits += size;
      if (rest > STEP) value = Math.floor(value / 2 ** STEP);
      for (; bits >= 8; bits -= 8) {
        bytes[at++] = left;
        left >>>= 8;
      }
    }
  }
  if (bits > 0) bytes[at] = left;
}

/** A run of Parquet's hybrid: one value, so many times. */
export function writeRun(
  sink: ByteSink,
  count: number,
  { value, width }: { readonly value: number; readonly width: number },
): void {
  sink.varint(count * 2);
  for (let bits = 0, rest = value; bits < width; bits += 8, rest >>>= 8) sink.byte(rest & 0xff);
}

/** Parquet's hybrid of runs and packed bits (RLE), for levels and dictionary indexes. */
export function writeHybrid(
  sink: ByteSink,
  values: ArrayLike<number>,
  count: number,
  width: number,
): void {
  let packed = 0;
  const flush = (end: number): void => {
    if (end === packed) return;
    const groups = Math.ceil((end - packed) / 8);
    sink.varint(groups * 2 + 1);
    pack(sink, values, { start: packed, end, count: groups * 8 }, width);
  };
  for (let index = 0; index < count;) {
    const value = values[index] ?? 0;
    let end = index + 1;
    while (end < count && values[end] === value) end++;
    // Packed bits come in groups of eight, so a run begins where such a group ends.
    const begin = index + ((8 - ((index - packed) % 8)) % 8);
    if (end - begin >= RUN) {
      flush(begin);
      writeRun(sink, end - begin, { value, width });
      packed = end;
    }
    index = end;
  }
  flush(count);
}

const BLOCK = 128;
const MINIBLOCK = 32;

/**
 * DELTA_BINARY_PACKED: the first value, then what each one adds to the one before, packed in blocks.
 *
 * @param values integers between -2^51 and 2^51: differences and what is made of them are then exact
 */
export function writeDeltas(sink: ByteSink, values: Float64Array, count: number): void {
  sink.varint(BLOCK);
  sink.varint(BLOCK / MINIBLOCK);
  sink.varint(count);
  sink.zigzag(values[0] ?? 0);
  const deltas = new Float64Array(BLOCK);
  for (let start = 1; start < count; start += BLOCK) {
    const size = Math.min(BLOCK, count - start);
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < size; index++) {
      const delta = (values[start + index] ?? 0) - (values[start + index - 1] ?? 0);
      deltas[index] = delta;
      if (delta < least) least = delta;
    }
    sink.zigzag(least);
    const widths: number[] = [];
    for (let mini = 0; mini < BLOCK; mini += MINIBLOCK) {
      let most = 0;
      for (let index = mini; index < Math.min(mini + MINIBLOCK, size); index++) {
        const above = (deltas[index] ?? 0) - least;
        deltas[index] = above;
        if (above > most) most = above;
      }
      widths.push(bitWidth(most));
    }
    for (const width of widths) sink.byte(width);
    widths.forEach((width, mini) => {
      const range = { start: mini * MINIBLOCK, end: size, count: MINIBLOCK };
      if (width > 0) pack(sink, deltas, range, width);
    });
  }
}
