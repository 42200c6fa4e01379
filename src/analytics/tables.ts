import { PARTITION, RUNS_COLUMNS, TELEGRAM_COLUMNS } from '../lake/columns.ts';
import type { Column, ColumnType } from '../lake/columns.ts';

/** A table of the lake, over the Parquet files of one folder per day. */
interface Table {
  readonly name: string;
  /** Its files below the enriched folder. */
  readonly files: string;
  readonly columns: readonly Pick<Column<never>, 'name' | 'type'>[];
}

/** The tables of the lake, as DuckDB sees them. */
export const TABLES: readonly Table[] = [
  {
    name: 'telegram',
    // As Athena does: a large day has parts beside its file.
    files: `telegram/${PARTITION}=*/*.parquet`,
    columns: TELEGRAM_COLUMNS,
  },
  { name: 'runs', files: `runs/${PARTITION}=*/*.parquet`, columns: RUNS_COLUMNS },
];

const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: 'BOOLEAN',
  date: 'DATE',
  double: 'DOUBLE',
  int64: 'BIGINT',
  string: 'VARCHAR',
  timestamp: 'TIMESTAMP',
};

/** Makes `<table>_none`: no rows, all columns. Files of an older column list are widened by it. */
export function emptyTableStatement({ name, columns }: Table): string {
  const typed = columns.map((column) => `"${column.name}" ${DUCKDB_TYPES[column.type]}`);
  return `CREATE TABLE ${name}_none (${typed.join(', ')}, ${PARTITION} DATE)`;
}

/**
 * Makes the view `<table>` over the files there are. The list of files is read by each query anew.
 *
 * @param files path or glob; null while there is no file at all, which DuckDB does not accept
 */
export function tableStatement({ name, columns }: Table, files: string | null): string {
  const names = [...columns.map((column) => `"${column.name}"`), PARTITION].join(', ');
  const rows =
    files === null
      ? `${name}_none`
      : `(FROM ${name}_none UNION ALL BY NAME FROM read_parquet('${files.replaceAll("'", "''")}',
          hive_partitioning = true, hive_types = {'${PARTITION}': DATE}, union_by_name = true))`;
  return `CREATE OR REPLACE VIEW ${name} AS SELECT ${names} FROM ${rows}`;
}
