import type { ColumnChunk, Encoding, SchemaElement } from 'hyparquet';

import { bitWidth, writeDeltas, writeHybrid, writeRun } from './bitPacking.ts';
import { ByteSink } from './byteSink.ts';
import { type ColumnValues, NULL_CODE } from './columnValues.ts';
import { compareTexts } from './compareTexts.ts';
import { NumberIndex } from './numberIndex.ts';
import { writeDataPageHeader, writeDictionaryPageHeader } from './pageHeader.ts';

/** Bytes of a page before it is compressed, roughly: what a reader unpacks at a time. */
const PAGE = 1024 * 1024;

/** Integers up to here are exact in whatever is done with them. */
const EXACT = 2 ** 51;

/** A dictionary is worth it while its entries are at most this share of the values. */
const DICTIONARY_SHARE = 0.5;

/** Where the chunks of a file go. */
export interface ChunkTarget {
  /** Bytes of the file so far. */
  readonly offset: () => number;
  readonly append: (bytes: Uint8Array) => void;
  readonly compress: (bytes: Uint8Array) => Uint8Array;
}

/** The values of a column that are not null, ready to be cut into pages. */
interface Dense {
  readonly encoding: Encoding;
  readonly count: number;
  /** Size of all values before they are compressed, roughly. */
  readonly bytes: number;
  readonly dictionary?: { readonly count: number; readonly write: (sink: ByteSink) => void };
  /** Writes some of them. */
  readonly write: (sink: ByteSink, start: number, end: number) => void;
  readonly min?: boolean | number | string | undefined;
  readonly max?: boolean | number | string | undefined;
}

/** Memory that every chunk uses again. */
const numberIndex = new NumberIndex();
const page = new ByteSink();
const packed = new ByteSink();
let levels = new Uint8Array(0);
let dense = new Float64Array(0);
let codes = new Int32Array(0);

/**
 * Brings the values that are not null to the front, in the order of the rows, and notes in `levels`
 * where they are, unless they are all or none of the rows.
 *
 * @returns how many they are
 */
function gather(values: ColumnValues, rows: number, order: Int32Array | null): number {
  if (levels.length < rows) {
    levels = new Uint8Array(rows);
    dense = new Float64Array(rows);
    codes = new Int32Array(rows);
  }
  const { isCoded, length, present } = values;
  if (present === 0) return 0;
  if (order === null && present === rows) {
    if (isCoded) codes.set(values.codes.subarray(0, rows));
    else dense.set(values.numbers.subarray(0, rows));
    return rows;
  }
  let count = 0;
  for (let at = 0; at < rows; at++) {
    const row = order ? (order[at] ?? length) : at;
    let isPresent = row < length;
    if (isPresent && isCoded) {
      const code = values.codes[row] ?? NULL_CODE;
      isPresent = code !== NULL_CODE;
      if (isPresent) codes[count] = code;
    } else if (isPresent) {
      const number = values.numbers[row] ?? Number.NaN;
      isPresent = !Number.isNaN(number);
      if (isPresent) dense[count] = number;
    }
    levels[at] = isPresent ? 1 : 0;
    if (isPresent) count++;
  }
  return count;
}

function leastAndMost(count: number): { min?: number; max?: number } {
  if (count === 0) return {};
  let [min, max] = [dense[0] ?? 0, dense[0] ?? 0];
  for (let index = 1; index < count; index++) {
    const number = dense[index] ?? 0;
    if (number < min) min = number;
    else if (number > max) max = number;
  }
  return { min, max };
}

/** Indexes behind their width, as data pages have them. */
function writeIndexes(width: number) {
  return (sink: ByteSink, start: number, end: number): void => {
    sink.byte(width);
    writeHybrid(sink, codes.subarray(start, end), end - start, width);
  };
}

/** Numbers of which there are few different ones become indexes. @returns those different ones */
function numbersToCodes(count: number): readonly number[] | null {
  const most = Math.min(NumberIndex.MOST, count * 0.1);
  numberIndex.clear();
  for (let at = 0; at < count; at++) {
    codes[at] = numberIndex.code(dense[at] ?? 0);
    if (numberIndex.numbers.length > most) return null;
  }
  return numberIndex.numbers;
}

function writerOf(type: ColumnValues['type']): (sink: ByteSink, value: number) => void {
  if (type === 'double') {
    return (sink, value) => {
      sink.double(value);
    };
  }
  if (type === 'date') {
    return (sink, value) => {
      sink.int32(value);
    };
  }
  return (sink, value) => {
    sink.int64(value);
  };
}

function denseNumbers({ type }: ColumnValues, count: number): Dense {
  const { min = 0, max = 0 } = leastAndMost(count);
  // The format wants a zero's sign so, since -0 and 0 are equal.
  const signed = type === 'double' ? { min: min === 0 ? -0 : min, max: max === 0 ? 0 : max } : null;
  const bounds = count === 0 ? {} : (signed ?? { min, max });
  const write = writerOf(type);
  const few = numbersToCodes(count);
  if (few && count > 0) {
    const width = bitWidth(few.length - 1);
    return {
      ...{ encoding: 'RLE_DICTIONARY', count, bytes: (count * width) / 8, ...bounds },
      dictionary: {
        count: few.length,
        write: (sink) => {
          for (const number of few) write(sink, number);
        },
      },
      write: writeIndexes(width),
    };
  }
  if (type !== 'double' && type !== 'date' && min >= -EXACT && max <= EXACT && count > 0) {
    return {
      ...{ encoding: 'DELTA_BINARY_PACKED', count, bytes: count * 4, ...bounds },
      write: (sink, start, end) => {
        writeDeltas(sink, dense.subarray(start, end), end - start);
      },
    };
  }
  return {
    ...{ encoding: 'PLAIN', count, bytes: count * 8, ...bounds },
    write: (sink, start, end) => {
      for (let at = start; at < end; at++) write(sink, dense[at] ?? 0);
    },
  };
}

function denseBooleans(count: number): Dense {
  const of = codes.subarray(0, count);
  return {
    ...{ encoding: 'PLAIN', count, bytes: count / 8 },
    ...(count > 0 && { min: !of.includes(0), max: of.includes(1) }),
    write: (sink, start, end) => {
      for (let at = start; at < end; at += 8) {
        let bits = 0;
        for (let bit = 0; bit < Math.min(8, end - at); bit++) bits |= (codes[at + bit] ?? 0) << bit;
        sink.byte(bits);
      }
    },
  };
}

/** Numbers texts anew in the order of the rows, without those that no row has. @returns the texts */
function renumber(distinct: readonly string[], count: number): readonly string[] {
  const fresh = new Int32Array(distinct.length).fill(NULL_CODE);
  const used: string[] = [];
  for (let at = 0; at < count; at++) {
    const code = codes[at] ?? 0;
    let place = fresh[code] ?? NULL_CODE;
    if (place === NULL_CODE) {
      place = used.push(distinct[code] ?? '') - 1;
      fresh[code] = place;
    }
    codes[at] = place;
  }
  return used;
}

/** @param isAsGiven whether the texts are numbered in the order of the rows, each of some row */
function denseTexts(distinct: readonly string[], count: number, isAsGiven: boolean): Dense {
  const used = isAsGiven ? distinct : renumber(distinct, count);
  let [min, max] = [used[0], used[0]];
  let size = 0;
  for (const text of used) {
    size += text.length + 4;
    if (min !== undefined && compareTexts(text, min) < 0) min = text;
    if (max !== undefined && compareTexts(text, max) > 0) max = text;
  }
  if (count > 0 && used.length <= count * DICTIONARY_SHARE) {
    const width = bitWidth(used.length - 1);
    return {
      ...{ encoding: 'RLE_DICTIONARY', count, bytes: (count * width) / 8, min, max },
      dictionary: {
        count: used.length,
        write: (sink) => {
          for (const text of used) sink.text(text);
        },
      },
      write: writeIndexes(width),
    };
  }
  return {
    ...{ encoding: 'PLAIN', count, bytes: used.length === 0 ? 0 : (size / used.length) * count },
    ...{ min, max },
    write: (sink, start, end) => {
      for (let at = start; at < end; at++) sink.text(used[codes[at] ?? 0] ?? '');
    },
  };
}

function denseOf(values: ColumnValues, count: number, order: Int32Array | null): Dense {
  if (values.type === 'boolean') return denseBooleans(count);
  if (!values.isCoded) return denseNumbers(values, count);
  return denseTexts(values.distinct, count, order === null && !values.isOverwritten);
}

/** Writes which rows of a page are null. @returns how many are not */
function writeLevels(
  sink: ByteSink,
  { row, pageRows, count, rows }: Readonly<Record<'count' | 'pageRows' | 'row' | 'rows', number>>,
): number {
  if (count === 0 || count === rows) {
    writeRun(sink, pageRows, { value: count === 0 ? 0 : 1, width: 1 });
    return count === 0 ? 0 : pageRows;
  }
  const ofPage = levels.subarray(row, row + pageRows);
  writeHybrid(sink, ofPage, pageRows, 1);
  let present = 0;
  for (let at = 0; at < pageRows; at++) present += ofPage[at] ?? 0;
  return present;
}

/**
 * Writes the values of a column as one chunk: a dictionary where values repeat, differences where
 * numbers follow each other, else the plain values; in pages of a mebibyte or less.
 *
 * @param order rows in the order in which they shall stand; null leaves them as they are
 * @returns what the footer tells of it
 */
export function writeColumnChunk(
  target: ChunkTarget,
  element: SchemaElement,
  values: ColumnValues,
  { rows, order }: { readonly rows: number; readonly order: Int32Array | null },
): ColumnChunk {
  const count = gather(values, rows, order);
  const column = denseOf(values, count, order);
  const begin = target.offset();
  let uncompressed = 0;
  const write = (writeHeader: (sink: ByteSink, size: number, packedSize: number) => void): void => {
    const body = target.compress(page.bytes);
    packed.clear();
    writeHeader(packed, page.length, body.length);
    uncompressed += packed.length + page.length;
    target.append(packed.bytes);
    target.append(body);
  };

  const { dictionary } = column;
  if (dictionary) {
    page.clear();
    dictionary.write(page);
    write((sink, size, packedSize) => {
      writeDictionaryPageHeader(sink, { size, packedSize, count: dictionary.count });
    });
  }
  const dataBegin = target.offset();
  const pages = Math.max(1, Math.ceil(column.bytes / PAGE));
  const step = Math.max(1, Math.ceil(rows / pages));
  let start = 0;
  let pageCount = 0;
  for (let row = 0; row < rows; row += step) {
    const pageRows = Math.min(step, rows - row);
    page.clear();
    page.uint32(0);
    const end = start + writeLevels(page, { row, pageRows, count, rows });
    page.uint32At(0, page.length - 4);
    column.write(page, start, end);
    const { encoding } = column;
    write((sink, size, packedSize) => {
      writeDataPageHeader(sink, { size, packedSize, count: pageRows, encoding });
    });
    start = end;
    pageCount++;
  }

  const { type = 'BYTE_ARRAY', name } = element;
  return {
    file_offset: BigInt(begin),
    meta_data: {
      type,
      encodings: [
        ...new Set<Encoding>(dictionary ? ['PLAIN'] : []).add('RLE').add(column.encoding),
      ],
      path_in_schema: [name],
      codec: 'ZSTD',
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(uncompressed),
      total_compressed_size: BigInt(target.offset() - begin),
      data_page_offset: BigInt(dataBegin),
      ...(dictionary && { dictionary_page_offset: BigInt(begin) }),
      statistics: {
        null_count: BigInt(rows - count),
        ...(column.min !== undefined && { min_value: column.min }),
        ...(column.max !== undefined && { max_value: column.max }),
      },
      encoding_stats: [
        ...(dictionary
          ? [{ page_type: 'DICTIONARY_PAGE', encoding: 'PLAIN', count: 1 } as const]
          : []),
        { page_type: 'DATA_PAGE', encoding: column.encoding, count: pageCount },
      ],
    },
  };
}
