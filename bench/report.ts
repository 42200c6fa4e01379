/**
 * Measures `chatbot report` over 90 days of a busy lake, in this process: the queries, the drawings,
 * the file. The lake is the sample's 60 days, each shown many times over with other people, for the
 * period and the one before it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { DuckDBInstance } from '@duckdb/node-api';

import { openAnalytics } from '../src/analytics/duckdb.ts';
import { createBot } from '../src/bot/bot.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { createNgramMatcher } from '../src/bot/ngramMatcher.ts';
import { addToDay, dayOf, differenceInDays } from '../src/lake/days.ts';
import { parquetKey, runsPrefix } from '../src/lake/keys.ts';
import { ensureSample } from '../src/local/ensureSample.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../src/local/paths.ts';
import { makeReport } from '../src/report/report.ts';
import { titleFinder, topicTitles } from '../src/report/topicTitles.ts';

const ZONE = 'America/Sao_Paulo';
const NOW = Date.parse('2026-11-22T15:00:00Z');
const DAYS = 90;
/** Shows of each of the sample's days. */
const COPIES = 20;
/** Days of the sample that are whole. */
const SAMPLE_DAYS = 50;
const SECONDS_PER_DAY = 86_400;

const folder = await mkdtemp(join(tmpdir(), 'chatbot-bench-'));
try {
  const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
  const bot = createBot({
    knowledge,
    matcher: createNgramMatcher(knowledge),
    identity: { id: 1, username: 'bench_bot' },
    language: 'pt',
    floodPerMinute: 1_000,
    rawRetentionDays: null,
  });
  const sample = join(folder, 'sample');
  await ensureSample(sample, { bot, zone: ZONE, now: NOW });
  const last = addToDay(dayOf(NOW, ZONE), -1);

  const enriched = join(folder, 'enriched');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let rows = 0;
  for (let back = 0; back < 2 * DAYS; back++) {
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
          "date" + ${shift * SECONDS_PER_DAY} AS "date",
          received_at + to_days(${shift}) AS received_at,
          local_time + to_days(${shift}) AS local_time
        )
        FROM read_parquet('${join(sample, 'enriched', parquetKey(source))}', hive_partitioning = false),
          range(${COPIES}) AS copies(copy)
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

  const period = { from: addToDay(last, 1 - DAYS), to: last };
  const started = performance.now();
  const engine = await openAnalytics({ enrichedFolder: enriched, sqlFolder: SQL_FOLDER });
  const report = await makeReport({
    engine,
    period,
    zone: ZONE,
    now: NOW,
    language: 'pt',
    subject: '@bench_bot',
    topicTitle: titleFinder(topicTitles(knowledge)),
  });
  const seconds = (performance.now() - started) / 1_000;
  engine.close();
  if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures));
  const megabytes = Buffer.byteLength(report.html) / 1e6;
  const rss = process.resourceUsage().maxRSS / 1e3;
  process.stdout.write(JSON.stringify({ seconds, megabytes, rows, rss }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
