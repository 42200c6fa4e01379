/**
 * A course's lake in a folder (raw objects by day of ingest, a Parquet file of every day) → a lake of
 * ours, once without and once with the tables. Each step in a process of its own. Prints objects per
 * second, seconds, and peak resident memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { updates } from './events.ts';

const DAYS = 20;
const PER_DAY = 2_500;
/** 2026-03-01 00:10 in São Paulo. */
const START = Date.UTC(2026, 2, 1, 3, 10) / 1000;
const DAY_SECONDS = 86_400;

/** Writes what the course's pipelines write: bare updates, and every day's table of eight columns. */
async function generate(folder: string): Promise<void> {
  const { encodeParquet } = await import('../src/lake/parquet.ts');
  const { TELEGRAM_COLUMNS } = await import('../src/lake/columns.ts');
  const { parseUpdate } = await import('../src/telegram/parseUpdate.ts');
  for (let n = 0; n < DAYS; n++) {
    const start = START + n * DAY_SECONDS;
    const day = new Date(start * 1000).toISOString().slice(0, 10);
    const raw = join(folder, `source/raw/telegram/context_date=${day}`);
    const enriched = join(folder, `source/enriched/telegram/context_date=${day}`);
    mkdirSync(raw, { recursive: true });
    mkdirSync(enriched, { recursive: true });
    const rows = [];
    let number = 0;
    for (const update of updates(PER_DAY, start, n + 1)) {
      number++;
      const parsed = parseUpdate(
        update.replace(/"update_id":\d+/, `"update_id":${500_000_000 + n * PER_DAY + number}`),
      );
      const name = `${day.replaceAll('-', '')}${String(120_000_000_000 + number)}.json`;
      writeFileSync(join(raw, name), JSON.stringify(parsed.update));
      rows.push({
        ...parsed,
        source: 'import' as const,
        receivedAt: 0,
        localTime: 0,
        questionKey: null,
        answer: null,
      });
    }
    writeFileSync(
      join(enriched, `${day.replaceAll('-', '')}031500.parquet`),
      await encodeParquet(TELEGRAM_COLUMNS.slice(0, 8), rows),
    );
  }
}

async function bringIn(folder: string, withTables: boolean): Promise<void> {
  const { FolderStore } = await import('../src/lake/folderStore.ts');
  const { openLake } = await import('../src/lake/lake.ts');
  const { surveyCourse } = await import('../src/lake/course/survey.ts');
  const { importCourse } = await import('../src/lake/course/importCourse.ts');
  const { runDays } = await import('../functions/etl/runDays.ts');
  const target = join(folder, 'lake');
  rmSync(target, { recursive: true, force: true });
  const lake = await openLake({
    raw: new FolderStore(join(target, 'raw')),
    enriched: new FolderStore(join(target, 'enriched')),
    zone: 'America/Sao_Paulo',
  });
  const started = performance.now();
  const source = { store: new FolderStore(join(folder, 'source')), prefix: '', name: 'source' };
  const { updates: brought, days } = await importCourse(lake, await surveyCourse([source]));
  if (withTables) {
    await runDays(lake, days, { now: (START + 40 * DAY_SECONDS) * 1000, rawRetentionDays: 365 });
  }
  const seconds = (performance.now() - started) / 1000;
  if (brought.kept !== DAYS * PER_DAY) throw new Error(`${brought.kept} updates were kept.`);
  const rss = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ rate: brought.found / seconds, seconds, rss }));
}

const steps = {
  generate,
  import: (folder: string) => bringIn(folder, false),
  whole: (folder: string) => bringIn(folder, true),
};

const [step, folder] = process.argv.slice(2);
if (step === undefined) {
  const made = mkdtempSync(join(tmpdir(), 'bench-import-'));
  const run = (name: keyof typeof steps): string =>
    execFileSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(import.meta.url), name, made],
      { encoding: 'utf8' },
    );
  try {
    run('generate');
    const own = JSON.parse(run('import')) as { rate: number; rss: number };
    const whole = JSON.parse(run('whole')) as { seconds: number };
    process.stdout.write(JSON.stringify({ ...own, wholeSeconds: whole.seconds }));
  } finally {
    rmSync(made, { recursive: true });
  }
} else if (folder !== undefined) {
  await steps[step as keyof typeof steps](folder);
}
