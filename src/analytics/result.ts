import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
} from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';

/** A value of a result: days are `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MM:SS[.sss]`. */
export type ResultValue = boolean | number | string | null;

/** What a query gave. */
export interface QueryResult {
  /** Names, each once: a second `x` is `x:1`. */
  readonly columns: readonly string[];
  /** Athena's names of the columns' types. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly ResultValue[])[];
  /** Wall time of the query, milliseconds. */
  readonly ms: number;
  /** Bytes that were read for it, where the engine charges for them. */
  readonly bytesScanned?: number;
  /** Whether the result is one of an earlier run, which costs nothing. */
  readonly reused?: boolean;
  /** Whether there are more rows than these: fewer were asked for. */
  readonly more?: boolean;
}

const TYPE_NAMES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  // sum() and count_if() are that wide in DuckDB, and bigint in Athena.
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'double',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DECIMAL]: 'double',
};

/** Athena's name of a type; what has none among numbers and texts is shown as it is written. */
export function typeName(type: DuckDBType): string {
  const name = type.typeId === DuckDBTypeId.SQLNULL ? 'varchar' : String(type).toLowerCase();
  return TYPE_NAMES[type.typeId] ?? name.replace(' with time zone', '');
}

/** Whole numbers beyond 2^53 become texts, so that no digit is lost. */
export function resultValue(value: DuckDBValue): ResultValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBDateValue) return value.toString();
  if (isMoment(value)) return momentText(value.toString());
  return String(value);
}

function isMoment(value: unknown): boolean {
  return (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue ||
    value instanceof DuckDBTimestampTZValue
  );
}

/** In UTC, without the zone; milliseconds have three digits, as in Trino. */
function momentText(text: string): string {
  const [seconds = '', fraction] = text.replace(/\+00$/, '').replace(' ', 'T').split('.');
  return fraction === undefined ? seconds : `${seconds}.${fraction.padEnd(3, '0')}`;
}
