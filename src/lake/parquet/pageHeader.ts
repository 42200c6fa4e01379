import type { Encoding } from 'hyparquet';

import type { ByteSink } from './byteSink.ts';

/*
 * Headers of pages in Thrift's compact protocol, as parquet.thrift declares them: each field is a byte
 * of what its number adds to the one before and its type, then the value.
 */

const I32 = 5;
const STRUCT = 12;
const STOP = 0;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

/** Numbers of the encodings in parquet.thrift. */
const ENCODINGS: Partial<Record<Encoding, number>> = {
  PLAIN: 0,
  RLE: 3,
  DELTA_BINARY_PACKED: 5,
  RLE_DICTIONARY: 8,
};

interface PageSizes {
  /** Bytes. */
  readonly size: number;
  /** Bytes when compressed. */
  readonly packedSize: number;
  readonly count: number;
}

function field(sink: ByteSink, delta: number, value: number): void {
  sink.byte((delta << 4) | I32);
  sink.zigzag(value);
}

function begin(sink: ByteSink, type: number, { size, packedSize }: PageSizes): void {
  field(sink, 1, type);
  field(sink, 1, size);
  field(sink, 1, packedSize);
}

/** The header of a page of values, with levels that say which are null. */
export function writeDataPageHeader(
  sink: ByteSink,
  header: PageSizes & { readonly encoding: Encoding },
): void {
  begin(sink, DATA_PAGE, header);
  sink.byte((2 << 4) | STRUCT);
  field(sink, 1, header.count);
  field(sink, 1, ENCODINGS[header.encoding] ?? 0);
  field(sink, 1, ENCODINGS.RLE ?? 0);
  field(sink, 1, ENCODINGS.RLE ?? 0);
  sink.byte(STOP);
  sink.byte(STOP);
}

/** The header of the page of a chunk's different values. */
export function writeDictionaryPageHeader(sink: ByteSink, header: PageSizes): void {
  begin(sink, DICTIONARY_PAGE, header);
  sink.byte((4 << 4) | STRUCT);
  field(sink, 1, header.count);
  field(sink, 1, ENCODINGS.PLAIN ?? 0);
  sink.byte(STOP);
  sink.byte(STOP);
}
