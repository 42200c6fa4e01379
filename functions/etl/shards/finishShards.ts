import pMap from 'p-map';

import { COLUMNS_VERSION, type RunInput } from '../../../src/lake/columns.ts';
import type { Day } from '../../../src/lake/days.ts';
import { dayPrefix, isPartKey, parquetKey } from '../../../src/lake/keys.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import {
  type ObjectStore,
  PreconditionFailedError,
  copyObject,
} from '../../../src/lake/objectStore.ts';
import {
  type DayFile,
  type Parts,
  type Summary,
  checkNotBusy,
  encodeHead,
  keysOfParts,
  readDayFile,
  readDayFiles,
} from '../dayFile.ts';
import { dropMended } from '../dropMended.ts';
import { deleteDayFiles } from '../deleteDayFiles.ts';
import { recordEmptyRun, recordRun } from '../recordRun.ts';
import { keptReason } from '../retention.ts';
import type { Outcome } from '../dayRun.ts';
import type { Plan, ShardResult, Staging } from './staging.ts';

/** A day's file, as this run has written it. */
interface Claim {
  readonly etag: string;
  readonly parts: Parts;
}

/** Results read, or parts copied, at a time. */
const AT_A_TIME = 16;

/** What finishing a run needs besides the lake and the plan. */
export interface FinishOptions {
  /** Unix milliseconds. */
  readonly now: number;
  readonly rawRetentionDays: number;
}

/** The sums of all shards. */
function sumUp(results: readonly ShardResult[]) {
  const total = { stored: 0, rows: 0, duplicates: 0, late: 0, lost: 0, bytes: 0 };
  for (const result of results) {
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += result[key];
  }
  return {
    ...total,
    rejected: new Set(results.flatMap(({ rejected }) => rejected)),
    hasAskedEarlier: results.some(({ hasAskedEarlier }) => hasAskedEarlier),
  };
}

/** Whether shards have found objects whose names do not tell what they hold, not known before. */
async function noteStrays(staging: Staging, results: readonly ShardResult[]): Promise<boolean> {
  const found = results.flatMap(({ strays }) => strays);
  if (found.length === 0) return false;
  const known = await staging.strays();
  const all = new Set([...known, ...found]);
  if (all.size === known.size) return false;
  await staging.putStrays(all);
  return true;
}

async function deleteParts(
  enriched: ObjectStore,
  day: Day,
  own: ReadonlySet<string>,
): Promise<void> {
  const others: string[] = [];
  for await (const { key } of enriched.list(`${dayPrefix(day)}part-`)) {
    if (isPartKey(key) && !own.has(key)) others.push(key);
  }
  await enriched.delete(others);
}

/** The finishing of one run. */
class Finish {
  readonly #lake: Lake;
  readonly #day: Day;
  readonly #staging: Staging;
  readonly #options: FinishOptions;

  constructor(lake: Lake, day: Day, staging: Staging, options: FinishOptions) {
    this.#lake = lake;
    this.#day = day;
    this.#staging = staging;
    this.#options = options;
  }

  async run(): Promise<Outcome> {
    const { enriched, raw } = this.#lake;
    const [day, staging] = [this.#day, this.#staging];
    const file = await readDayFile(enriched, day);
    const done = await this.#endAgain(file);
    if (done) return done;
    const before = await staging.outcome();
    if (before) return this.#leave(before);
    const plan = await staging.plan();
    const shards = [...plan.shares.keys()];
    const results = await pMap(shards, (shard) => staging.result(shard), {
      concurrency: AT_A_TIME,
    });
    if (await noteStrays(staging, results)) throw new PreconditionFailedError(parquetKey(day));
    const total = sumUp(results);
    const { stored, rows, duplicates, late } = total;
    const counts = { stored, rows, duplicates, late, rejected: total.rejected.size };

    await dropMended(raw, await staging.rejectedBefore(), total.rejected);
    if (file && total.lost > 0) {
      const reason = keptReason(total.lost, file.rows, this.#options.rawRetentionDays);
      return this.#leave({ status: 'kept', ...counts, bytes: file.size, reason });
    }
    if (rows === 0) {
      if (file) await this.#delete(plan, file);
      const run = { day, ...counts, finishedAt: this.#options.now };
      await recordEmptyRun(enriched, file !== null, run);
      return this.#leave({ status: 'empty', ...counts, bytes: 0 });
    }
    const claim = await this.#claim(plan, file);
    const summary = {
      columns_version: String(COLUMNS_VERSION),
      zone: this.#lake.zone,
      listing: plan.listing,
      earlier_listing: total.hasAskedEarlier ? plan.earlierListing : '',
      ...{ stored, duplicates, late, rejected: counts.rejected },
    };
    await this.#replace(claim, summary, rows);
    await this.#end(claim.parts, counts);
    return { status: 'written', ...counts, bytes: total.bytes };
  }

  /** Tidies up after a run without new rows; noted first, since what tells of it is tidied up too. */
  async #leave(outcome: Outcome): Promise<Outcome> {
    await this.#staging.putOutcome(outcome);
    await this.#staging.remove();
    return outcome;
  }

  /** Ends what an earlier try has put in place. @returns null when none has */
  async #endAgain(file: DayFile | null): Promise<Outcome | null> {
    if (!file?.summary || file.parts?.run !== this.#staging.run) return null;
    const { stored, duplicates, rejected, late } = file.summary;
    const counts = { stored, rows: file.rows, duplicates, rejected, late };
    await this.#end(file.parts, counts);
    return { status: 'written', ...counts, bytes: file.size };
  }

  async #end({ claimed_at }: Parts, counts: Omit<RunInput, 'day' | 'finishedAt'>): Promise<void> {
    // The same time however often this is tried: so that there is one row of the run.
    const finishedAt = Date.parse(claimed_at);
    await recordRun(this.#lake.enriched, { day: this.#day, ...counts, finishedAt });
    await this.#staging.remove();
  }

  /**
   * Makes the day this run's: its file is written without rows. A reader sees too little from now on,
   * until the parts are there. A further try makes it so once more: who began longer ago than a run can
   * last holds the day no more, and another run would put its parts beside ours.
   *
   * @throws PreconditionFailedError when the file is not the one that the run was planned upon
   */
  async #claim(plan: Plan, file: DayFile | null): Promise<Claim> {
    const { run } = this.#staging;
    const { now } = this.#options;
    const isOurs = file?.parts?.run === run;
    if (file && !isOurs) checkNotBusy(this.#day, file, now);
    const parts = { run, parts: plan.shares.length, claimed_at: new Date(now).toISOString() };
    const seen = isOurs ? file.etag : plan.etag;
    const { etag } = await this.#lake.enriched.put(
      parquetKey(this.#day),
      await encodeHead(parts, null),
      seen === null ? { ifNoneMatch: '*' } : { ifMatch: seen },
    );
    return { etag, parts };
  }

  /** Puts the parts in the place of those that are there: first these go, so that nothing is seen twice. */
  async #replace({ etag, parts }: Claim, summary: Summary, rows: number): Promise<void> {
    const { enriched } = this.#lake;
    const [day, staging] = [this.#day, this.#staging];
    const own = keysOfParts(day, parts);
    await deleteParts(enriched, day, new Set(own));
    await pMap(own, (key, shard) => copyObject(enriched, staging.partKey(shard), key), {
      concurrency: AT_A_TIME,
    });
    await enriched.put(parquetKey(day), await encodeHead({ ...parts, rows }, summary), {
      ifMatch: etag,
    });
  }

  /** Deletes the day's files. */
  async #delete(plan: Plan, file: DayFile): Promise<void> {
    checkNotBusy(this.#day, file, this.#options.now);
    if (file.etag !== plan.etag) throw new PreconditionFailedError(file.key);
    const { partKeys } = await readDayFiles(this.#lake.enriched, this.#day);
    await deleteDayFiles(this.#lake, this.#day, { listing: plan.listing, partKeys });
  }
}

/**
 * Puts the parts of a day in place when its shards are done, and keeps the run. The day's file, and
 * the parts that lay there, are replaced only if the file is still the one that the run was planned
 * upon. May be tried again after it broke off anywhere.
 *
 * @throws PreconditionFailedError when the day is to be planned anew: another run has replaced its
 *   file, or objects hold other updates than their names tell; DayBusyError; NotFoundError when a
 *   shard has not been run
 */
export async function finishShards(
  lake: Lake,
  day: Day,
  staging: Staging,
  options: FinishOptions,
): Promise<Outcome> {
  try {
    return await new Finish(lake, day, staging, options).run();
  } catch (error) {
    if (error instanceof PreconditionFailedError) await staging.remove();
    throw error;
  }
}
