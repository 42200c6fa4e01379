import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Day } from '../lake/days.ts';
import { PARTITION, TELEGRAM_COLUMNS } from '../lake/columns.ts';
import { dayPrefix } from '../lake/keys.ts';
import { NotFoundError, type ObjectStore, readBytes } from '../lake/objectStore.ts';
import { type ColumnChunk, readFooter } from '../lake/readParquet.ts';
import { VIEWS } from './views.ts';

/*
 * How Trino, the engine under Athena, reads Parquet files: the defaults of its settings
 * parquet.small-file-threshold, parquet.max-merge-distance and parquet.max-buffer-size ("Parquet
 * format configuration properties" in its documentation). To ask for many small parts takes longer
 * than to read what lies between them.
 */
const MEGABYTE = 1024 ** 2;
/** Up to this size a file is read whole. */
const SMALL_FILE = 3 * MEGABYTE;
/** Parts that lie no further apart are read at once, with what lies between them … */
const MERGE_DISTANCE = MEGABYTE;
/** … up to this size together. */
const MERGED = 8 * MEGABYTE;
/** As much of a larger file's end is read to find its footer (ParquetReader.java of Trino). */
const FOOTER = 48 * 1024;

/** What a query reads. */
export interface Scan {
  readonly objects: number;
  readonly bytes: number;
}

/**
 * The queries of the views, by name.
 *
 * @param sqlFolder usually the project's `sql/`
 */
export async function viewQueries(sqlFolder: string): Promise<ReadonlyMap<string, string>> {
  const read = ({ name }: (typeof VIEWS)[number]) =>
    readFile(join(sqlFolder, 'views', `${name}.sql`), 'utf8');
  return new Map(
    await Promise.all(VIEWS.map(async (view) => [view.name, await read(view)] as const)),
  );
}

/** Comments, and texts: the parts of a query that name no column. */
const NOT_SQL = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'/g;

/** Columns whose names are words of SQL, too: only in quotes are they columns. */
const ONLY_QUOTED: ReadonlySet<string> = new Set(['date']);

/**
 * The columns of the table `telegram` that a query names, and so may read, in the table's order. The
 * day's own is not among them: it is the folder's name, no part of any file.
 *
 * @param sql of an analysis, or another query that names its columns
 * @param views see {@link viewQueries}; of those that the query reads the columns count, too
 */
export function columnsRead(sql: string, views: ReadonlyMap<string, string>): readonly string[] {
  const read = new Set<string>();
  const look = (query: string): void => {
    for (const [word] of query.replaceAll(NOT_SQL, ' ').matchAll(/"?[A-Za-z_]\w*"?/g)) {
      const name = word.replaceAll('"', '').toLowerCase();
      const view = read.has(name) ? undefined : views.get(name);
      if (ONLY_QUOTED.has(name) && !word.startsWith('"')) continue;
      read.add(name);
      if (view !== undefined) look(view);
    }
  };
  look(sql);
  return TELEGRAM_COLUMNS.map(({ name }) => name).filter(
    (name) => name !== PARTITION && read.has(name),
  );
}

/** What is read of one file, its footer included, bytes. */
function bytesRead(
  size: number,
  chunks: readonly ColumnChunk[],
  columns: ReadonlySet<string>,
): number {
  if (size <= SMALL_FILE) return size;
  const wanted = chunks
    .filter(({ column }) => columns.has(column))
    .toSorted((a, b) => a.offset - b.offset);
  let sum = FOOTER;
  let [start, end] = [-Infinity, -Infinity];
  for (const { offset, bytes } of wanted) {
    const isApart = offset - end > MERGE_DISTANCE || offset + bytes - start > MERGED;
    sum += isApart ? bytes : offset + bytes - end;
    if (isApart) start = offset;
    end = offset + bytes;
  }
  return sum;
}

/**
 * What Athena reads of the table `telegram` for some columns of some days: told by the footers of
 * their Parquet files, as Trino, its engine, reads them. No statistics are used: they may spare it
 * some more. Days without a file cost nothing.
 *
 * @param columns see {@link columnsRead}
 * @throws UnavailableError
 */
export async function scannedParquet(
  enriched: ObjectStore,
  columns: readonly string[],
  days: readonly Day[],
): Promise<Scan> {
  const wanted = new Set(columns);
  let scan: Scan = { objects: 0, bytes: 0 };
  for (const day of days) {
    for await (const { key } of enriched.list(dayPrefix(day))) {
      if (!key.endsWith('.parquet')) continue;
      try {
        const file = await readBytes(enriched, key);
        const bytes = bytesRead(file.length, readFooter(file).chunks, wanted);
        scan = { objects: scan.objects + 1, bytes: scan.bytes + bytes };
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  }
  return scan;
}

/**
 * What Athena would read of the raw objects of some days: all of them, whole, whatever is asked.
 *
 * @throws UnavailableError
 */
export async function scannedRaw(raw: ObjectStore, days: readonly Day[]): Promise<Scan> {
  let [objects, bytes] = [0, 0];
  for (const day of days) {
    for await (const { size } of raw.list(dayPrefix(day))) {
      objects++;
      bytes += size;
    }
  }
  return { objects, bytes };
}
