import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { createBot } from '../src/bot/bot.ts';
import type { Knowledge } from '../src/bot/knowledge.ts';
import { createNgramMatcher } from '../src/bot/ngramMatcher.ts';
import { type Day, addToDay, dayOf, differenceInDays } from '../src/lake/days.ts';
import { parquetKey, runsPrefix } from '../src/lake/keys.ts';
import { ensureSample } from '../src/local/ensureSample.ts';

/** Days of the sample that are whole. */
const SAMPLE_DAYS = 50;
const SECONDS_PER_DAY = 86_400;

/** A lake of many days with much in each. */
export interface BusyLake {
  /** Folder of the Parquet files. */
  readonly enriched: string;
  readonly rows: number;
  /** The last day that has a file: yesterday. */
  readonly last: Day;
}

/**
 * Makes the Parquet files of a busy lake: the sample's days, each shown many times over with other
 * people, who use some words of their own.
 *
 * @param folder for it and for the sample
 * @param options.copies shows of each of the sample's days
 * @param options.now Unix milliseconds
 */
export async function makeBusyLake(
  folder: string,
  options: {
    readonly knowledge: Knowledge;
    readonly days: number;
    readonly copies: number;
    readonly zone: string;
    readonly now: number;
  },
): Promise<BusyLake> {
  const { knowledge, days, copies, zone, now } = options;
  const bot = createBot({
    knowledge,
    matcher: createNgramMatcher(knowledge),
    identity: { id: 1, username: 'bench_bot' },
    language: 'pt',
    floodPerMinute: 1_000,
    rawRetentionDays: null,
  });
  const sample = join(folder, 'sample');
  await ensureSample(sample, { bot, zone, now });
  const last = addToDay(dayOf(now, zone), -1);

  const enriched = join(folder, 'enriched');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let rows = 0;
  for (let back = 0; back < days; back++) {
    const day = addToDay(last, -back);
    const source = addToDay(last, -(back % SAMPLE_DAYS));
    const shift = differenceInDays(source, day);
    const target = join(enriched, parquetKey(day));
    await mkdir(join(target, '..'), { recursive: true });
    const result = await connection.run(`
      COPY (
        SELECT * EXCLUDE (copy) REPLACE (
          update_id + ${back} * 10000000 + copy * 100000 AS update_id,
          user_id + copy * 1000000 AS user_id,
          chat_id + copy * 1000000 AS chat_id,
          CASE WHEN command IS NULL THEN
            text || ' este' || hash(update_id, copy) % 5000 || ' aquele' || hash(copy, update_id) % 5000
          ELSE text END AS text,
          "date" + ${shift * SECONDS_PER_DAY} AS "date",
          received_at + to_days(${shift}) AS received_at,
          local_time + to_days(${shift}) AS local_time
        )
        FROM read_parquet('${join(sample, 'enriched', parquetKey(source))}', hive_partitioning = false),
          range(${copies}) AS copies(copy)
        ORDER BY update_id
      ) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`);
    rows += result.rowsChanged;
    const runs = join(enriched, runsPrefix(day));
    await mkdir(runs, { recursive: true });
    await connection.run(`
      COPY (
        SELECT * REPLACE (finished_at + to_days(${shift}) AS finished_at)
        FROM read_parquet('${join(sample, 'enriched', runsPrefix(source))}*.parquet', hive_partitioning = false)
      ) TO '${join(runs, 'run.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  }
  connection.closeSync();
  instance.closeSync();
  return { enriched, rows, last };
}
