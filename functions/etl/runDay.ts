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
  type ObjectInfo,
  type ObjectStore,
  PreconditionFailedError,
  readBytes,
} from '../../src/lake/objectStore.ts';
import { encodeParquet } from '../../src/lake/parquet.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { NotARejectedRecordError, readRejected } from '../../src/lake/rejected.ts';
import { type Summary, countLost, readDayFile, summaryMetadata } from './dayFile.ts';
import { dedupe } from './dedupe.ts';
import { dropEarlier, mayBeEarlier } from './earlierDay.ts';
import { listDay, listingHash } from './listing.ts';
import { type DayContent, type Progress, readDay } from './readDay.ts';
import { dayBounds } from './wrangle.ts';

/** What a run needs besides the lake and the day. */
export interface RunOptions {
  /** Run also when nothing has changed. */
  readonly force?: boolean;
  /** When the run starts, Unix milliseconds: decides how old the day is. */
  readonly now: number;
  /** See the setting of this name: days this old are never shrunk or deleted. */
  readonly rawRetentionDays: number;
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
  readonly reason?: string;
}

/** Runs that collide with another one start over this often. */
const ATTEMPTS = 3;

/** What a run finds out: the summary that goes into the file, and what became of the day. */
type Outcome = Omit<DayRun, 'day' | 'ms' | 'parquetKey'>;

/** Whether the file was made from these very objects, with the column list of today. */
async function isCurrent(
  lake: Lake,
  day: Day,
  objects: readonly ObjectInfo[],
  summary: Summary,
): Promise<boolean> {
  if (summary.columns_version !== String(COLUMNS_VERSION) || summary.zone !== lake.zone) {
    return false;
  }
  if (summary.listing !== listingHash(objects)) return false;
  return (
    summary.earlier_listing === '' ||
    summary.earlier_listing === listingHash(await listDay(lake.raw, previousDay(day)))
  );
}

/** Removes the day's records of what has been mended: its raw object was read, without complaint. */
async function dropMended(raw: ObjectStore, day: Day, content: DayContent): Promise<void> {
  const readable = new Set(content.objects.map(({ key }) => key));
  const mended: string[] = [];
  for await (const { key } of raw.list(rejectedPrefix(day))) {
    if (content.rejected.has(key)) continue;
    try {
      const { from, source_key } = await readRejected(raw, key);
      if (from === 'etl' && source_key !== null && readable.has(source_key)) mended.push(key);
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof NotARejectedRecordError) continue;
      throw error;
    }
  }
  await raw.delete(mended);
}

/** Deletes the day's file. @throws PreconditionFailedError when raw objects have come meanwhile */
async function deleteFile(lake: Lake, day: Day, objects: readonly ObjectInfo[]): Promise<void> {
  const key = parquetKey(day);
  if (listingHash(await listDay(lake.raw, day)) !== listingHash(objects)) {
    throw new PreconditionFailedError(key);
  }
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

async function attempt(
  lake: Lake,
  day: Day,
  options: RunOptions,
  elapsed: () => number,
): Promise<Outcome> {
  const { raw, enriched, zone } = lake;
  const { signal } = options;
  const key = parquetKey(day);
  const file = await readDayFile(enriched, key);
  const listed = await listDay(raw, day);
  if (file?.summary && options.force !== true) {
    if (await isCurrent(lake, day, listed, file.summary)) {
      const { stored, duplicates, rejected, late } = file.summary;
      return {
        status: 'unchanged',
        ...{ stored, rows: file.rows, duplicates, rejected, late, bytes: file.bytes.length },
      };
    }
  }

  const content = await readDay(raw, listed, dayBounds(day, zone), options);
  const unique = dedupe(content.rows);
  const earlier = unique.some(mayBeEarlier) ? await listDay(raw, previousDay(day)) : null;
  const rows = earlier ? await dropEarlier(raw, unique, earlier, signal) : unique;
  const counts = {
    stored: content.rows.length + content.rejected.size,
    rows: rows.length,
    duplicates: content.rows.length - rows.length,
    rejected: content.rejected.size,
    late: rows.filter(({ isLate }) => isLate).length,
  };
  signal?.throwIfAborted();
  await dropMended(raw, day, content);

  if (file && addToDay(day, options.rawRetentionDays) <= dayOf(options.now, zone)) {
    const updateIds = rows.map(({ message }) => message.facts.updateId);
    const lost = await countLost(file, updateIds);
    if (lost > 0) {
      const reason =
        `Left as it is: ${lost} of its ${file.rows} rows have no raw object any more, ` +
        `which is to be expected after ${options.rawRetentionDays} days.`;
      return { status: 'kept', ...counts, bytes: file.bytes.length, reason };
    }
  }

  const record = () =>
    recordRun(enriched, { day, ...counts, finishedAt: Math.round(options.now + elapsed()) });
  if (rows.length === 0) {
    if (file) await deleteFile(lake, day, content.objects);
    // Without a file nothing tells an unchanged day, so its last run does.
    if (file || (counts.stored > 0 && !(await isRecorded(enriched, { day, ...counts })))) {
      await record();
    }
    return { status: 'empty', ...counts, bytes: 0 };
  }
  const { stored, duplicates, rejected, late } = counts;
  const bytes = await encodeParquet(
    TELEGRAM_COLUMNS,
    rows.map(({ message }) => message),
    summaryMetadata({
      columns_version: String(COLUMNS_VERSION),
      zone,
      listing: listingHash(content.objects),
      earlier_listing: earlier ? listingHash(earlier) : '',
      ...{ stored, duplicates, rejected, late },
    }),
  );
  await enriched.put(key, bytes, {
    ...(file ? { ifMatch: file.etag } : { ifNoneMatch: '*' }),
    ...(signal && { signal }),
  });
  await record();
  return { status: 'written', ...counts, bytes: bytes.length };
}

/**
 * Runs the ETL of one day: reads the raw objects of its folder and writes its one Parquet file,
 * unless nothing has changed. Running it again, or twice at a time, does no harm: the same raw
 * objects give the same bytes, and a file that another run has replaced meanwhile is not
 * overwritten, the day is run again.
 *
 * @throws UnavailableError when the store does not answer; PreconditionFailedError when other runs
 *   kept replacing the file; what `signal` aborts with
 */
export async function runDay(lake: Lake, day: Day, options: RunOptions): Promise<DayRun> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  for (let attempts = 1; ; attempts++) {
    try {
      const outcome = await attempt(lake, day, options, elapsed);
      return { day, ...outcome, parquetKey: parquetKey(day), ms: elapsed() };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError) || attempts === ATTEMPTS) throw error;
    }
  }
}
