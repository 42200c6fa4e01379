/**
 * 10,000 raw objects in a folder → one Parquet file, by `runDay` and by DuckDB, each in a process of
 * its own. Prints seconds and peak resident memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { updates } from './events.ts';

const DAY = '2026-03-10';
const OBJECTS = 10_000;
/** 2026-03-10 00:10 in São Paulo. */
const START = Date.UTC(2026, 2, 10, 3, 10) / 1000;

/** Writes the day's raw objects as the webhook would, without its syncs. */
async function generate(folder: string): Promise<void> {
  const { writeEnvelope } = await import('../src/lake/envelope.ts');
  const raw = join(folder, `raw/telegram/context_date=${DAY}`);
  mkdirSync(raw, { recursive: true });
  let id = 500_000_000;
  for (const update of updates(OBJECTS, START)) {
    const received_at = new Date((START + 60) * 1000).toISOString();
    const envelope = writeEnvelope({ source: 'telegram', received_at, answer: null }, update);
    writeFileSync(join(raw, `${id++}.json`), envelope);
  }
}

async function ours(folder: string): Promise<void> {
  const { FolderStore } = await import('../src/lake/folderStore.ts');
  const { openLake } = await import('../src/lake/lake.ts');
  const { runDay } = await import('../functions/etl/runDay.ts');
  const lake = await openLake({
    raw: new FolderStore(join(folder, 'raw')),
    enriched: new FolderStore(join(folder, 'enriched')),
    zone: 'America/Sao_Paulo',
  });
  const run = await runDay(lake, DAY, { now: (START + 90_000) * 1000, rawRetentionDays: 365 });
  if (run.rows !== OBJECTS) throw new Error(`${run.rows} rows of ${OBJECTS} were written.`);
  report(run.ms / 1000);
}

async function duckdb(folder: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run('SET threads = 2; SET preserve_insertion_order = false');
  const started = performance.now();
  await connection.run(`
    COPY (
      SELECT update.update_id, m.message_id, m."from".id AS user_id,
             m."from".first_name AS user_first_name, m.chat.id AS chat_id, m.text, m.caption, m.date
      FROM (
        SELECT update, update.message AS m
        FROM read_json('${join(folder, 'raw/telegram/*/*.json')}', format = 'newline_delimited', columns = {
          update: 'STRUCT(update_id BIGINT, message STRUCT(message_id BIGINT, "from" STRUCT(id BIGINT, first_name VARCHAR), chat STRUCT(id BIGINT), "text" VARCHAR, caption VARCHAR, date BIGINT))'
        })
      )
    ) TO '${join(folder, 'duckdb.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  report((performance.now() - started) / 1000);
}

/** Prints what this process measured: seconds, and its peak resident memory in MB. */
function report(seconds: number): void {
  const rss = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ seconds, rss }));
}

const [step, folder] = process.argv.slice(2);
if (step === undefined) {
  const made = mkdtempSync(join(tmpdir(), 'bench-etl-'));
  const run = (name: string): string =>
    execFileSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(import.meta.url), name, made],
      { encoding: 'utf8' },
    );
  try {
    run('generate');
    const own = JSON.parse(run('ours')) as { seconds: number; rss: number };
    const peer = JSON.parse(run('duckdb')) as { seconds: number; rss: number };
    process.stdout.write(JSON.stringify({ ...own, peerSeconds: peer.seconds, peerRss: peer.rss }));
  } finally {
    rmSync(made, { recursive: true });
  }
} else if (folder !== undefined) {
  await { generate, ours, duckdb }[step as 'duckdb' | 'generate' | 'ours'](folder);
}
