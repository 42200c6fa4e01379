import type { ColumnInfo, Row } from '@aws-sdk/client-athena';

import type { QueryResult, ResultValue } from './result.ts';

/** Athena's types by the names that results have for them; others keep their own. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  char: 'varchar',
  decimal: 'double',
  float: 'double',
  real: 'double',
  smallint: 'integer',
  'timestamp with time zone': 'timestamp',
  tinyint: 'integer',
  // Of a column that is NULL in every row.
  unknown: 'varchar',
};

type Read = (text: string) => ResultValue;

/** Whole numbers beyond 2^53 stay texts, so that no digit is lost. */
const readWhole: Read = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
};

/** NaN and the infinities, which JSON does not know, stay texts. */
const readNumber: Read = (text) => {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
};

/** Without the zone, which is UTC in Athena's sessions; a fraction of zeros is none. */
const readMoment: Read = (text) => {
  const [seconds = '', fraction = ''] = text.replace(/ UTC$/, '').replace(' ', 'T').split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? seconds : `${seconds}.${digits.padEnd(3, '0')}`;
};

const READERS: Readonly<Record<string, Read>> = {
  bigint: readWhole,
  boolean: (text) => text === 'true',
  double: readNumber,
  integer: readWhole,
  timestamp: readMoment,
};

/** Names of columns and types, as all results have them. */
export function resultColumns(info: readonly ColumnInfo[]): Pick<QueryResult, 'columns' | 'types'> {
  const seen = new Map<string, number>();
  const columns = info.map(({ Name = '' }) => {
    const before = seen.get(Name) ?? 0;
    seen.set(Name, before + 1);
    return before === 0 ? Name : `${Name}:${before}`;
  });
  const types = info.map(({ Type = 'varchar' }) => TYPE_NAMES[Type] ?? Type);
  return { columns, types };
}

/**
 * The rows of a page, in the values that DuckDB's have, too: a day is `YYYY-MM-DD`, a moment
 * `YYYY-MM-DDTHH:MM:SS[.sss]`.
 *
 * @param types as {@link resultColumns} names them
 */
export function resultRows(
  rows: readonly Row[],
  types: readonly string[],
): readonly (readonly ResultValue[])[] {
  const readers = types.map((type) => READERS[type] ?? ((text: string) => text));
  return rows.map(({ Data = [] }) =>
    readers.map((read, index) => {
      const text = Data[index]?.VarCharValue;
      return text === undefined ? null : read(text);
    }),
  );
}

/** Whether a row repeats the columns' names, as the first one of a SELECT does. */
export function isHeading(row: Row | undefined, info: readonly ColumnInfo[]): boolean {
  const data = row?.Data ?? [];
  return (
    data.length === info.length &&
    info.every(({ Name, Label }, index) =>
      [Name, Label].includes(data[index]?.VarCharValue ?? undefined),
    )
  );
}
