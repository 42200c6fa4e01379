import { readDayFile } from '../../functions/etl/dayFile.ts';
import { type ColumnType, TELEGRAM_COLUMNS } from '../lake/columns.ts';
import type { Day } from '../lake/days.ts';
import { dayPrefix } from '../lake/keys.ts';
import { NotFoundError, type ObjectStore, readBytes } from '../lake/objectStore.ts';
import { type Bound, type ColumnPart, readFooter, readLayout } from '../lake/readParquet.ts';
import type { DayFileDetails, ResultValue, ValueRange } from './api.ts';
import { ATHENA_TYPES } from './athenaTypes.ts';

/** Types of Parquet's, for columns that another program wrote. */
const OF_PARQUET: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: 'boolean',
  INT32: 'int64',
  INT64: 'int64',
  FLOAT: 'double',
  DOUBLE: 'double',
};

function valueOf(value: Bound): ResultValue {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  // Times on a wall clock, as results of queries have them.
  return value instanceof Date ? value.toISOString().replace('Z', '') : value;
}

function rangeOf(part: ColumnPart | undefined): ValueRange | null {
  return part?.range ? { min: valueOf(part.range.min), max: valueOf(part.range.max) } : null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A column over all row groups. */
function describeColumn(
  name: string,
  parts: readonly ColumnPart[],
): DayFileDetails['columns'][number] {
  const known = TELEGRAM_COLUMNS.find((column) => column.name === name);
  const type = known?.type ?? OF_PARQUET[parts[0]?.type ?? ''] ?? 'string';
  const nulls = parts.map((part) => part.nulls);
  return {
    name,
    type: ATHENA_TYPES[type],
    meaning: known?.meaning ?? null,
    compression: [...new Set(parts.map(({ codec }) => codec))],
    encodings: [...new Set(parts.flatMap((part) => part.encodings))],
    bytes: sum(parts.map(({ bytes }) => bytes)),
    plainBytes: sum(parts.map(({ plainBytes }) => plainBytes)),
    nulls: nulls.includes(null) ? null : sum(nulls.map((count) => count ?? 0)),
  };
}

async function writtenAt(store: ObjectStore, key: string): Promise<string> {
  for await (const object of store.list(key)) {
    if (object.key === key) return object.modified.toISOString();
  }
  throw new NotFoundError(key);
}

/**
 * The Parquet file of a day, with its parts where it has some, as their footers describe them.
 *
 * @throws NotFoundError when there is none; Error when it is no Parquet file
 */
export async function dayFileDetails(enriched: ObjectStore, day: Day): Promise<DayFileDetails> {
  const file = await readDayFile(enriched, day);
  if (!file) throw new NotFoundError(dayPrefix(day));
  const { key, rowKeys } = file;
  const bytes = await readBytes(enriched, key);
  const footer = readFooter(bytes);
  const { createdBy } = readLayout(bytes);
  const rowGroups = [];
  for (const rowKey of rowKeys) {
    rowGroups.push(...readLayout(await readBytes(enriched, rowKey)).rowGroups);
  }
  const parts = rowGroups.flatMap((group) => group.parts);
  return {
    key,
    parts: file.parts === null ? 0 : rowKeys.length,
    bytes: file.size,
    writtenAt: await writtenAt(enriched, key),
    createdBy,
    rows: file.rows,
    rowGroups: rowGroups.map((group) => {
      const part = (name: string) => group.parts.find(({ column }) => column === name);
      return {
        rows: group.rows,
        bytes: sum(group.parts.map((each) => each.bytes)),
        plainBytes: sum(group.parts.map((each) => each.plainBytes)),
        updateId: rangeOf(part('update_id')),
        localTime: rangeOf(part('local_time')),
      };
    }),
    columns: footer.columns.map((name) =>
      describeColumn(
        name,
        parts.filter(({ column }) => column === name),
      ),
    ),
    metadata: footer.metadata,
  };
}
