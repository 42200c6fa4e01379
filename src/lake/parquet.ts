import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

import type { Column, ColumnType, Value } from './columns.ts';
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

/** A value as the writer takes it. @throws TypeError when it is not of the column's type */
function encode(type: ColumnType, value: Value): bigint | boolean | Date | number | string | null {
  if (value === null) return null;
  switch (type) {
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'date':
      if (typeof value === 'string') return new Date(value);
      break;
    case 'double':
      if (typeof value === 'number') return value;
      break;
    case 'int64':
    case 'timestamp':
      if (Number.isSafeInteger(value)) return BigInt(value);
      break;
    case 'string':
      if (typeof value === 'string') return value;
      break;
  }
  throw new TypeError(`${JSON.stringify(value)} is no ${type}.`);
}

/** Rows by column, in the order of the columns. */
export interface RowValues {
  readonly rows: number;
  readonly columns: readonly (readonly Value[])[];
}

type AnyColumn = Pick<Column<never>, 'name' | 'type'>;

function encodeAll({ name, type }: AnyColumn, values: readonly Value[]) {
  try {
    return values.map((value) => encode(type, value));
  } catch (error) {
    throw new TypeError(`Column ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes one Parquet file, a row group at a time. */
export class ParquetEncoder {
  readonly #columns: readonly AnyColumn[];
  readonly #writer = new ByteWriter();
  readonly #parquet: ParquetWriter;

  /** See {@link ParquetEncoder.open}. */
  private constructor(columns: readonly AnyColumn[], zstd: Zstd) {
    this.#columns = columns;
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type }): SchemaElement => ({
          name,
          ...ELEMENTS[type],
          repetition_type: 'OPTIONAL',
        })),
      ],
      codec: 'ZSTD',
      compressors: { ZSTD: zstd.compress },
    });
  }

  static async open(columns: readonly AnyColumn[]): Promise<ParquetEncoder> {
    return new ParquetEncoder(columns, await loadZstd());
  }

  /**
   * Encodes rows as one row group.
   *
   * @returns the next bytes of the file
   * @throws TypeError that names the column whose value is not of its type
   */
  encode({ rows, columns }: RowValues): Uint8Array {
    if (rows > 0) {
      void this.#parquet.write({
        columnData: this.#columns.map((column, index) => ({
          name: column.name,
          data: encodeAll(column, columns[index] ?? []),
          // The writer leaves page indexes out of chunks of one page, and Trino then refuses the file.
          columnIndex: false,
          offsetIndex: false,
        })),
        rowGroupSize: rows,
      });
    }
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
 * Encodes rows as one Parquet file: declared types, every column nullable, ZSTD, statistics for
 * each column of each row group. The same rows give the same bytes on the same version of Node.
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
  let group: Input[] = [];
  const writeGroup = (): void => {
    const values = columns.map(({ take }) => group.map((input) => take(input)));
    chunks.push(encoder.encode({ rows: group.length, columns: values }));
    group = [];
  };
  for (const input of inputs) {
    group.push(input);
    if (group.length === ROW_GROUP) writeGroup();
  }
  writeGroup();
  chunks.push(encoder.end(metadata));
  // Bytes of their own: a small Buffer is a view of one that others share.
  return new Uint8Array(Buffer.concat(chunks));
}
