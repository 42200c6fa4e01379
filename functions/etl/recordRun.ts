import { RUNS_COLUMNS, type RunInput } from '../../src/lake/columns.ts';
import { runsPrefix } from '../../src/lake/keys.ts';
import { type ObjectStore, readBytes } from '../../src/lake/objectStore.ts';
import { encodeParquet } from '../../src/lake/parquet.ts';
import { readRows } from '../../src/lake/readParquet.ts';

/** Whether the day's last run found the very same, so that there is nothing new to record. */
export async function isRecorded(
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
export async function recordRun(enriched: ObjectStore, run: RunInput): Promise<void> {
  const finishedAt = new Date(run.finishedAt).toISOString().replaceAll(/[-:.]/g, '');
  const key = `${runsPrefix(run.day)}${finishedAt}.parquet`;
  await enriched.put(key, await encodeParquet(RUNS_COLUMNS, [run]));
}

/**
 * Keeps the row of a run that left the day without a file, if it says anything new: without a file
 * nothing else tells an unchanged day.
 *
 * @param hadFile whether the day had one until now
 */
export async function recordEmptyRun(
  enriched: ObjectStore,
  hadFile: boolean,
  run: RunInput,
): Promise<void> {
  if (hadFile || (run.stored > 0 && !(await isRecorded(enriched, run)))) {
    await recordRun(enriched, run);
  }
}
