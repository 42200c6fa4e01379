/**
 * A day of raw objects in a folder, one message each → one Parquet file, by the daily step and by
 * DuckDB: 10,000 and 100,000 objects. Prints the figures of each round.
 *
 * `folderStep.ts`, `folderStep.ts profile` for where our time goes, or in a process of its own
 * `folderStep.ts generate|ours <folder> <objects>`
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { runDay } from '../functions/etl/runDay.ts';
import { FolderStore } from '../src/lake/folderStore.ts';
import { dayPrefix } from '../src/lake/keys.ts';
import { openLake } from '../src/lake/lake.ts';
import { ROUNDS, measured, print } from './measured.ts';
import { profile } from './profile.ts';
import { type Figures, runDuckdb, runStep } from './processes.ts';
import { DAY, RUN, ZONE, dayObjects } from './s3/dayObjects.ts';

const FEW = 10_000;
const MANY = 100_000;
/** Seconds that DuckDB has; what takes longer is given up. */
const BOUND = 600;

/** Writes the day's raw objects as the webhook would, without its syncs. */
function generate(folder: string, count: number): void {
  const raw = join(folder, String(count), 'raw');
  mkdirSync(join(raw, dayPrefix(DAY)), { recursive: true });
  const objects = dayObjects(count);
  for (let index = 0; index < count; index++) {
    const { key, body } = objects.at(index);
    writeFileSync(join(raw, key), body());
  }
  print({});
}

async function ours(folder: string, count: number): Promise<void> {
  const root = join(folder, String(count));
  const lake = await openLake({
    raw: new FolderStore(join(root, 'raw')),
    enriched: new FolderStore(join(root, 'enriched')),
    zone: ZONE,
  });
  const figures = await measured(async () => {
    const { rows } = await runDay(lake, DAY, { ...RUN, force: true });
    if (rows !== count) throw new Error(`${rows} rows of ${count} were written.`);
  });
  print(figures);
}

const { url } = import.meta;

function round(folder: string): Figures {
  const figures: Record<string, number> = {};
  for (const [name, count] of Object.entries({ few: FEW, many: MANY })) {
    const own = runStep(url, ['ours', folder, String(count)]);
    const pattern = join(folder, String(count), 'raw', dayPrefix(DAY), '*.json');
    const target = join(folder, 'peer.parquet');
    const peers = (['day', 'fields'] as const).map((table) =>
      runDuckdb(table, { pattern, target }, { threads: 2, bound: BOUND }),
    );
    figures[`${name}Seconds`] = own['seconds'] ?? Number.NaN;
    figures[`${name}Rss`] = own['rss'] ?? Number.NaN;
    figures[`${name}Duckdb`] = peers[0]?.['seconds'] ?? Number.NaN;
    figures[`${name}DuckdbFields`] = peers[1]?.['seconds'] ?? Number.NaN;
  }
  return figures;
}

const [step, folder, count] = process.argv.slice(2);
if (folder === undefined) {
  const made = mkdtempSync(join(tmpdir(), 'bench-folder-'));
  try {
    for (const objects of [FEW, MANY]) runStep(url, ['generate', made, String(objects)]);
    if (step === 'profile') {
      print(await profile((flags) => runStep(url, ['ours', made, String(MANY)], { flags })));
    } else print(Array.from({ length: ROUNDS }, () => round(made)));
  } finally {
    rmSync(made, { recursive: true });
  }
} else if (step === 'generate') generate(folder, Number(count));
else await ours(folder, Number(count));
