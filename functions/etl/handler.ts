import { z } from 'zod';

import type { Lake } from '../../src/lake/lake.ts';
import type { DayRun } from './runDay.ts';
import { type DaysWanted, daysToRun, runDays } from './runDays.ts';

/** What the function stands on. */
export interface EtlDependencies {
  /** Is asked once for each event: a cold start opens the lake, a warm one has it. */
  readonly lake: () => Promise<Lake>;
  /** The setting of this name. */
  readonly rawRetentionDays: number;
  /** Clock, Unix milliseconds. */
  readonly now: () => number;
  /** Takes one entry for each day: its run, or its error. No message's text is in it. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** What the function returns: what became of each day. */
export interface EtlResult {
  readonly runs: readonly DayRun[];
}

/** Days whose run failed; the others were run. */
export class DaysFailedError extends Error {
  override readonly name = 'DaysFailedError';
}

const eventSchema = z.union(
  [
    z.strictObject({ date: z.string() }),
    z.strictObject({ from: z.string(), to: z.string() }),
    // EventBridge's event has more fields, none of which matters here.
    z
      .object({ time: z.iso.datetime({ offset: true }) })
      .transform(({ time }) => ({ time: Date.parse(time) })),
  ],
  { error: 'is an event of EventBridge, {"date": "YYYY-MM-DD"} or {"from": …, "to": …}' },
);

/**
 * Makes the Lambda that runs days of the ETL. It takes EventBridge's scheduled event, whose `time`
 * decides which days are due (so that an event delivered late, or twice, runs the same days), or by
 * hand `{"date": "2026-11-22"}` or `{"from": "2026-11-01", "to": "2026-11-22"}`.
 *
 * The function it returns throws a DaysFailedError at the end when days failed, naming them: the
 * invocation then counts as failed and EventBridge tries again, which does no harm.
 */
export function createEtlHandler(
  dependencies: EtlDependencies,
): (event: unknown) => Promise<EtlResult> {
  const { lake: open, rawRetentionDays, now, log } = dependencies;
  return async (event) => {
    const wanted: DaysWanted = eventSchema.parse(event);
    const lake = await open();
    const { runs, failures } = await runDays(lake, daysToRun(wanted, lake.zone), {
      now: now(),
      rawRetentionDays,
      onRun: (run) => {
        log({ event: 'day', ...run });
      },
    });
    for (const { day, error } of failures) {
      log({ event: 'day-failed', day, error: error.name, message: error.message });
    }
    if (failures.length > 0) {
      const named = failures.map(({ day, error }) => `${day} (${error.message})`).join(', ');
      throw new DaysFailedError(`The run failed for ${named}. Run these days again.`, {
        cause: failures[0]?.error,
      });
    }
    return { runs };
  };
}
