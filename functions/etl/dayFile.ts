import * as z from 'zod';

import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import type { Day } from '../../src/lake/days.ts';
import { dayPrefix, isPartKey, parquetKey, partKey } from '../../src/lake/keys.ts';
import {
  NotFoundError,
  type ObjectInfo,
  type ObjectStore,
  readAll,
  readBytes,
} from '../../src/lake/objectStore.ts';
import { encodeParquet } from '../../src/lake/parquet.ts';
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

const partsSchema = z.object({
  /** Run that put the parts there. */
  run: z.string(),
  /** How many there are. */
  parts: count,
  /** When they began to be put there, ISO 8601. */
  claimed_at: z.iso.datetime(),
  /** In all of them; absent while they are being put there. */
  rows: count.optional(),
});

/** The parts of a day that was written in shards, as its file tells of them. */
export type Parts = Readonly<z.infer<typeof partsSchema>>;

/** The Parquet file of a day, with its parts where it has some, as they are now. */
export interface DayFile {
  readonly key: string;
  /** Of the file itself: whoever replaces the day, with parts or without, writes this file. */
  readonly etag: string;
  /** Bytes, with the parts. */
  readonly size: number;
  /** With the parts'; 0 when the file is broken. */
  readonly rows: number;
  /**
   * null when another program wrote the file, it is broken, its parts are not all there, or others lie
   * beside it, whose rows would count twice.
   */
  readonly summary: Summary | null;
  /** null where the rows are in the file itself. */
  readonly parts: Parts | null;
  /** Keys of what holds the rows: the file itself, or those of its parts that are there. */
  readonly rowKeys: readonly string[];
}

/** A day's files. */
export interface DayFiles {
  /** null when there is none. */
  readonly file: DayFile | null;
  /** Parts that go when the day is replaced, by their keys: some may be gone already. */
  readonly partKeys: readonly string[];
}

/** The day's parts are being put in place by another run. */
export class DayBusyError extends Error {
  override readonly name = 'DayBusyError';

  constructor(day: Day, since: string) {
    super(
      `Another run has been putting the files of ${day} in place since ${since}. Run the day again ` +
        'when it has: after a quarter of an hour at most.',
    );
  }
}

/** As long as a Lambda can run, milliseconds: whoever began earlier is at work no more. */
const LONGEST_RUN = 15 * 60_000;

function metadataOf(fields: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [`chatbot.${key}`, String(value)]),
  );
}

/** The summary as metadata of a Parquet file. */
export function summaryMetadata(summary: Summary): Record<string, string> {
  return metadataOf(summary);
}

/**
 * The file of a day whose rows are in parts: none itself.
 *
 * @param summary null while the parts are being put in place
 */
export function encodeHead(parts: Parts, summary: Summary | null): Promise<Uint8Array> {
  return encodeParquet(TELEGRAM_COLUMNS, [], metadataOf({ ...parts, ...summary }));
}

/** Keys of the parts that a file tells of. */
export function keysOfParts(day: Day, { run, parts }: Pick<Parts, 'parts' | 'run'>): string[] {
  return Array.from({ length: parts }, (_, shard) => partKey(day, run, shard));
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

function ownFields(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(metadata);
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/^chatbot\./, ''), value]));
}

/** @param there the parts in the day's folder, by key */
function describe(
  day: Day,
  { bytes, size, etag }: Awaited<ReturnType<typeof readEnd>>,
  there: ReadonlyMap<string, ObjectInfo>,
): DayFile {
  const key = parquetKey(day);
  try {
    const { rows, metadata } = readFooter(bytes);
    const fields = ownFields(metadata);
    const summary = summarySchema.safeParse(fields).data ?? null;
    const parts = partsSchema.safeParse(fields).data ?? null;
    const own = parts === null ? [] : keysOfParts(day, parts);
    const objects = own.flatMap((partName) => there.get(partName) ?? []);
    const isWhole = objects.length === own.length && there.size === own.length;
    const known = isWhole ? summary : null;
    if (parts === null) return { key, etag, size, rows, summary: known, parts, rowKeys: [key] };
    return {
      ...{ key, etag, rows: parts.rows ?? 0, parts, rowKeys: objects.map((object) => object.key) },
      size: objects.reduce((sum, object) => sum + object.size, size),
      summary: parts.rows === undefined ? null : known,
    };
  } catch {
    return { key, etag, size, rows: 0, summary: null, parts: null, rowKeys: [] };
  }
}

/** Reads what a day's files tell of themselves. */
export async function readDayFiles(enriched: ObjectStore, day: Day): Promise<DayFiles> {
  const there = new Map<string, ObjectInfo>();
  // The parts first: what comes after the file was read is another run's, and not ours to remove.
  for await (const object of enriched.list(`${dayPrefix(day)}part-`)) {
    if (isPartKey(object.key)) there.set(object.key, object);
  }
  try {
    const file = describe(day, await readEnd(enriched, parquetKey(day)), there);
    const named = file.parts ? keysOfParts(day, file.parts) : [];
    return { file, partKeys: [...new Set([...there.keys(), ...named])] };
  } catch (error) {
    if (error instanceof NotFoundError) return { file: null, partKeys: [...there.keys()] };
    throw error;
  }
}

/** Reads what the file of a day tells of itself. @returns null when there is none */
export async function readDayFile(enriched: ObjectStore, day: Day): Promise<DayFile | null> {
  return (await readDayFiles(enriched, day)).file;
}

/**
 * @param now Unix milliseconds
 * @throws DayBusyError while another run puts the day's parts in place
 */
export function checkNotBusy(day: Day, { parts }: DayFile, now: number): void {
  if (parts === null || parts.rows !== undefined) return;
  if (now - Date.parse(parts.claimed_at) < LONGEST_RUN) {
    throw new DayBusyError(day, parts.claimed_at);
  }
}

/**
 * How many rows of a day's file, or of its parts, are not among some updates.
 *
 * @param rowsOf how many of these there are under a number
 */
export async function countLost(
  enriched: ObjectStore,
  { rowKeys }: DayFile,
  rowsOf: (updateId: number) => number,
): Promise<number> {
  const seen = new IdTable();
  const again = new Map<number, number>();
  let lost = 0;
  for (const key of rowKeys) {
    for (const row of await readRows(await readBytes(enriched, key), ['update_id'])) {
      const id = Number(row['update_id']);
      const before = seen.add(id, 0) === undefined ? 0 : (again.get(id) ?? 1);
      if (before > 0) again.set(id, before + 1);
      if (before >= rowsOf(id)) lost++;
    }
  }
  return lost;
}
