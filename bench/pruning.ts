/**
 * Writes the file of a day of 1,000,000 rows, and asks DuckDB and pyarrow for an hour of it. Prints how
 * much of the file they look at.
 */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runDay } from '../functions/etl/runDay.ts';
import { FolderStore } from '../src/lake/folderStore.ts';
import { dayPrefix, parquetKey } from '../src/lake/keys.ts';
import { openLake } from '../src/lake/lake.ts';
import { print } from './measured.ts';
import { runPeer } from './processes.ts';
import { DAY, RUN, ZONE, envelopeAt } from './s3/dayObjects.ts';

const LINES = 1_000_000;
const PER_OBJECT = 50_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-pruning-'));
try {
  const raw = join(folder, 'raw', dayPrefix(DAY));
  mkdirSync(raw, { recursive: true });
  for (let first = 0; first < LINES; first += PER_OBJECT) {
    const lines = Array.from({ length: PER_OBJECT }, (_, n) => envelopeAt(first + n, LINES));
    const name = `${String(first).padStart(8, '0')}.ndjson`;
    writeFileSync(join(raw, name), lines.map((line) => `${line.trimEnd()}\n`).join(''));
  }
  const lake = await openLake({
    raw: new FolderStore(join(folder, 'raw')),
    enriched: new FolderStore(join(folder, 'enriched')),
    zone: ZONE,
  });
  await runDay(lake, DAY, RUN);
  const file = join(folder, 'enriched', parquetKey(DAY));
  // One round: nothing of it is a time.
  print([runPeer('pruned.py', [file, `${DAY} 14:00:00`, `${DAY} 15:00:00`])]);
} finally {
  rmSync(folder, { recursive: true });
}
