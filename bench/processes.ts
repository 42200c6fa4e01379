import { execFileSync, spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { findLambdaNode } from '../localstack/lambdaNode.ts';
import { STOP_WORDS } from '../src/lake/questionKey.ts';
import { median } from './median.ts';

/** What a process measured: figures by name. */
export type Figures = Readonly<Record<string, number>>;

/** How a process runs. */
interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  /** Number of the one processor that it may use; all of them unless told. */
  readonly core?: number;
  /** Seconds after which it is given up, which the figures then say: `seconds` is this many. */
  readonly bound?: number;
}

/** The peers that are written in Python; npm run setup:bench. */
export const PYTHON = fileURLToPath(new URL('../.cache/bench/bin/python', import.meta.url));

/** Whether processes can be kept on a processor: `taskset` of Linux does. */
export const canPin = spawnSync('taskset', ['--version']).status === 0;

/** Lambda's version of Node where it is found: what is ours runs with it. */
export const LAMBDA_NODE = findLambdaNode();

/** Milliseconds until an empty program runs on that Node: what times on other machines compare by. */
export function emptyStart(): number {
  const program = 'process.stdout.write(String(performance.now()))';
  return median(
    Array.from({ length: 11 }, () =>
      Number(execFileSync(LAMBDA_NODE.path, ['--input-type=module', '--eval', program])),
    ),
  );
}

/** A command and its arguments, kept on one processor where that can be done. */
export function pinned(
  command: string,
  args: readonly string[],
  core: number,
): [command: string, args: string[]] {
  return canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]];
}

function outputOf(command: string, args: readonly string[], how: Circumstances): string {
  const { env, core, bound } = how;
  const [program, all] = core === undefined ? [command, [...args]] : pinned(command, args, core);
  return execFileSync(program, all, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    killSignal: 'SIGKILL',
    ...(bound !== undefined && { timeout: bound * 1000 }),
  });
}

/**
 * Runs a step of a benchmark in a process of its own, with Lambda's Node.
 *
 * @param url of the benchmark's file, which gets the arguments
 * @param how.flags of Node
 * @returns what it printed
 */
export function runStep(
  url: string,
  args: readonly string[],
  how: Circumstances & { readonly flags?: readonly string[] } = {},
): Figures {
  const flags = [...(how.flags ?? []), '--import', 'tsx', fileURLToPath(url)];
  return JSON.parse(outputOf(LAMBDA_NODE.path, [...flags, ...args], how)) as Figures;
}

/** Runs a peer of bench/peers in a process of its own. @returns what it printed */
export function runPeer(file: string, args: readonly string[], how: Circumstances = {}): Figures {
  const path = fileURLToPath(new URL(`peers/${file}`, import.meta.url));
  try {
    return JSON.parse(outputOf(PYTHON, [path, ...args], how)) as Figures;
  } catch (error) {
    const { bound } = how;
    if (bound === undefined || (error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw error;
    return { seconds: bound };
  }
}

/** Versions of the peers' packages. @throws when they are not installed */
export function peerVersions(): string {
  const packages = ['boto3', 'pyarrow', 'duckdb', 'polars'];
  const code =
    'import sys, platform; from importlib.metadata import version; ' +
    'print("Python " + platform.python_version(), *(f"{p} {version(p)}" for p in sys.argv[1:]), sep=", ")';
  const { status, stdout } = spawnSync(PYTHON, ['-c', code, ...packages], { encoding: 'utf8' });
  if (status !== 0) throw new Error('The peers are not here. To get them: npm run setup:bench');
  return stdout.trim();
}

/** What DuckDB is asked for: the table of the daily step, or those of its columns that are fields. */
export type DuckdbTable = 'day' | 'fields';

/**
 * Lets DuckDB make a Parquet file of raw objects or lines.
 *
 * @param files.pattern of the raw objects
 * @param how.threads of DuckDB
 */
export function runDuckdb(
  table: DuckdbTable,
  files: { readonly pattern: string; readonly target: string },
  how: Circumstances & { readonly threads: number },
): Figures {
  const { threads, ...circumstances } = how;
  const args = [table, String(threads), files.pattern, files.target, [...STOP_WORDS].join('|')];
  return runPeer('duckdb_lake.py', args, circumstances);
}
