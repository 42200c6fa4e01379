import { type AsyncBuffer, parquetMetadata, parquetReadObjects } from 'hyparquet';

import { loadZstd } from './zstd.ts';

/** The bytes as a buffer of their own, which is what the reader takes (a Buffer may share one). */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
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
