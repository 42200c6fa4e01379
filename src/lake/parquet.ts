import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

import type { Column, ColumnType, Value } from './columns.ts';
import { loadZstd } from './zstd.ts';

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

function encodeAll<Input>({ name, type, take }: Column<Input>, inputs: readonly Input[]) {
  try {
    return inputs.map((input) => encode(type, take(input)));
  } catch (error) {
    throw new TypeError(`Column ${name}: ${(error as Error).message}`, { cause: error });
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
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }): SchemaElement => ({
        name,
        ...ELEMENTS[type],
        repetition_type: 'OPTIONAL',
      })),
    ],
    codec: 'ZSTD',
    compressors: { ZSTD: (await loadZstd()).compress },
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const writeGroup = (group: readonly Input[]) =>
    parquet.write({
      columnData: columns.map((column) => ({
        name: column.name,
        data: encodeAll(column, group),
        // The writer leaves page indexes out of chunks of one page, and Trino then refuses the file.
        columnIndex: false,
        offsetIndex: false,
      })),
      rowGroupSize: ROW_GROUP,
    });

  let group: Input[] = [];
  for (const input of inputs) {
    group.push(input);
    if (group.length < ROW_GROUP) continue;
    await writeGroup(group);
    group = [];
  }
  await writeGroup(group);
  await parquet.finish();
  return writer.getBytes();
}
