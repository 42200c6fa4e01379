import pMap from 'p-map';

import { NotFoundError, type ObjectInfo, type ObjectStore, readBytes } from '../objectStore.ts';
import { type ParsedRecord, type RawLine, UnreadableError, isNdjson } from '../rawRecords.ts';
import { readRows } from '../readParquet.ts';
import { type Reading, readObject } from '../readObject.ts';
import { type CourseRow, COURSE_COLUMNS, NEEDED_COLUMNS, courseRow } from './courseRow.ts';
import { type Partition, kindOf } from './survey.ts';

/** Objects read at a time. */
const CONCURRENCY = 64;

/** Objects whose records are held at a time. */
const BATCH = 512;

/** A record of a source, as it lies there. */
export interface SourceRecord {
  readonly record: ParsedRecord;
  readonly line: RawLine;
}

/** One record of a source with its object, or why there is none. */
export interface SourceReading {
  readonly object: ObjectInfo;
  readonly reading: Reading<SourceRecord>;
}

function take(record: ParsedRecord, line: RawLine): SourceRecord {
  return { record, line };
}

async function readWhole(store: ObjectStore, object: ObjectInfo): Promise<SourceReading[]> {
  const readings: SourceReading[] = [];
  try {
    for await (const reading of readObject(store, object, take)) readings.push({ object, reading });
  } catch (error) {
    // It went between listing and reading: as if it had not been listed.
    if (!(error instanceof NotFoundError)) throw error;
  }
  return readings;
}

/** Reads the raw objects of a folder, in the order of their keys. */
export async function* readRawPartition(
  { source: { store }, prefix }: Partition,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceReading> {
  let batch: ObjectInfo[] = [];
  async function* readBatch(): AsyncGenerator<SourceReading> {
    const options = { concurrency: CONCURRENCY, ...(signal && { signal }) };
    const readings = await pMap(batch, (object) => readWhole(store, object), options);
    batch = [];
    for (const ofObject of readings) yield* ofObject;
  }
  for await (const object of store.list(prefix)) {
    if (kindOf(object) !== 'raw') continue;
    if (isNdjson(object.key)) {
      // May hold a whole day: its records are not gathered.
      yield* readBatch();
      for await (const reading of readObject(store, object, take)) yield { object, reading };
    } else {
      batch.push(object);
      if (batch.length === BATCH) yield* readBatch();
    }
  }
  yield* readBatch();
}

/** A Parquet file of a source: its rows, or why there are none. */
export interface TableReading {
  readonly object: ObjectInfo;
  readonly rows: readonly (CourseRow | null)[];
  /** Whether it is another table, with none of the course's columns. */
  readonly isOther: boolean;
  readonly unreadable: { readonly reason: string; readonly body: Uint8Array } | null;
}

/** Of a broken file this much is kept beside the reason. */
const BODY_LIMIT = 1024 * 1024;

/** @returns null when it is another table. @throws UnreadableError */
async function readTable(bytes: Uint8Array): Promise<(CourseRow | null)[] | null> {
  let rows: Record<string, unknown>[];
  try {
    rows = await readRows(bytes);
  } catch (error) {
    throw new UnreadableError(`it is no Parquet file (${(error as Error).message})`, {
      cause: error,
    });
  }
  const [first] = rows;
  if (first && COURSE_COLUMNS.every((column) => !(column in first))) return null;
  const absent = first ? NEEDED_COLUMNS.filter((column) => !(column in first)) : [];
  if (absent.length > 0) {
    throw new UnreadableError(`it lacks the columns ${absent.join(', ')}`);
  }
  return rows.map(courseRow);
}

/** Reads the Parquet files of a folder, one after the other: each has a day's rows at most. */
export async function* readTables(
  { source: { store }, prefix }: Partition,
  signal: AbortSignal | undefined,
): AsyncGenerator<TableReading> {
  for await (const object of store.list(prefix)) {
    if (kindOf(object) !== 'parquet') continue;
    signal?.throwIfAborted();
    const bytes = await readBytes(store, object.key);
    try {
      const rows = await readTable(bytes);
      yield { object, rows: rows ?? [], isOther: rows === null, unreadable: null };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      const body = bytes.subarray(0, BODY_LIMIT);
      yield { object, rows: [], isOther: false, unreadable: { reason: error.reason, body } };
    }
  }
}
