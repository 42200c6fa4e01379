import { COLUMNS_VERSION } from '../../../src/lake/columns.ts';
import { type Day, previousDay } from '../../../src/lake/days.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import { countLost, readDayFile } from '../dayFile.ts';
import { DayRows, type Progress } from '../dayRows.ts';
import type { DaySource } from '../daySource.ts';
import { encodeRows } from '../encodeRows.ts';
import type { Phases } from '../phases.ts';
import { readTwice } from '../readTwice.ts';
import { mayBeGone } from '../retention.ts';
import { isIn } from './share.ts';
import type { ShardResult, Staging } from './staging.ts';
import { dayBounds } from '../wrangle.ts';

/** What running a shard needs besides the lake and the plan. */
export interface ShardOptions {
  /** See RunOptions of runDay.ts. */
  readonly now: number;
  readonly rawRetentionDays: number;
  readonly groupRows?: number | undefined;
  readonly phases: Phases;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes one shard's part of a day to the staging, and what was found beside it. Doing it again writes
 * the same: a shard that died is simply run once more.
 *
 * @returns what was found
 * @throws NotFoundError when the run has been tidied up; UnavailableError; what `signal` aborts with
 */
export async function runShard(
  { raw, enriched, zone }: Lake,
  day: Day,
  staging: Staging,
  shard: number,
  options: ShardOptions,
): Promise<ShardResult> {
  const { phases, signal, groupRows, onProgress } = options;
  const { shares } = await staging.plan();
  const share = shares[shard];
  if (!share) throw new RangeError(`The run has ${shares.length} shards, and none ${shard}.`);
  const source: DaySource = {
    objects: () => staging.list('objects', shard, day),
    earlier: () => staging.list('earlier', shard, previousDay(day)),
    share,
  };
  const counter = { bytes: 0 };
  const rows = await readTwice(raw, day, source, { phases, signal }, async (verdicts) => {
    counter.bytes = 0;
    const reading = new DayRows(raw, dayBounds(day, zone), source, {
      ...{ phases, verdicts, groupRows, onProgress, signal },
    });
    const groups = reading.groups();
    const metadata = {
      'chatbot.columns_version': String(COLUMNS_VERSION),
      'chatbot.zone': zone,
      'chatbot.shard': `${shard} of ${shares.length}`,
    };
    const body = encodeRows(groups, () => Promise.resolve(metadata), { phases, counter });
    try {
      await enriched.put(staging.partKey(shard), body, { ...(signal && { signal }) });
    } finally {
      await groups.return(undefined);
    }
    return reading;
  });
  const file = mayBeGone(day, zone, options) ? await readDayFile(enriched, day) : null;
  const result: ShardResult = {
    v: 1,
    ...{ ...rows.counts, rejected: [...rows.rejected], strays: [...rows.strays] },
    hasAskedEarlier: rows.earlierListing !== '',
    lost: file
      ? await countLost(enriched, file, (id) => (isIn(share, id) ? rows.rowsOf(id) : Infinity))
      : 0,
    bytes: counter.bytes,
  };
  await staging.putResult(shard, result);
  return result;
}
