import {
  type AsyncBuffer,
  type ColumnMetaData,
  parquetMetadata,
  parquetReadObjects,
} from 'hyparquet';

import { loadZstd } from './zstd.ts';

/** The bytes as a buffer of their own, which is what the reader takes (a Buffer may share one). */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** Behind the footer stand its length, four bytes, and four that name the format. */
const TAIL = 8;

/** Bytes of a file's footer and what stands behind it, by the file's last bytes; 0 when they are not there. */
export function footerSize(end: Uint8Array): number {
  if (end.length < TAIL) return 0;
  return new DataView(end.buffer, end.byteOffset).getUint32(end.length - TAIL, true) + TAIL;
}

/** The values of one column in one row group, as they lie in the file. */
export interface ColumnChunk {
  readonly column: string;
  /** Where it begins in the file. */
  readonly offset: number;
  /** Compressed, as stored. */
  readonly bytes: number;
}

/** What a Parquet file's footer tells. */
export interface ParquetFooter {
  readonly rows: number;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  readonly chunks: readonly ColumnChunk[];
  /** Key-value pairs that were written with the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the footer of a Parquet file.
 *
 * @throws Error when the bytes are no Parquet file
 */
export function readFooter(bytes: Uint8Array): ParquetFooter {
  const {
    num_rows,
    schema,
    row_groups,
    key_value_metadata = [],
  } = parquetMetadata(bufferOf(bytes));
  return {
    rows: Number(num_rows),
    // The first element is the root.
    columns: schema.slice(1).map(({ name }) => name),
    chunks: row_groups.flatMap(({ columns }) =>
      columns.flatMap(({ meta_data: chunk }) =>
        chunk
          ? {
              column: chunk.path_in_schema.join('.'),
              offset: Number(chunk.dictionary_page_offset ?? chunk.data_page_offset),
              bytes: Number(chunk.total_compressed_size),
            }
          : [],
      ),
    ),
    metadata: Object.fromEntries(key_value_metadata.map(({ key, value = '' }) => [key, value])),
  };
}

/** A value of a footer's statistics: int64 as BigInt, timestamps as Date. */
export type Bound = bigint | boolean | Date | number | string;

/** A column of a row group, as the footer describes it. */
export interface ColumnPart {
  readonly column: string;
  /** Physical type of Parquet. */
  readonly type: string;
  readonly codec: string;
  /** Of values and of the levels that tell of nulls. */
  readonly encodings: readonly string[];
  /** Compressed, as stored. */
  readonly bytes: number;
  /** Before compression. */
  readonly plainBytes: number;
  /** null where the file does not say. */
  readonly nulls: number | null;
  /** The least and the greatest value; null where there is none. */
  readonly range: { readonly min: Bound; readonly max: Bound } | null;
}

/** How a Parquet file is laid out. */
export interface ParquetLayout {
  /** Program that wrote it. */
  readonly createdBy: string | null;
  readonly rowGroups: readonly { readonly rows: number; readonly parts: readonly ColumnPart[] }[];
}

function describePart(chunk: ColumnMetaData): ColumnPart {
  const { min_value: min, max_value: max, null_count: nulls } = chunk.statistics ?? {};
  const isKnown = min !== undefined && max !== undefined;
  return {
    column: chunk.path_in_schema.join('.'),
    type: chunk.type,
    codec: chunk.codec,
    encodings: chunk.encodings,
    bytes: Number(chunk.total_compressed_size),
    plainBytes: Number(chunk.total_uncompressed_size),
    nulls: nulls === undefined ? null : Number(nulls),
    range: !isKnown || min instanceof Uint8Array || max instanceof Uint8Array ? null : { min, max },
  };
}

/**
 * Reads from the footer of a Parquet file how it is laid out.
 *
 * @throws Error when the bytes are no Parquet file
 */
export function readLayout(bytes: Uint8Array): ParquetLayout {
  const { created_by, row_groups } = parquetMetadata(bufferOf(bytes));
  return {
    createdBy: created_by ?? null,
    rowGroups: row_groups.map(({ num_rows, columns }) => ({
      rows: Number(num_rows),
      parts: columns.flatMap(({ meta_data }) => (meta_data ? [describePart(meta_data)] : [])),
    })),
  };
}

/**
 * Reads rows of a Parquet file: int64 as BigInt, timestamps as Date.
 *
 * @param columns those to read; all by default
 */
export async function readRows(
  bytes: Uint8Array,
  columns?: readonly string[],
): Promise<Record<string, unknown>[]> {
  const buffer = bufferOf(bytes);
  const file: AsyncBuffer = {
    byteLength: buffer.byteLength,
    slice: (start, end) => buffer.slice(start, end),
  };
  const { decompress } = await loadZstd();
  return parquetReadObjects({
    file,
    ...(columns && { columns: [...columns] }),
    compressors: { ZSTD: (input) => decompress(input) },
  });
}
