import * as z from 'zod';

import type { Day } from '../../src/lake/days.ts';
import type { Lake } from '../../src/lake/lake.ts';
import type { Progress } from './dayRows.ts';
import type { DayRun } from './dayRun.ts';
import type { PhaseTimes } from './phases.ts';
import { type DayFailure, type DaysWanted, findDays, runDays } from './runDays.ts';

/** What happened to a day, for the log, the metrics and the terminal. No message's text is in it. */
export type EtlEvent =
  | { readonly type: 'day-progress'; readonly progress: Progress }
  | { readonly type: 'day-run'; readonly run: DayRun }
  /** Of a day in shards: a shard's part of it lies in the staging. */
  | {
      readonly type: 'shard-run';
      readonly day: Day;
      readonly shard: number;
      readonly rows: number;
      readonly bytes: number;
      readonly ms: number;
      readonly phases: PhaseTimes;
    }
  | { readonly type: 'day-failed'; readonly failure: DayFailure };

/** What the ETL is made of. */
export interface EtlDeps {
  readonly lake: Lake;
  /** The setting of this name. */
  readonly rawRetentionDays: number;
  /** The setting of this name; without it no day is too large. */
  readonly updatesPerShard?: number;
  /**
   * Has a day written in shards, once for each name. Without it this process does so.
   *
   * @param execution.name of up to 80 letters, digits, `-` and `_`
   */
  readonly startShards?: (execution: { readonly name: string; readonly day: Day }) => Promise<void>;
  /** Unix milliseconds; `Date.now` unless told. */
  readonly now?: () => number;
  readonly observe?: (event: EtlEvent) => void;
}

/** What the function returns: what became of each day. */
export interface EtlResult {
  readonly runs: readonly DayRun[];
}

/** Days of a backfill that are run at a time: the function has little memory. */
const SIDE_BY_SIDE = 2;

/** Milliseconds between two lines in the log that say how far the days are. */
const REPORT = 15_000;

/** Tells how far a run is, now and then. */
export function tellProgress({
  now = Date.now,
  observe,
}: Pick<EtlDeps, 'now' | 'observe'>): (progress: Progress) => void {
  let told = now();
  return (progress) => {
    if (now() - told < REPORT) return;
    told = now();
    observe?.({ type: 'day-progress', progress });
  };
}

/** Days whose run failed; the others were run. */
export class DaysFailedError extends Error {
  override readonly name = 'DaysFailedError';
}

const eventSchema = z.union([
  z.strictObject({ date: z.string() }),
  z.strictObject({ from: z.string(), to: z.string() }),
  z.strictObject({ outdated: z.literal(true) }),
  // EventBridge's event has more fields, none of which matters here.
  z
    .object({ time: z.iso.datetime({ offset: true }) })
    .transform(({ time }) => ({ time: Date.parse(time) })),
]);

/** @throws TypeError when the event is none of those that the function takes */
function daysWanted(event: unknown): DaysWanted {
  const { data } = eventSchema.safeParse(event);
  if (data) return data;
  throw new TypeError(
    'The event is none of these: an event of EventBridge (with its time), ' +
      '{"date": "YYYY-MM-DD"}, {"from": "YYYY-MM-DD", "to": "YYYY-MM-DD"}, or {"outdated": true}.',
  );
}

/**
 * Makes the Lambda that runs days of the ETL. It takes EventBridge's scheduled event, whose `time`
 * decides which days are due (so that an event delivered late, or twice, runs the same days), or by
 * hand `{"date": "2026-11-22"}` or `{"from": "2026-11-01", "to": "2026-11-22"}`,
 * or `{"outdated": true}` for the days whose files lack columns of today.
 *
 * The function it returns throws a DaysFailedError at the end when days failed, naming them: the
 * invocation then counts as failed and EventBridge tries again, which does no harm.
 */
export function createEtlHandler(deps: EtlDeps): (event: unknown) => Promise<EtlResult> {
  const { lake, rawRetentionDays, updatesPerShard, startShards } = deps;
  const now = deps.now ?? Date.now;
  const observe = deps.observe ?? (() => undefined);
  return async (event) => {
    const wanted = daysWanted(event);
    const time = now();
    // An event that comes twice starts nothing twice; one that somebody sends always does.
    const cause = Math.floor(('time' in wanted ? wanted.time : time) / 1000);
    const { runs, failures } = await runDays(lake, await findDays(wanted, lake), {
      now: time,
      // A daily run has two days, one of which is usually as it was.
      sideBySide: 'time' in wanted ? 1 : SIDE_BY_SIDE,
      rawRetentionDays,
      onProgress: tellProgress({ now, observe }),
      ...(updatesPerShard !== undefined && { updatesPerShard }),
      ...(startShards && {
        startShards: ({ day, survey }) =>
          startShards({ name: `${day}-${survey.listing}-${cause}`, day }),
      }),
      onRun: (run) => {
        observe({ type: 'day-run', run });
      },
    });
    for (const failure of failures) observe({ type: 'day-failed', failure });
    if (failures.length > 0) {
      const named = failures.map(({ day, error }) => `${day} (${error.message})`).join(', ');
      throw new DaysFailedError(`The run failed for ${named}. Run these days again.`, {
        cause: failures[0]?.error,
      });
    }
    return { runs };
  };
}
