import Table from 'cli-table3';

import type { Column, ColumnType } from '../lake/columns.ts';
import { encodeParquet } from '../lake/parquet.ts';
import type { QueryResult, ResultValue } from './result.ts';

/** Forms in which a result can be given out. */
export const FORMATS = ['table', 'csv', 'json', 'parquet'] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

type Row = readonly ResultValue[];

/** What Parquet stores of Athena's types; all others become texts. */
const PARQUET_TYPES: Readonly<Record<string, ColumnType>> = {
  bigint: 'int64',
  boolean: 'boolean',
  date: 'date',
  double: 'double',
  integer: 'int64',
  timestamp: 'timestamp',
};

/** Types whose values stand to the right in a table. */
const NUMBERS: ReadonlySet<string> = new Set(['bigint', 'double', 'integer']);

/**
 * How spreadsheets of a language read CSV without being asked: in Portuguese with semicolons and a
 * decimal comma. In both, moments are written with a space, which alone they take for a time.
 */
const SPREADSHEETS = {
  en: { separator: ',', decimal: '.' },
  pt: { separator: ';', decimal: ',' },
} as const;

/**
 * Gives a result out in a form: Parquet as bytes, the others as text.
 *
 * @param spreadsheet writes CSV for spreadsheets of that language; without it as RFC 4180 has it
 */
export function formatResult(
  result: QueryResult,
  format: Format,
  spreadsheet?: keyof typeof SPREADSHEETS,
): string | Promise<Uint8Array> {
  switch (format) {
    case 'table':
      return formatTable(result);
    case 'csv':
      return formatCsv(result, spreadsheet);
    case 'json':
      return formatJson(result);
    case 'parquet':
      return formatParquet(result);
  }
}

/** Digits after the point that a table on a terminal has room for; all of them are in the other forms. */
const TABLE_DIGITS = 4;

/** A value in a terminal. What could steer it (customers write the texts) is shown as �. */
function tableCell(value: ResultValue): string {
  if (typeof value === 'number') return String(Number(value.toFixed(TABLE_DIGITS)));
  return String(value ?? '').replaceAll(/\p{Cc}+/gu, '�');
}

/** A table for a terminal. */
function formatTable({ columns, types, rows }: QueryResult): string {
  const table = new Table({
    head: [...columns],
    colAligns: types.map((type) => (NUMBERS.has(type) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push(row.map(tableCell));
  }
  return `${table.toString()}\n`;
}

/**
 * CSV by RFC 4180, in UTF-8 with a byte order mark, which spreadsheets need to read accents.
 *
 * A text that a spreadsheet would run as a formula (it begins with =, +, -, @, their full-width
 * forms, a tab or a line break) gets a leading apostrophe: customers write these texts. Numbers
 * keep their minus sign.
 */
function formatCsv(
  { columns, types, rows }: QueryResult,
  spreadsheet?: keyof typeof SPREADSHEETS,
): string {
  const { separator, decimal } = SPREADSHEETS[spreadsheet ?? 'en'];
  const write = (value: ResultValue, type: string): string => {
    if (typeof value === 'number') return String(value).replace('.', decimal);
    if (typeof value !== 'string') return String(value ?? '');
    if (spreadsheet !== undefined && type === 'timestamp') return value.replace('T', ' ');
    // Whole numbers beyond 2^53 come as texts, and stay numbers here.
    return csvText(value, separator, NUMBERS.has(type));
  };
  const lines = [
    columns.map((name) => csvText(name, separator, false)),
    ...rows.map((row) => row.map((value, index) => write(value, types[index] ?? 'varchar'))),
  ];
  return `\ufeff${lines.map((line) => line.join(separator)).join('\r\n')}\r\n`;
}

function csvText(value: string, separator: string, isNumber: boolean): string {
  const text = !isNumber && /^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value;
  return /["\r\n]/.test(text) || text.includes(separator)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** Each row as an object with the columns' names. */
export function rowObjects({
  columns,
  rows,
}: QueryResult): readonly Readonly<Record<string, ResultValue>>[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])),
  );
}

/** An array of objects, one row a line. */
function formatJson(result: QueryResult): string {
  const objects = rowObjects(result).map((row) => JSON.stringify(row));
  return objects.length === 0 ? '[]\n' : `[\n  ${objects.join(',\n  ')}\n]\n`;
}

/** A Parquet file, encoded as the lake's own; moments are kept to the millisecond. */
function formatParquet({ columns, types, rows }: QueryResult): Promise<Uint8Array> {
  const parquetColumns = columns.map((name, index): Column<Row> => {
    const type = parquetType(types[index] ?? 'varchar', rows, index);
    return {
      name,
      type,
      meaning: '',
      take: (row) => parquetValue(type, row[index] ?? null),
    };
  });
  return encodeParquet(parquetColumns, rows);
}

function parquetType(type: string, rows: readonly Row[], index: number): ColumnType {
  const declared = PARQUET_TYPES[type] ?? 'string';
  // Whole numbers beyond 2^53, and numbers that are none, came as texts.
  const hasTexts = () => rows.some((row) => typeof row[index] === 'string');
  return NUMBERS.has(type) && hasTexts() ? 'string' : declared;
}

function parquetValue(type: ColumnType, value: ResultValue): ResultValue {
  if (value === null) return null;
  if (type === 'timestamp') return Date.parse(`${String(value).slice(0, 23)}Z`);
  return type === 'string' ? String(value) : value;
}
