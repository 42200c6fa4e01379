import { type Day, dayOf, endOfDayIn, eventTime, startOfDayIn } from '../days.ts';
import { writeEnvelope } from '../envelope.ts';
import type { Lake } from '../lake.ts';
import { timeInKey } from '../rawRecords.ts';
import { writeRejected } from '../rejected.ts';
import { asUpdate } from '../../telegram/parseUpdate.ts';
import { type CourseRow, rebuildUpdate } from './courseRow.ts';
import { messageKey } from './courseRow.ts';
import { type DayIndex, addToIndex, identityOf, readDayIndex, superseded } from './dayIndex.ts';
import { type PackKind, dropRebuilt, writePack } from './packs.ts';
import {
  type SourceReading,
  type SourceRecord,
  readRawPartition,
  readTables,
} from './readCourseDay.ts';
import type { CourseDay, Survey } from './survey.ts';

/** Something of a source that could not be read; it is kept under `rejected/`. */
export interface UnreadableSource {
  /** Its key in the source. */
  readonly key: string;
  /** 0-based, of an NDJSON object; else null. */
  readonly line: number | null;
  readonly reason: string;
  /** Its record in the lake. */
  readonly rejectedKey: string;
}

/** What became of a source. */
export interface CourseImport {
  /** Updates of raw objects. Always found = kept + there + duplicates. */
  readonly updates: {
    readonly found: number;
    /** Are in the lake now and were not before. */
    readonly kept: number;
    /** Were in the lake before. */
    readonly there: number;
    /** Stored by the source more than once, beyond the first. */
    readonly duplicates: number;
  };
  /** Rows of Parquet files. Always found = rebuilt + there + known + duplicates + useless. */
  readonly rows: {
    readonly found: number;
    /** Their raw objects are gone: updates were made of them that were not here before. */
    readonly rebuilt: number;
    /** The same, made by an import before. */
    readonly there: number;
    /** Their raw objects are here, in the source or in the lake. */
    readonly known: number;
    /** Written by the source more than once (runs that were repeated), beyond the first. */
    readonly duplicates: number;
    /** Name no message: neither its chat nor its number. */
    readonly useless: number;
  };
  /** Parquet files that are another table, with none of the course's columns. */
  readonly otherTables: number;
  readonly unreadable: readonly UnreadableSource[];
  /** All days of the lake that the source has updates of, in order. */
  readonly days: readonly Day[];
}

/** How far an import is. */
export interface ImportProgress {
  readonly day: Day;
  /** Raw objects and rows read. */
  readonly done: number;
}

/** Records that are written at a time: enough to compress well, few enough to hold little memory. */
const PACK_RECORDS = 20_000;

/** Indexes of days that are remembered: messages come a day late at most. */
const REMEMBERED_DAYS = 4;

/** Progress is told after this many records. */
const PROGRESS_STEP = 1_000;

/** An import under way. */
class Import {
  readonly updates = { found: 0, kept: 0, there: 0, duplicates: 0 };
  readonly rows = { found: 0, rebuilt: 0, there: 0, known: 0, duplicates: 0, useless: 0 };
  otherTables = 0;
  readonly unreadable: UnreadableSource[] = [];
  readonly days = new Set<Day>();
  readonly #lake: Lake;
  readonly #signal: AbortSignal | undefined;
  readonly #indexes = new Map<Day, Promise<DayIndex>>();
  /** Records to be written, by kind and day. */
  readonly #open = new Map<string, { kind: PackKind; day: Day; lines: string[] }>();
  readonly #written = new Set<string>();

  constructor(lake: Lake, signal: AbortSignal | undefined) {
    this.#lake = lake;
    this.#signal = signal;
  }

  /** What the lake holds of a day, with what this run has added. */
  #index(day: Day): Promise<DayIndex> {
    const index =
      this.#indexes.get(day) ?? readDayIndex(this.#lake.raw, day, this.#written, this.#signal);
    // The one that was asked for last stands last.
    this.#indexes.delete(day);
    this.#indexes.set(day, index);
    this.days.add(day);
    return index;
  }

  /** Keeps a line for a day; packs are written as they fill. */
  async #keep(kind: PackKind, day: Day, line: string): Promise<void> {
    const id = `${kind} ${day}`;
    let pack = this.#open.get(id);
    if (!pack) this.#open.set(id, (pack = { kind, day, lines: [] }));
    pack.lines.push(line);
    if (pack.lines.length < PACK_RECORDS) return;
    this.#open.delete(id);
    this.#written.add(await writePack(this.#lake.raw, day, kind, pack.lines));
  }

  /** Adds an update of a raw object. @param ingested day of the folder it lies in */
  async addUpdate({ record, line }: SourceRecord, ingested: Day, key: string): Promise<void> {
    this.updates.found++;
    const receivedAt = record.isBare
      ? this.#receivedAt(key, record.facts.ownTime, ingested)
      : record.receivedAt;
    const day = dayOf(eventTime(record.facts.ownTime, receivedAt), this.#lake.zone);
    const index = await this.#index(day);
    const id = identityOf(record);
    const origin = index.updates.get(id);
    if (origin !== undefined) {
      this.updates[origin === 'now' ? 'duplicates' : 'there']++;
      // Another copy of it in the source is a duplicate.
      index.updates.set(id, 'now');
      return;
    }
    this.updates.kept++;
    addToIndex(index, record, id, 'now');
    const received_at = new Date(receivedAt).toISOString();
    await this.#keep(
      'import',
      day,
      record.isBare
        ? writeEnvelope({ source: 'import', received_at, answer: null }, line.json)
        : `${line.json.trim().replaceAll(/[\r\n]+/g, ' ')}\n`,
    );
  }

  /**
   * When a bare update was received. Where its key does not tell: when it was sent, or else noon of
   * the day in whose folder it lies. Not the object's own time, which a copy of the lake changes.
   */
  #receivedAt(key: string, ownTime: number | null, ingested: Day): number {
    return timeInKey(key) ?? eventTime(ownTime, this.#noon(ingested));
  }

  #noon(day: Day): number {
    return (startOfDayIn(day, this.#lake.zone) + endOfDayIn(day, this.#lake.zone)) / 2;
  }

  /** Adds a row of a table, unless the update that it came from is here. */
  async addRow(row: CourseRow, ingested: Day): Promise<void> {
    const parsed = asUpdate(rebuildUpdate(row));
    const receivedAt = eventTime(parsed.facts.ownTime, this.#noon(ingested));
    const day = dayOf(receivedAt, this.#lake.zone);
    const index = await this.#index(day);
    const message = messageKey({ chatId: row.chat_id, messageId: row.message_id, date: row.date });
    if (index.messages.has(message)) {
      this.rows.known++;
      return;
    }
    const id = identityOf(parsed);
    const origin = index.updates.get(id);
    if (origin !== undefined) {
      this.rows[origin === 'now' ? 'duplicates' : 'there']++;
      index.updates.set(id, 'now');
      return;
    }
    this.rows.rebuilt++;
    addToIndex(index, parsed, id, 'now');
    const fields = { source: 'import', received_at: new Date(receivedAt).toISOString() } as const;
    const envelope = writeEnvelope({ ...fields, answer: null }, JSON.stringify(parsed.update));
    await this.#keep('rebuilt', day, envelope);
  }

  /** Keeps what cannot be read under `rejected/`. */
  async reject(
    ingested: Day,
    { key }: SourceReading['object'],
    unreadable: {
      readonly line: number | null;
      readonly reason: string;
      readonly body: Uint8Array;
    },
  ): Promise<void> {
    const { line, reason, body } = unreadable;
    const rejectedKey = await writeRejected(this.#lake.raw, ingested, {
      from: 'import',
      sourceKey: key,
      line,
      reason,
      receivedAt: this.#receivedAt(key, null, ingested),
      body,
    });
    this.unreadable.push({ key, line, reason, rejectedKey });
  }

  /** Writes what is open, and takes out what was rebuilt and is here as it was sent by now. */
  async finishDay(): Promise<void> {
    for (const { kind, day, lines } of this.#open.values()) {
      this.#written.add(await writePack(this.#lake.raw, day, kind, lines));
    }
    this.#open.clear();
    for (const [day, promised] of this.#indexes) {
      const index = await promised;
      const messages = superseded(index);
      if (messages.length > 0) await dropRebuilt(this.#lake.raw, day, new Set(messages));
      for (const message of messages) index.rebuilt.delete(message);
    }
    for (const day of this.#indexes.keys()) {
      if (this.#indexes.size <= REMEMBERED_DAYS) break;
      this.#indexes.delete(day);
    }
  }
}

/**
 * Brings what a course's pipelines left into a lake: every update under its own day, once. Raw
 * objects are put into the lake as they are, many in one object; rows of Parquet files whose raw
 * objects are gone become updates rebuilt from the course's eight columns (they have negative
 * numbers). What cannot be read is kept under `rejected/`.
 *
 * Doing it again does no harm: what the lake holds is not written again, and the same records have
 * the same key. The lake's Parquet files are the ETL's to make, of the days that are returned.
 *
 * @throws UnavailableError when a store does not answer; what `signal` aborts with
 */
export async function importCourse(
  lake: Lake,
  survey: Pick<Survey, 'days'>,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: ImportProgress) => void;
  } = {},
): Promise<CourseImport> {
  const { signal, onProgress } = options;
  const work = new Import(lake, signal);
  const tell = (day: Day): void => {
    const done = work.updates.found + work.rows.found + work.unreadable.length;
    if (done % PROGRESS_STEP === 0) onProgress?.({ day, done });
  };
  for (const { day, partitions } of survey.days) {
    await importDay(work, { day, partitions }, tell, signal);
    await work.finishDay();
  }
  const { updates, rows, otherTables, unreadable, days } = work;
  return { updates, rows, otherTables, unreadable, days: [...days].sort() };
}

/** All raw objects of the day before its tables, so that rows find the updates they came from. */
async function importDay(
  work: Import,
  { day, partitions }: CourseDay,
  tell: (day: Day) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const partition of partitions) {
    for await (const { object, reading } of readRawPartition(partition, signal)) {
      signal?.throwIfAborted();
      if ('taken' in reading) await work.addUpdate(reading.taken, day, object.key);
      else await work.reject(day, object, reading.unreadable);
      tell(day);
    }
  }
  for (const partition of partitions) {
    for await (const { object, rows, isOther, unreadable } of readTables(partition, signal)) {
      if (isOther) work.otherTables++;
      if (unreadable) await work.reject(day, object, { line: null, ...unreadable });
      for (const row of rows) {
        work.rows.found++;
        if (row === null) work.rows.useless++;
        else await work.addRow(row, day);
        tell(day);
      }
    }
  }
}
