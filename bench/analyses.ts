/**
 * Runs each analysis over 90 days with a million rows, on DuckDB in this process. Prints seconds by
 * name of the analysis.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { openAnalytics } from '../src/analytics/duckdb.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { addToDay } from '../src/lake/days.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../src/local/paths.ts';
import { makeBusyLake } from './busyLake.ts';

const DAYS = 90;
/** So many that there are a million rows. */
const COPIES = 90;

const folder = await mkdtemp(join(tmpdir(), 'bench-analyses-'));
try {
  const { enriched, rows, last } = await makeBusyLake(folder, {
    knowledge: await loadKnowledge(KNOWLEDGE_FOLDER),
    days: DAYS,
    copies: COPIES,
    zone: 'America/Sao_Paulo',
    now: Date.parse('2026-11-22T15:00:00Z'),
  });
  const engine = await openAnalytics({ enrichedFolder: enriched, sqlFolder: SQL_FOLDER });
  const period = { from: addToDay(last, 1 - DAYS), to: last };
  const figures: Record<string, number> = { rows: rows / 1e6 };
  for (const { name } of engine.analyses) {
    const started = performance.now();
    const result = await engine.runAnalysis(name, { period });
    figures[name] = (performance.now() - started) / 1_000;
    if (result.rows.length === 0) throw new Error(`${name} has no rows.`);
  }
  engine.close();
  process.stdout.write(JSON.stringify(figures));
} finally {
  await rm(folder, { recursive: true, force: true });
}
