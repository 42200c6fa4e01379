import * as z from 'zod';

import { NotFoundError, type ObjectStore, readAll, readBytes } from '../../src/lake/objectStore.ts';
import { footerSize, readFooter, readRows } from '../../src/lake/readParquet.ts';
import { IdTable } from './idTable.ts';

const count = z.coerce.number<string>().int().min(0);

const summarySchema = z.object({
  columns_version: z.string(),
  zone: z.string(),
  /** Hash of the day's listing that the file was made from. */
  listing: z.string(),
  /** Hash of the listing of the day before; empty when that day had not to be asked. */
  earlier_listing: z.string(),
  stored: count,
  duplicates: count,
  rejected: count,
  late: count,
});

/** What a day's file says of the run that wrote it: its metadata, one key each. */
export type Summary = Readonly<z.infer<typeof summarySchema>>;

/** The Parquet file of a day, as it is now. */
export interface DayFile {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** 0 when the file is broken. */
  readonly rows: number;
  /** null when another program wrote the file, or it is broken. */
  readonly summary: Summary | null;
}

/** The summary as metadata of a Parquet file. */
export function summaryMetadata(summary: Summary): Record<string, string> {
  return Object.fromEntries(
    Object.entries(summary).map(([key, value]) => [`chatbot.${key}`, String(value)]),
  );
}

function readSummary(metadata: Readonly<Record<string, string>>): Summary | null {
  const fields = Object.entries(metadata).map(([key, value]) => [
    key.replace(/^chatbot\./, ''),
    value,
  ]);
  return summarySchema.safeParse(Object.fromEntries(fields)).data ?? null;
}

/** Nearly all footers are smaller: 42 columns and a row group for each 50,000 rows. */
const FOOTER = 1024 * 1024;

/** The last bytes of a file, which hold its footer if it has one. */
async function readEnd(
  enriched: ObjectStore,
  key: string,
): Promise<{ readonly bytes: Uint8Array; readonly size: number; readonly etag: string }> {
  if (!enriched.getEnd) {
    const { stream, size, etag } = await enriched.get(key);
    return { bytes: await readAll(stream), size, etag };
  }
  const end = await enriched.getEnd(key, FOOTER);
  const needed = Math.min(footerSize(end.bytes), end.size);
  return needed > end.bytes.length ? enriched.getEnd(key, needed) : end;
}

/** Reads what the file of a day tells of itself. @returns null when there is none */
export async function readDayFile(enriched: ObjectStore, key: string): Promise<DayFile | null> {
  try {
    const { bytes, size, etag } = await readEnd(enriched, key);
    try {
      const { rows, metadata } = readFooter(bytes);
      return { key, etag, size, rows, summary: readSummary(metadata) };
    } catch {
      return { key, etag, size, rows: 0, summary: null };
    }
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/**
 * How many rows of a file are not among some updates.
 *
 * @param rowsOf how many of these there are under a number
 */
export async function countLost(
  enriched: ObjectStore,
  file: DayFile,
  rowsOf: (updateId: number) => number,
): Promise<number> {
  if (file.rows === 0) return 0;
  const seen = new IdTable();
  const again = new Map<number, number>();
  let lost = 0;
  for (const row of await readRows(await readBytes(enriched, file.key), ['update_id'])) {
    const id = Number(row['update_id']);
    const before = seen.add(id, 0) === undefined ? 0 : (again.get(id) ?? 1);
    if (before > 0) again.set(id, before + 1);
    if (before >= rowsOf(id)) lost++;
  }
  return lost;
}
