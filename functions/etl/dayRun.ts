import type { Day } from '../../src/lake/days.ts';
import type { PhaseTimes } from './phases.ts';

/** What became of a day. Always stored = rows + duplicates + rejected. */
export interface DayRun {
  readonly day: Day;
  /**
   * - `written`: the day's file is new
   * - `unchanged`: neither the raw objects nor the column list have changed since it was written
   * - `empty`: the day has no rows, and no file
   * - `kept`: the file holds rows whose raw objects are gone, so it was left alone; see `reason`
   * - `started`: it is too large for one run, and shards have been started, which write it; nothing is
   *   known of it yet
   */
  readonly status: 'empty' | 'kept' | 'started' | 'unchanged' | 'written';
  /** Updates found in the raw layer. */
  readonly stored: number;
  readonly rows: number;
  /** Updates stored more than once, beyond the first; the day before counts too. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Rows received after the day had ended. */
  readonly late: number;
  /** The day's file; it has parts beside it where shards wrote the day. */
  readonly parquetKey: string;
  /** Size of the file, or of its parts; 0 when there is none. */
  readonly bytes: number;
  /** How long the run took, milliseconds. */
  readonly ms: number;
  /** Where that time went, milliseconds. */
  readonly phases: PhaseTimes;
  readonly reason?: string;
}

/** What a run finds out: the summary that goes into the file, and what became of the day. */
export type Outcome = Omit<DayRun, 'day' | 'ms' | 'parquetKey' | 'phases'>;
