import * as z from 'zod';

import { parseDay, type Day } from '../../../src/lake/days.ts';
import { parquetKey } from '../../../src/lake/keys.ts';
import { PreconditionFailedError } from '../../../src/lake/objectStore.ts';
import type { Outcome } from '../dayRun.ts';
import { finishShards } from './finishShards.ts';
import { type EtlDeps, tellProgress } from '../handler.ts';
import { Phases } from '../phases.ts';
import { planShards } from './planShards.ts';
import { runDay } from '../runDay.ts';
import { runShard } from './runShard.ts';
import { Staging } from './staging.ts';

/** What the state machine of infra/shards.ts is told of a step. */
export type StepResult =
  /** The day is as it should be, or has become small enough for one run, which was made. */
  | { readonly day: Day; readonly status: 'done' }
  /** Next, each of these shards is to be run, then the run is to be finished. */
  | {
      readonly day: Day;
      readonly status: 'planned';
      readonly run: string;
      readonly shards: readonly number[];
    }
  /** The shard's part lies in the staging. */
  | { readonly day: Day; readonly status: 'staged'; readonly shard: number }
  /** The day has to be planned anew: another run came between, or names told something else. */
  | { readonly day: Day; readonly status: 'again' };

const day = z.string().transform(parseDay);
const run = z.string().regex(/^[0-9a-f]+$/);

const stepSchema = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('plan'), day }),
  z.strictObject({ step: z.literal('shard'), day, run, shard: z.int().min(0) }),
  z.strictObject({ step: z.literal('finish'), day, run }),
]);

/** Whether an event comes from the state machine. */
export function isStep(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'step' in event;
}

/**
 * Makes what takes the steps of a day in shards: `plan`, `shard` for each, which may run side by side,
 * and `finish`. Each may be tried again after it failed or died.
 *
 * The function it returns throws a ZodError for anything else.
 */
export function createStepHandler(
  deps: Omit<EtlDeps, 'startShards'>,
): (event: unknown) => Promise<StepResult> {
  const { lake, rawRetentionDays, updatesPerShard } = deps;
  const clock = deps.now ?? Date.now;

  const tell = (of: Day, outcome: Outcome, started: number, phases: Phases): void => {
    deps.observe?.({
      type: 'day-run',
      run: {
        day: of,
        ...outcome,
        ...{ parquetKey: parquetKey(of), ms: clock() - started, phases: phases.times },
      },
    });
  };

  const plan = async (of: Day): Promise<StepResult> => {
    let planned: StepResult | undefined;
    const result = await runDay(lake, of, {
      now: clock(),
      rawRetentionDays,
      onProgress: tellProgress(deps),
      ...(updatesPerShard !== undefined && { updatesPerShard }),
      startShards: async (large) => {
        const { staging, shards } = await planShards(lake, large);
        planned = { day: of, status: 'planned', run: staging.run, shards };
      },
    });
    if (planned) return planned;
    deps.observe?.({ type: 'day-run', run: result });
    return { day: of, status: 'done' };
  };

  return async (event) => {
    const step = stepSchema.parse(event);
    if (step.step === 'plan') return plan(step.day);
    const started = clock();
    const phases = new Phases();
    const options = { now: started, rawRetentionDays, phases };
    const staging = new Staging(lake.enriched, step.day, step.run);
    if (step.step === 'shard') {
      const { day: of, shard } = step;
      const onProgress = tellProgress(deps);
      const { rows, bytes } = await runShard(lake, of, staging, shard, { ...options, onProgress });
      const ms = clock() - started;
      const told = { day: of, shard, rows, bytes, ms, phases: phases.times };
      deps.observe?.({ type: 'shard-run', ...told });
      return { day: of, status: 'staged', shard };
    }
    try {
      const outcome = await finishShards(lake, step.day, staging, options);
      tell(step.day, outcome, started, phases);
      return { day: step.day, status: 'done' };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      return { day: step.day, status: 'again' };
    }
  };
}
