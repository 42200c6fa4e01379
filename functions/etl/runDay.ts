import { COLUMNS_VERSION, type RunInput } from '../../src/lake/columns.ts';
import { type Day, previousDay } from '../../src/lake/days.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { rejectedKeys } from '../../src/lake/rejected.ts';
import type { RowValues } from '../../src/lake/parquet.ts';
import {
  type DayFile,
  type DayFiles,
  checkNotBusy,
  type Summary,
  countLost,
  readDayFiles,
  summaryMetadata,
} from './dayFile.ts';
import { DayRows, type Progress } from './dayRows.ts';
import type { DayRun, Outcome } from './dayRun.ts';
import { wholeDay } from './daySource.ts';
import { deleteDayFiles } from './deleteDayFiles.ts';
import { dropMended } from './dropMended.ts';
import { encodeRows } from './encodeRows.ts';
import { hashDay } from './listing.ts';
import { Phases } from './phases.ts';
import { readTwice } from './readTwice.ts';
import { isRecorded, recordEmptyRun, recordRun } from './recordRun.ts';
import { keptReason, mayBeGone } from './retention.ts';
import type { LargeDay } from './shards/planShards.ts';
import { runInShards } from './shards/runInShards.ts';
import { type Survey, surveyDay } from './shards/survey.ts';
import type { Verdicts } from './verdicts.ts';
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
  /** See the setting of this name; without it no day is too large. */
  readonly updatesPerShard?: number;
  /** Has a large day written elsewhere; without it, its shards run here, one after the other. */
  readonly startShards?: (large: LargeDay) => Promise<void>;
  /** Is told how far the day is, ten times a second at most, and when all is read. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Runs that collide with another one start over this often. */
const ATTEMPTS = 3;

/** The file that is being written turns out not to be wanted; what became of the day instead. */
class NotWanted extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('The file is not wanted.');
    this.outcome = outcome;
  }
}

/** A file that tells of its run. */
interface Candidate extends DayFile {
  readonly summary: Summary;
}

function unchanged({ summary, rows, size: bytes }: Candidate): Outcome {
  const { stored, duplicates, rejected, late } = summary;
  return { status: 'unchanged', ...{ stored, rows, duplicates, rejected, late, bytes } };
}

async function* prepend(
  first: RowValues,
  others: AsyncIterable<RowValues>,
): AsyncGenerator<RowValues> {
  yield first;
  yield* others;
}

/** One try to run a day. */
class Attempt {
  readonly #lake: Lake;
  readonly #options: RunOptions;
  readonly #elapsed: () => number;
  readonly #phases: Phases;
  readonly #bounds: DayBounds;
  #rejectedBefore: readonly string[] = [];

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
    const { raw, enriched } = this.#lake;
    const { now, signal, updatesPerShard = Number.MAX_SAFE_INTEGER } = this.#options;
    const files = await readDayFiles(enriched, this.#day);
    const { file } = files;
    if (file) checkNotBusy(this.#day, file, now);
    const candidate = this.#candidate(file);
    if (candidate || this.#options.updatesPerShard !== undefined) {
      const survey = await surveyDay(raw, this.#day, updatesPerShard);
      if (candidate && (await this.#isCurrent(candidate, survey))) return unchanged(candidate);
      if (survey.isLarge) return this.#runShards({ day: this.#day, file, survey });
    }
    this.#rejectedBefore = await rejectedKeys(raw, this.#day);
    const source = wholeDay(raw, this.#day);
    return readTwice(raw, this.#day, source, { phases: this.#phases, signal }, (verdicts) =>
      this.#read(files, verdicts),
    );
  }

  /** The file, if it may stay as it is: it has the column list of today, and is not to be written anew. */
  #candidate(file: DayFile | null): Candidate | null {
    const { summary = null } = file ?? {};
    if (!file || !summary || this.#options.force === true) return null;
    const { columns_version, zone } = summary;
    const isToday = columns_version === String(COLUMNS_VERSION) && zone === this.#lake.zone;
    return isToday ? { ...file, summary } : null;
  }

  /** Whether it was made from the objects that are there, by a run that came to its end. */
  async #isCurrent({ summary, rows }: Candidate, { listing }: Survey): Promise<boolean> {
    if (summary.listing !== listing) return false;
    const { raw, enriched } = this.#lake;
    const earlier = summary.earlier_listing;
    if (earlier !== '' && earlier !== (await hashDay(raw, previousDay(this.#day)))) return false;
    // Who broke off between the file and its row has not told of the day.
    return isRecorded(enriched, { day: this.#day, ...summary, rows });
  }

  async #runShards(large: LargeDay): Promise<Outcome> {
    const { startShards } = this.#options;
    if (!startShards) {
      return runInShards(this.#lake, large, { ...this.#options, phases: this.#phases });
    }
    await startShards(large);
    const none = { stored: 0, rows: 0, duplicates: 0, rejected: 0, late: 0, bytes: 0 };
    return { status: 'started', ...none };
  }

  /** Reads the day and writes its file, in one go. */
  async #read(files: DayFiles, verdicts: Verdicts | null): Promise<Outcome> {
    const { raw, enriched } = this.#lake;
    const { signal, onProgress, groupRows } = this.#options;
    const phases = this.#phases;
    const source = wholeDay(raw, this.#day);
    const rows = new DayRows(raw, this.#bounds, source, {
      phases,
      verdicts,
      groupRows,
      onProgress,
      signal,
    });
    const groups = rows.groups();
    try {
      const first = await groups.next();
      if (first.done) return await this.#empty(files, rows);
      const { file, partKeys } = files;
      const counter = { bytes: 0 };
      const end = async (): Promise<Record<string, string>> => {
        await this.#finish(file, rows);
        // Before the file has their rows. Whoever broke off here leaves a day that is not whole, and
        // is run again.
        await enriched.delete(partKeys);
        return this.#metadata(rows);
      };
      const body = encodeRows(prepend(first.value, groups), end, { phases, counter });
      await enriched.put(parquetKey(this.#day), body, {
        ...(file ? { ifMatch: file.etag } : { ifNoneMatch: '*' }),
        ...(signal && { signal }),
      });
      await recordRun(enriched, this.#runOf(rows));
      return { status: 'written', ...rows.counts, bytes: counter.bytes };
    } catch (error) {
      if (error instanceof NotWanted) return error.outcome;
      throw error;
    } finally {
      await groups.return(undefined);
    }
  }

  #metadata(rows: DayRows): Record<string, string> {
    const { stored, duplicates, rejected, late } = rows.counts;
    return summaryMetadata({
      columns_version: String(COLUMNS_VERSION),
      zone: this.#lake.zone,
      listing: rows.listing,
      earlier_listing: rows.earlierListing,
      ...{ stored, duplicates, rejected, late },
    });
  }

  /** What is to be done when all rows are known. @throws NotWanted when the file stays as it is */
  async #finish(file: DayFile | null, rows: DayRows): Promise<void> {
    const { raw, enriched, zone } = this.#lake;
    const { rawRetentionDays, signal } = this.#options;
    signal?.throwIfAborted();
    await dropMended(raw, this.#rejectedBefore, rows.rejected);
    if (!file || !mayBeGone(this.#day, zone, this.#options)) return;
    const lost = await countLost(enriched, file, (id) => rows.rowsOf(id));
    if (lost === 0) return;
    const reason = keptReason(lost, file.rows, rawRetentionDays);
    throw new NotWanted({ status: 'kept', ...rows.counts, bytes: file.size, reason });
  }

  async #empty({ file, partKeys }: DayFiles, rows: DayRows): Promise<Outcome> {
    const { counts } = rows;
    await this.#finish(file, rows);
    if (file) await deleteDayFiles(this.#lake, this.#day, { listing: rows.listing, partKeys });
    await recordEmptyRun(this.#lake.enriched, file !== null, this.#runOf(rows));
    return { status: 'empty', ...counts, bytes: 0 };
  }

  #runOf(rows: DayRows): RunInput {
    const finishedAt = Math.round(this.#options.now + this.#elapsed());
    return { day: this.#day, ...rows.counts, finishedAt };
  }
}

/**
 * Runs the ETL of one day: reads the raw objects of its folder and writes its one Parquet file,
 * unless nothing has changed; a day with more updates than `updatesPerShard` gets a file for each of
 * several shards. The day streams through: no more than a row group is held, and the
 * numbers of the updates. Running it again, or twice at a time, does no harm: the same raw objects
 * give the same bytes, and a file that another run has replaced meanwhile is not overwritten, the day
 * is run again.
 *
 * @throws UnavailableError when the store does not answer; PreconditionFailedError when other runs
 *   kept replacing the file; DayBusyError while another run puts parts in place; what `signal` aborts
 *   with
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
