import * as z from 'zod';

import { NotFoundError, type ObjectStore } from '../../src/lake/objectStore.ts';
import { readFooter, readRows } from '../../src/lake/readParquet.ts';

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
  readonly etag: string;
  readonly bytes: Uint8Array;
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

/** Reads the file of a day. @returns null when there is none */
export async function readDayFile(enriched: ObjectStore, key: string): Promise<DayFile | null> {
  try {
    const { stream, etag } = await enriched.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    try {
      const { rows, metadata } = readFooter(bytes);
      return { etag, bytes, rows, summary: readSummary(metadata) };
    } catch {
      return { etag, bytes, rows: 0, summary: null };
    }
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/**
 * How many rows of a file are not among these updates.
 *
 * @param updateIds with repetitions: two updates may share a number
 */
export async function countLost(file: DayFile, updateIds: readonly number[]): Promise<number> {
  if (file.rows === 0) return 0;
  const left = new Map<number, number>();
  for (const id of updateIds) left.set(id, (left.get(id) ?? 0) + 1);
  let lost = 0;
  for (const row of await readRows(file.bytes, ['update_id'])) {
    const id = Number(row['update_id']);
    const count = left.get(id) ?? 0;
    if (count === 0) lost++;
    else left.set(id, count - 1);
  }
  return lost;
}
