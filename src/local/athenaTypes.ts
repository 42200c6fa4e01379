import type { ColumnType } from '../lake/columns.ts';

/** Athena's names of the types of columns. */
export const ATHENA_TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: 'boolean',
  date: 'date',
  double: 'double',
  int64: 'bigint',
  string: 'varchar',
  timestamp: 'timestamp',
};
