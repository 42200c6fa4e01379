/**
 * Runs every benchmark beside its peers, each measurement in a fresh process, and writes the medians to
 * docs/benchmarks.md. Machines are noisy: ratios carry over, times do not.
 *
 * `npm run bench` for all; `npm run bench -- s3` prints those whose file's name holds "s3", and with
 * `--write` it puts them in the place of theirs on the page. `--rounds 1` is for a slow machine.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import type { Benchmark } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { type Circumstances, type Section, wholePage, withSections } from './page.ts';
import { type Figures, LAMBDA_NODE, canPin, emptyStart, peerVersions } from './processes.ts';
import { meetsTargets, section } from './table.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});

/** Runs a benchmark's file. @returns what it printed */
function run(file: string, ...args: readonly string[]): unknown {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const output = execFileSync(process.execPath, ['--import', 'tsx', path, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_ROUNDS: values.rounds },
  });
  return JSON.parse(output);
}

/** Measures a benchmark: the figures of each round. */
function measure(file: string): readonly Figures[] {
  const first = run(file) as Figures | readonly Figures[];
  if (Array.isArray(first)) return first as readonly Figures[];
  const others = Array.from({ length: Number(values.rounds) - 1 }, () => run(file) as Figures);
  return [first as Figures, ...others];
}

function report(benchmark: Benchmark): Section {
  const started = performance.now();
  process.stderr.write(`${benchmark.title} … `);
  const before = emptyStart();
  const rounds = measure(benchmark.file);
  const measurement = { rounds, emptyStart: (before + emptyStart()) / 2 };
  const told = [section(benchmark, measurement)];
  if (benchmark.hasProfile && !meetsTargets(benchmark, measurement)) {
    const lines = run(benchmark.file, 'profile') as readonly string[];
    told.push('Where the time goes, by `node --cpu-prof`:', lines.join('\n'));
  }
  process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s\n`);
  return { title: benchmark.title, text: told.join('\n\n') };
}

/** Version of a package that is measured. */
function versionOf(name: string): string {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `${name} ${version}`;
}

/** @param peers versions of the peers' packages */
function circumstances(peers: string): Circumstances {
  const { version, isLambdas } = LAMBDA_NODE;
  const isSame = version.includes(process.versions.node);
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'Unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`,
    date: new Date().toISOString().slice(0, 10),
    software:
      `Ours on Node ${version.replace('v', '')}${isLambdas ? ", Lambda's" : ", not Lambda's"}` +
      `${isSame ? '' : ` (what starts from the terminal on ${process.versions.node})`}; ` +
      `${['@aws-sdk/client-s3', 'hyparquet-writer', '@duckdb/node-api'].map(versionOf).join(', ')}; ${peers}` +
      (canPin ? '' : '; processes could not be kept on one processor'),
  };
}

const [wanted = ''] = positionals;
const chosen = BENCHMARKS.filter(({ file }) => file.includes(wanted));
if (chosen.length === 0) throw new Error(`No benchmark's file has a name with "${wanted}".`);
const now = circumstances(peerVersions());
const sections = chosen.map(report);
const isWhole = chosen.length === BENCHMARKS.length;

const target = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const titles = BENCHMARKS.map(({ title }) => title);
const page = isWhole
  ? wholePage(now, sections)
  : withSections(readFileSync(target, 'utf8'), now, sections, titles);
const style = { ...(await resolveConfig(target)), parser: 'markdown' };
if (isWhole || values.write) {
  writeFileSync(target, await format(page, style));
  process.stderr.write('Written to docs/benchmarks.md.\n');
} else {
  process.stdout.write(await format(wholePage(now, sections), style));
  process.stderr.write('To have it in docs/benchmarks.md: --write.\n');
}
