/**
 * A day of 1,000,000 lines, plain and gzipped, in a folder → one Parquet file, with one processor and
 * with two, beside DuckDB and Polars on one thread and on two. Then the encoding alone: rows in memory
 * → Parquet, beside DuckDB's COPY of the same table. Prints the figures of each round.
 *
 * `ndjsonStep.ts`, `ndjsonStep.ts profile` for where our time goes, or in a process of its own `ndjsonStep.ts generate|ours|encode <folder> …`
 */
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { DayRows } from '../functions/etl/dayRows.ts';
import { wholeDay } from '../functions/etl/daySource.ts';
import { Phases } from '../functions/etl/phases.ts';
import { runDay } from '../functions/etl/runDay.ts';
import { dayBounds } from '../functions/etl/wrangle.ts';
import { TELEGRAM_COLUMNS } from '../src/lake/columns.ts';
import { FolderStore } from '../src/lake/folderStore.ts';
import { dayPrefix, parquetKey } from '../src/lake/keys.ts';
import { openLake } from '../src/lake/lake.ts';
import { ParquetEncoder } from '../src/lake/parquet.ts';
import { ROUNDS, measured, print } from './measured.ts';
import { profile } from './profile.ts';
import { type Figures, runDuckdb, runPeer, runStep } from './processes.ts';
import { DAY, RUN, ZONE, envelopeAt } from './s3/dayObjects.ts';

const LINES = 1_000_000;
const FEW = 100_000;
const NUMBERS = Number.NaN;

type Packing = 'gz' | 'plain';

/** Lines in an object: about as many as the writer packs into one. */
const PER_OBJECT = 50_000;

/** Names of a day's objects, and where the peers find them. */
const nameOf = (index: number, packing: Packing): string =>
  `${String(index).padStart(3, '0')}.ndjson${packing === 'gz' ? '.gz' : ''}`;

const lakeFolder = (folder: string, packing: Packing, lines: number): string =>
  join(folder, `${packing}-${lines}`);

const rawFolder = (folder: string, packing: Packing, lines: number): string =>
  join(lakeFolder(folder, packing, lines), 'raw', dayPrefix(DAY));

/** Writes a day once as plain and once as gzipped objects, and its first lines as a day of their own. */
async function generate(folder: string): Promise<void> {
  const packings: readonly Packing[] = ['plain', 'gz'];
  for (const packing of packings) {
    for (const lines of [LINES, FEW]) {
      await mkdir(rawFolder(folder, packing, lines), { recursive: true });
    }
  }
  for (let index = 0; index * PER_OBJECT < LINES; index++) {
    const lines = Array.from(
      { length: PER_OBJECT },
      (_, n) => `${envelopeAt(index * PER_OBJECT + n, LINES).trimEnd()}\n`,
    ).join('');
    for (const packing of packings) {
      const path = join(rawFolder(folder, packing, LINES), nameOf(index, packing));
      const target = createWriteStream(path);
      const source = Readable.from([Buffer.from(lines)]);
      await (packing === 'gz'
        ? pipeline(source, createGzip({ level: 6 }), target)
        : pipeline(source, target));
      if ((index + 1) * PER_OBJECT <= FEW) {
        await copyFile(path, join(rawFolder(folder, packing, FEW), nameOf(index, packing)));
      }
    }
  }
  print({});
}

async function ours(folder: string, packing: Packing, lines: number): Promise<void> {
  const root = lakeFolder(folder, packing, lines);
  const lake = await openLake({
    raw: new FolderStore(join(root, 'raw')),
    enriched: new FolderStore(join(root, 'enriched')),
    zone: ZONE,
  });
  let phases: Figures = {};
  const figures = await measured(async () => {
    const run = await runDay(lake, DAY, { ...RUN, force: true });
    if (run.rows !== lines) throw new Error(`${run.rows} rows of ${lines} were written.`);
    phases = run.phases;
  });
  const { size } = await stat(join(root, 'enriched', parquetKey(DAY)));
  print({ ...figures, ...phases, megabytes: size / 1e6 });
}

/** Encodes the day's rows, group by group as they come to lie in memory; only that is measured. */
async function encode(folder: string): Promise<void> {
  const raw = new FolderStore(join(lakeFolder(folder, 'plain', LINES), 'raw'));
  const rows = new DayRows(raw, dayBounds(DAY, ZONE), wholeDay(raw, DAY), { phases: new Phases() });
  const encoder = await ParquetEncoder.open(TELEGRAM_COLUMNS);
  let [seconds, bytes] = [0, 0];
  const add = (work: () => Uint8Array): void => {
    const started = performance.now();
    bytes += work().length;
    seconds += (performance.now() - started) / 1000;
  };
  // The memory of a group is used again for the next.
  for await (const group of rows.groups()) add(() => encoder.encode(group));
  add(() => encoder.end({}));
  print({ seconds, megabytes: bytes / 1e6 });
}

const { url } = import.meta;

/** The figures of interest, by names that tell them from others'. */
function named(name: string, figures: Figures, ...which: readonly string[]): Figures {
  return Object.fromEntries(
    which.map((one) => [
      `${name}${one.charAt(0).toUpperCase()}${one.slice(1)}`,
      figures[one] ?? NUMBERS,
    ]),
  );
}

/** @throws when DuckDB's file holds other rows than ours */
function assertSameRows(folder: string, target: string): void {
  const own = join(lakeFolder(folder, 'plain', LINES), 'enriched', parquetKey(DAY));
  const { differences } = runPeer('duckdb_lake.py', ['differences', '2', own, target]);
  if (differences !== 0) throw new Error(`${differences} rows of DuckDB's file or ours differ.`);
}

function round(folder: string): Figures {
  const figures: Record<string, number> = {};
  const target = join(folder, 'peer.parquet');
  for (const packing of ['plain', 'gz'] as const) {
    const pattern = join(rawFolder(folder, packing, LINES), '*');
    for (const threads of [1, 2]) {
      const how = threads === 1 ? { core: 0 } : {};
      const own = runStep(url, ['ours', folder, packing, String(LINES)], how);
      const files = { pattern, target };
      const duckdb = runDuckdb('day', files, { ...how, threads });
      if (packing === 'plain' && threads === 1) assertSameRows(folder, target);
      const fields = runDuckdb('fields', files, { ...how, threads });
      const polars = runPeer('polars_lake.py', [pattern, target], {
        ...how,
        env: { POLARS_MAX_THREADS: String(threads) },
      });
      const which = ['seconds', 'cpu', 'rss', 'megabytes'];
      Object.assign(
        figures,
        named(`${packing}${threads}`, own, ...which),
        named(`${packing}${threads}Duckdb`, duckdb, ...which),
        named(`${packing}${threads}Fields`, fields, ...which),
        named(`${packing}${threads}Polars`, polars, ...which),
      );
    }
  }
  const few = runStep(url, ['ours', folder, 'gz', String(FEW)], { core: 0 });
  const own = runStep(url, ['encode', folder], { core: 0 });
  const parquet = join(lakeFolder(folder, 'plain', LINES), 'enriched', parquetKey(DAY));
  const copies = [1, 2].map((threads) =>
    runPeer(
      'duckdb_lake.py',
      ['copy', String(threads), parquet, target],
      threads === 1 ? { core: 0 } : {},
    ),
  );
  return {
    ...figures,
    growth: (figures['gz1Rss'] ?? NUMBERS) / (few['rss'] ?? NUMBERS),
    ...named('few', few, 'rss'),
    ...named('encode', own, 'seconds', 'megabytes'),
    ...named('copy1', copies[0] ?? {}, 'seconds', 'megabytes'),
    ...named('copy2', copies[1] ?? {}, 'seconds', 'megabytes'),
  };
}

const [step, folder, packing, lines] = process.argv.slice(2);
if (folder === undefined) {
  const made = await mkdtemp(join(tmpdir(), 'bench-ndjson-'));
  try {
    runStep(url, ['generate', made]);
    if (step === 'profile') {
      const run = ['ours', made, 'plain', String(LINES)];
      print(await profile((flags) => runStep(url, run, { core: 0, flags })));
    } else print(Array.from({ length: ROUNDS }, () => round(made)));
  } finally {
    await rm(made, { recursive: true });
  }
} else if (step === 'generate') await generate(folder);
else if (step === 'ours') await ours(folder, packing as Packing, Number(lines));
else await encode(folder);
