import type { Lake } from '../../../src/lake/lake.ts';
import type { Outcome } from '../dayRun.ts';
import { type FinishOptions, finishShards } from './finishShards.ts';
import { type LargeDay, planShards } from './planShards.ts';
import { type ShardOptions, runShard } from './runShard.ts';

/**
 * Runs a large day in this process, one shard after the other: what the state machine of
 * infra/shards.ts does with many Lambdas.
 *
 * @throws see runShard and finishShards
 */
export async function runInShards(
  lake: Lake,
  large: LargeDay,
  options: FinishOptions & ShardOptions,
): Promise<Outcome> {
  const { day } = large;
  const { staging, shards } = await planShards(lake, large);
  try {
    for (const shard of shards) await runShard(lake, day, staging, shard, options);
    return await finishShards(lake, day, staging, options);
  } catch (error) {
    // Nobody takes it up again, and it holds what people wrote.
    await staging.remove();
    throw error;
  }
}
