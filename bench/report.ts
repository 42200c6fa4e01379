/**
 * Measures `chatbot report` over 90 days of a busy lake, in this process: the queries, the drawings,
 * the file.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { openAnalytics } from '../src/analytics/duckdb.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { addToDay } from '../src/lake/days.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../src/local/paths.ts';
import { makeReport } from '../src/report/report.ts';
import { titleFinder, topicTitles } from '../src/report/topicTitles.ts';
import { makeBusyLake } from './busyLake.ts';

const ZONE = 'America/Sao_Paulo';
const NOW = Date.parse('2026-11-22T15:00:00Z');
const DAYS = 90;
/** Shows of each of the sample's days. */
const COPIES = 20;

const folder = await mkdtemp(join(tmpdir(), 'chatbot-bench-'));
try {
  const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
  const { enriched, rows, last } = await makeBusyLake(folder, {
    knowledge,
    // The period and the one before it.
    days: 2 * DAYS,
    copies: COPIES,
    zone: ZONE,
    now: NOW,
  });
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
