import {
  COLUMNS_VERSION,
  RUNS_COLUMNS,
  type RunInput,
  TELEGRAM_COLUMNS,
} from '../../src/lake/columns.ts';
import { type Day, addToDay, dayOf, previousDay } from '../../src/lake/days.ts';
import { parquetKey, rejectedPrefix, runsPrefix } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import {
  NotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  readBytes,
} from '../../src/lake/objectStore.ts';
import { ParquetEncoder, type RowValues, encodeParquet } from '../../src/lake/parquet.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { NotARejectedRecordError, readRejected } from '../../src/lake/rejected.ts';
import { type DayFile, type Summary, countLost, readDayFile, summaryMetadata } from './dayFile.ts';
import { DayRows, type Progress, SeenTooLateError } from './dayRows.ts';
import { streamDay, hashDay } from './listing.ts';
import { type PhaseTimes, Phases } from './phases.ts';
import { Verdicts } from './verdicts.ts';
import { type DayBounds, dayBounds } from './wrangle.ts';

/** What a run needs besides the lake and the day. */
export interface RunOptions {
  /** Run also when nothing has changed. */
  readonly force?: boolean;
  /** When the run starts, Unix milliseconds: decides how old the day is. */
  readonly now: number;
  /** See the setting of this name: days this old are never shrunk or deleted. */
  readonly rawRetentionDays: number;
  /** Rows of a row group at most; 50,000 unless told. */
  readonly groupRows?: number;
  /** Is told how far the day is, ten times a second at most, and when all is read. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** What became of a day. Always stored = rows + duplicates + rejected. */
export interface DayRun {
  readonly day: Day;
  /**
   * - `written`: the day's file is new
   * - `unchanged`: neither the raw objects nor the column list have changed since it was written
   * - `empty`: the day has no rows, and no file
   * - `kept`: the file holds rows whose raw objects are gone, so it was left alone; see `reason`
   */
  readonly status: 'empty' | 'kept' | 'unchanged' | 'written';
  /** Updates found in the raw layer. */
  readonly stored: number;
  readonly rows: number;
  /** Updates stored more than once, beyond the first; the day before counts too. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Rows received after the day had ended. */
  readonly late: number;
  readonly parquetKey: string;
  /** Size of the file; 0 when there is none. */
  readonly bytes: number;
  /** How long the run took, milliseconds. */
  readonly ms: number;
  /** Where that time went, milliseconds. */
  readonly phases: PhaseTimes;
  readonly reason?: string;
}

/** Runs that collide with another one start over this often. */
const ATTEMPTS = 3;

/** What a run finds out: the summary that goes into the file, and what became of the day. */
type Outcome = Omit<DayRun, 'day' | 'ms' | 'parquetKey' | 'phases'>;

/** Whether the file was made from the objects that are there, with the column list of today. */
async function isCurrent(lake: Lake, day: Day, summary: Summary): Promise<boolean> {
  if (summary.columns_version !== String(COLUMNS_VERSION) || summary.zone !== lake.zone) {
    return false;
  }
  if (summary.listing !== (await hashDay(lake.raw, day))) return false;
  return (
    summary.earlier_listing === '' ||
    summary.earlier_listing === (await hashDay(lake.raw, previousDay(day)))
  );
}

async function isThere(store: ObjectStore, key: string): Promise<boolean> {
  for await (const object of store.list(key)) return object.key === key;
  return false;
}

/**
 * Removes the day's records of what has been mended: its raw object is there and was read without
 * complaint.
 *
 * @param rejected keys of the records of this run
 */
async function dropMended(
  raw: ObjectStore,
  day: Day,
  rejected: ReadonlySet<string>,
): Promise<void> {
  const mended: string[] = [];
  for await (const { key } of raw.list(rejectedPrefix(day))) {
    if (rejected.has(key)) continue;
    try {
      const { from, source_key } = await readRejected(raw, key);
      if (from === 'etl' && source_key !== null && (await isThere(raw, source_key))) {
        mended.push(key);
      }
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof NotARejectedRecordError) continue;
      throw error;
    }
  }
  await raw.delete(mended);
}

/** Deletes the day's file. @throws PreconditionFailedError when raw objects have come meanwhile */
async function deleteFile(lake: Lake, day: Day, listing: string): Promise<void> {
  const key = parquetKey(day);
  if ((await hashDay(lake.raw, day)) !== listing) throw new PreconditionFailedError(key);
  await lake.enriched.delete([key]);
}

/** Whether the day's last run found the very same, so that there is nothing new to record. */
async function isRecorded(
  enriched: ObjectStore,
  run: Omit<RunInput, 'finishedAt'>,
): Promise<boolean> {
  let last: string | undefined;
  for await (const { key } of enriched.list(runsPrefix(run.day))) last = key;
  if (last === undefined) return false;
  const [row] = await readRows(await readBytes(enriched, last));
  return (['stored', 'rows', 'duplicates', 'rejected', 'late'] as const).every(
    (count) => row?.[count] === BigInt(run[count]),
  );
}

/** Keeps one row of table `runs`. */
async function recordRun(enriched: ObjectStore, run: RunInput): Promise<void> {
  const finishedAt = new Date(run.finishedAt).toISOString().replaceAll(/[-:.]/g, '');
  const key = `${runsPrefix(run.day)}${finishedAt}.parquet`;
  await enriched.put(key, await encodeParquet(RUNS_COLUMNS, [run]));
}

/** The file that is being written turns out not to be wanted; what became of the day instead. */
class NotWanted extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('The file is not wanted.');
    this.outcome = outcome;
  }
}

/** One try to run a day. */
class Attempt {
  readonly #lake: Lake;
  readonly #options: RunOptions;
  readonly #elapsed: () => number;
  readonly #phases: Phases;
  readonly #bounds: DayBounds;

  constructor(
    lake: Lake,
    day: Day,
    options: RunOptions,
    clock: { readonly elapsed: () => number; readonly phases: Phases },
  ) {
    this.#lake = lake;
    this.#options = options;
    this.#elapsed = clock.elapsed;
    this.#phases = clock.phases;
    this.#bounds = dayBounds(day, lake.zone);
  }

  get #day(): Day {
    return this.#bounds.day;
  }

  async run(): Promise<Outcome> {
    const { enriched } = this.#lake;
    const file = await readDayFile(enriched, parquetKey(this.#day));
    if (file?.summary && this.#options.force !== true) {
      if (await isCurrent(this.#lake, this.#day, file.summary)) {
        const { stored, duplicates, rejected, late } = file.summary;
        return {
          status: 'unchanged',
          ...{ stored, rows: file.rows, duplicates, rejected, late, bytes: file.size },
        };
      }
    }
    try {
      return await this.#read(file, null);
    } catch (error) {
      if (!(error instanceof SeenTooLateError)) throw error;
      const verdicts = new Verdicts(error.watched, error.earlier);
      const { signal } = this.#options;
      await verdicts.learn(this.#lake.raw, streamDay(this.#lake.raw, this.#day), {
        phases: this.#phases,
        signal,
      });
      try {
        return await this.#read(file, verdicts);
      } catch (again) {
        // Objects have come, gone or been replaced meanwhile: the day begins anew.
        if (again instanceof SeenTooLateError) {
          throw new PreconditionFailedError(parquetKey(this.#day));
        }
        throw again;
      }
    }
  }

  /** Reads the day and writes its file, in one go. */
  async #read(file: DayFile | null, verdicts: Verdicts | null): Promise<Outcome> {
    const { raw, enriched } = this.#lake;
    const { signal, onProgress, groupRows } = this.#options;
    const phases = this.#phases;
    const rows = new DayRows(raw, this.#bounds, {
      ...{ phases, verdicts, groupRows, onProgress, signal },
    });
    const groups = rows.groups();
    try {
      const first = await groups.next();
      if (first.done) return await this.#empty(file, rows);
      const key = parquetKey(this.#day);
      const counter = { bytes: 0 };
      const body = this.#encode(file, rows, first.value, groups, counter);
      await enriched.put(key, body, {
        ...(file ? { ifMatch: file.etag } : { ifNoneMatch: '*' }),
        ...(signal && { signal }),
      });
      await this.#record(rows);
      return { status: 'written', ...rows.counts, bytes: counter.bytes };
    } catch (error) {
      if (error instanceof NotWanted) return error.outcome;
      throw error;
    } finally {
      await groups.return(undefined);
    }
  }

  /** The bytes of the file; when all rows are known, it may turn out that it is not wanted. */
  async *#encode(
    file: DayFile | null,
    rows: DayRows,
    first: RowValues,
    others: AsyncIterable<RowValues>,
    counter: { bytes: number },
  ): AsyncGenerator<Uint8Array> {
    const phases = this.#phases;
    const encoder = await ParquetEncoder.open(TELEGRAM_COLUMNS);
    function* give(encode: () => Uint8Array): Generator<Uint8Array> {
      let start = performance.now();
      const bytes = encode();
      counter.bytes += bytes.length;
      start = phases.add('encode', start);
      yield bytes;
      phases.add('put', start);
    }
    yield* give(() => encoder.encode(first));
    for await (const group of others) yield* give(() => encoder.encode(group));
    await this.#finish(file, rows);
    const { stored, duplicates, rejected, late } = rows.counts;
    const metadata = summaryMetadata({
      columns_version: String(COLUMNS_VERSION),
      zone: this.#lake.zone,
      listing: rows.listing,
      earlier_listing: rows.earlierListing,
      ...{ stored, duplicates, rejected, late },
    });
    yield* give(() => encoder.end(metadata));
  }

  /** What is to be done when all rows are known. @throws NotWanted when the file stays as it is */
  async #finish(file: DayFile | null, rows: DayRows): Promise<void> {
    const { raw, enriched, zone } = this.#lake;
    const { rawRetentionDays, now, signal } = this.#options;
    signal?.throwIfAborted();
    await dropMended(raw, this.#day, rows.rejected);
    if (!file || addToDay(this.#day, rawRetentionDays) > dayOf(now, zone)) return;
    const lost = await countLost(enriched, file, (id) => rows.rowsOf(id));
    if (lost === 0) return;
    const reason =
      `Left as it is: ${lost} of its ${file.rows} rows have no raw object any more, ` +
      `which is to be expected after ${rawRetentionDays} days.`;
    throw new NotWanted({ status: 'kept', ...rows.counts, bytes: file.size, reason });
  }

  async #empty(file: DayFile | null, rows: DayRows): Promise<Outcome> {
    const { counts } = rows;
    await this.#finish(file, rows);
    if (file) await deleteFile(this.#lake, this.#day, rows.listing);
    // Without a file nothing tells an unchanged day, so its last run does.
    if (
      file ||
      (counts.stored > 0 && !(await isRecorded(this.#lake.enriched, { day: this.#day, ...counts })))
    ) {
      await this.#record(rows);
    }
    return { status: 'empty', ...counts, bytes: 0 };
  }

  #record(rows: DayRows): Promise<void> {
    const finishedAt = Math.round(this.#options.now + this.#elapsed());
    return recordRun(this.#lake.enriched, { day: this.#day, ...rows.counts, finishedAt });
  }
}

/**
 * Runs the ETL of one day: reads the raw objects of its folder and writes its one Parquet file,
 * unless nothing has changed. The day streams through: no more than a row group is held, and the
 * numbers of the updates. Running it again, or twice at a time, does no harm: the same raw objects
 * give the same bytes, and a file that another run has replaced meanwhile is not overwritten, the day
 * is run again.
 *
 * @throws UnavailableError when the store does not answer; PreconditionFailedError when other runs
 *   kept replacing the file; what `signal` aborts with
 */
export async function runDay(lake: Lake, day: Day, options: RunOptions): Promise<DayRun> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const phases = new Phases();
  for (let attempts = 1; ; attempts++) {
    try {
      const outcome = await new Attempt(lake, day, options, { elapsed, phases }).run();
      const ms = elapsed();
      return { day, ...outcome, parquetKey: parquetKey(day), ms, phases: phases.times };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || attempts === ATTEMPTS) throw error;
    }
  }
}
