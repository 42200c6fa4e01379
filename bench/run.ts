/**
 * Runs every benchmark beside its peers, each measurement in a fresh process, and writes the medians to
 * docs/benchmarks.md. Machines are noisy: ratios carry over, times do not.
 *
 * `npm run bench` for all, `npm run bench -- s3` for those whose file's name holds "s3".
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import type { Benchmark } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { type Figures, LAMBDA_NODE, canPin, peerVersions } from './processes.ts';
import { meetsTargets, section } from './table.ts';

/** Of benchmarks that print the figures of one round. */
const ROUNDS = 3;

/** Runs a benchmark's file. @returns what it printed */
function run(file: string, ...args: readonly string[]): unknown {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const output = execFileSync(process.execPath, ['--import', 'tsx', path, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

/** Measures a benchmark: the figures of each round. */
function measure(file: string): readonly Figures[] {
  const first = run(file) as Figures | readonly Figures[];
  if (Array.isArray(first)) return first as readonly Figures[];
  const others = Array.from({ length: ROUNDS - 1 }, () => run(file) as Figures);
  return [first as Figures, ...others];
}

function report(benchmark: Benchmark): string {
  const started = performance.now();
  process.stderr.write(`${benchmark.title} … `);
  const rounds = measure(benchmark.file);
  const told = [section(benchmark, rounds)];
  if (benchmark.hasProfile && !meetsTargets(benchmark, rounds)) {
    const lines = run(benchmark.file, 'profile') as readonly string[];
    told.push('Where the time goes, by `node --cpu-prof`:', lines.join('\n'));
  }
  process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s\n`);
  return told.join('\n\n');
}

/** Version of a package that is measured. */
function versionOf(name: string): string {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `${name} ${version}`;
}

const wanted = process.argv[2] ?? '';
const chosen = BENCHMARKS.filter(({ file }) => file.includes(wanted));
if (chosen.length === 0) throw new Error(`No benchmark's file has a name with "${wanted}".`);
const peers = peerVersions();
const sections = chosen.map(report);
const page = [
  '# Benchmarks',
  '```bash\nnpm run setup:bench   # the peers, once\nnpm run bench\n```',
  'Written by the command above. Each measurement is a process of its own, and the figures are medians. Machines are noisy: ratios carry over, absolute times do not.',
  `${cpus()[0]?.model.trim() ?? 'Unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, on ${new Date().toISOString().slice(0, 10)}. ` +
    `Ours on Node ${LAMBDA_NODE.version.replace('v', '')}${LAMBDA_NODE.isLambdas ? ", Lambda's" : ", not Lambda's"}` +
    `${LAMBDA_NODE.version.includes(process.versions.node) ? '' : ` (what starts from the terminal on ${process.versions.node})`}; ` +
    `${['@aws-sdk/client-s3', 'hyparquet-writer', '@duckdb/node-api'].map(versionOf).join(', ')}; ${peers}.` +
    (canPin ? '' : ' Processes could not be kept on one processor.'),
  ...sections,
].join('\n\n');

const target = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const formatted = await format(page, { ...(await resolveConfig(target)), parser: 'markdown' });
process.stdout.write(formatted);
if (chosen.length === BENCHMARKS.length) {
  writeFileSync(target, formatted);
  process.stderr.write(`Written to docs/benchmarks.md (${readFileSync(target).length} bytes).\n`);
} else {
  process.stderr.write('docs/benchmarks.md is only written when all benchmarks run.\n');
}
