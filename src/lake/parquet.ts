import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

import type { Column, ColumnType } from './columns.ts';
import { writeColumnChunk } from './parquet/columnChunk.ts';
import { ColumnValues } from './parquet/columnValues.ts';
import { type Zstd, loadZstd } from './zstd.ts';

/** Rows encoded at once: enough to compress well, few enough to hold little memory. */
const ROW_GROUP = 50_000;

/** How each type stands in the file's schema. */
const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  double: { type: 'DOUBLE' },
  int64: { type: 'INT64' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  // No converted type: that would mean UTC, and these are times on a wall clock.
  timestamp: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
  },
};

/** Rows by column, in the order of the columns. */
export interface RowValues {
  readonly rows: number;
  readonly columns: readonly ColumnValues[];
  /** Indexes of the rows in the order in which they shall stand; null leaves them as they are. */
  readonly order: Int32Array | null;
}

/**
 * Writes one Parquet file, a row group at a time: declared types, every column nullable, ZSTD,
 * statistics for each column of each row group, and no page indexes (hyparquet-writer leaves them out
 * of chunks of one page, and Trino then refuses the file). Pages are written by our own code, which
 * takes a third of the library's time; schema and footer are the library's.
 */
export class ParquetEncoder {
  readonly #elements: readonly SchemaElement[];
  readonly #writer = new ByteWriter();
  readonly #parquet: ParquetWriter;
  readonly #zstd: Zstd;

  private constructor(columns: readonly Pick<Column<never>, 'name' | 'type'>[], zstd: Zstd) {
    this.#zstd = zstd;
    this.#elements = columns.map(({ name, type }) => ({
      name,
      ...ELEMENTS[type],
      repetition_type: 'OPTIONAL',
    }));
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: [{ name: 'root', num_children: columns.length }, ...this.#elements],
      codec: 'ZSTD',
      compressors: { ZSTD: zstd.compress },
    });
  }

  /** Begins a file. */
  static async open(
    columns: readonly Pick<Column<never>, 'name' | 'type'>[],
  ): Promise<ParquetEncoder> {
    return new ParquetEncoder(columns, await loadZstd());
  }

  /**
   * Encodes rows as one row group.
   *
   * @returns the next bytes of the file
   */
  encode(values: RowValues): Uint8Array {
    const { rows, columns } = values;
    if (rows === 0) return this.#take();
    const writer = this.#writer;
    const begin = writer.offset;
    const target = {
      offset: () => writer.offset,
      append: (bytes: Uint8Array) => {
        writer.appendBytes(bytes);
      },
      compress: this.#zstd.compress,
    };
    const chunks = this.#elements.map((element, index) => {
      const column = columns[index];
      if (!column) throw new RangeError(`There are no values of column ${element.name}.`);
      return writeColumnChunk(target, element, column, values);
    });
    this.#parquet.row_groups.push({
      columns: chunks,
      total_byte_size: chunks.reduce(
        (sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n),
        0n,
      ),
      num_rows: BigInt(rows),
      total_compressed_size: BigInt(writer.offset - begin),
    });
    this.#parquet.num_rows += BigInt(rows);
    return this.#take();
  }

  /**
   * Ends the file.
   *
   * @param metadata key-value pairs of its footer
   * @returns its last bytes
   */
  end(metadata: Readonly<Record<string, string>>): Uint8Array {
    this.#parquet.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    void this.#parquet.finish();
    return this.#take();
  }

  /** What was written since the last time. */
  #take(): Uint8Array {
    const bytes = this.#writer.getBytes().slice();
    // The offset in the file goes on; the buffer begins anew.
    this.#writer.index = 0;
    return bytes;
  }
}

/**
 * Encodes rows as one Parquet file, see ParquetEncoder. The same rows give the same bytes on the same
 * version of Node.
 *
 * @param metadata key-value pairs of the file's footer
 * @throws TypeError that names the column whose value is not of its type
 */
export async function encodeParquet<Input>(
  columns: readonly Column<Input>[],
  inputs: Iterable<Input>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const encoder = await ParquetEncoder.open(columns);
  const chunks: Uint8Array[] = [];
  const group = columns.map((column) => ({ take: column.take, values: new ColumnValues(column) }));
  let rows = 0;
  const writeGroup = (): void => {
    chunks.push(encoder.encode({ rows, columns: group.map(({ values }) => values), order: null }));
    for (const { values } of group) values.clear();
    rows = 0;
  };
  for (const input of inputs) {
    for (const { take, values } of group) values.set(rows, take(input));
    if (++rows === ROW_GROUP) writeGroup();
  }
  writeGroup();
  chunks.push(encoder.end(metadata));
  // Bytes of their own: a small Buffer is a view of one that others share.
  return new Uint8Array(Buffer.concat(chunks));
}
