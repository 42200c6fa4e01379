/**
 * Runs every benchmark several times, each in a fresh process, beside its peer in the same round, and
 * writes the medians to docs/benchmarks.md. Machines are noisy: ratios carry over, times do not.
 *
 * `npm run bench` for all, `npm run bench -- etl` for those whose name holds "etl".
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import { loadAnalyses } from '../src/analytics/analyses.ts';
import { SQL_FOLDER } from '../src/local/paths.ts';
import { median } from './median.ts';

/** What one process measured: figures by name. */
type Figures = Readonly<Record<string, number>>;

interface Benchmark {
  /** File in bench/ that prints its figures as one JSON object. */
  readonly file: string;
  readonly title: string;
  /** What is measured, and against what. */
  readonly text: string;
  readonly rows: readonly {
    readonly figure: string;
    readonly label: string;
    readonly unit: string;
    /** At most this. */
    readonly target?: number;
    readonly atLeast?: number;
    /** Figure to divide by, and its name. */
    readonly peer?: readonly [figure: string, label: string];
  }[];
}

const ROUNDS = 5;

const BENCHMARKS: readonly Benchmark[] = [
  {
    file: 'webhook.ts',
    title: 'The webhook over a folder',
    text: "1,000 updates of a day's conversation through the handler, each synced to disk, after 100 that are not counted. The peer writes as many bytes to the same folder with the same syncs (write, fsync, link, fsync of the folder) and decides nothing.",
    rows: [
      {
        figure: 'median',
        label: 'own time per update, median',
        unit: 'ms',
        target: 2,
        peer: ['peerMedian', 'the bare write'],
      },
      {
        figure: 'p99',
        label: 'own time per update, 99th percentile',
        unit: 'ms',
        peer: ['peerP99', 'the bare write'],
      },
    ],
  },
  {
    file: 'etl.ts',
    title: 'The daily step over a folder',
    text: '10,000 raw objects of one day to one Parquet file, 42 columns. The peer is DuckDB on two threads, reading the same files with `read_json` (order not preserved, schema given) and writing eight of the columns with `COPY … (FORMAT parquet, COMPRESSION zstd)`.',
    rows: [
      {
        figure: 'seconds',
        label: '10,000 objects → Parquet',
        unit: 's',
        target: 3,
        peer: ['peerSeconds', 'DuckDB'],
      },
      { figure: 'rss', label: 'peak resident memory', unit: 'MB', target: 300 },
    ],
  },
  {
    file: 'import.ts',
    title: "A course's lake brought in from a folder",
    text: '50,000 raw objects, one bare update each, of 20 days, beside 20 Parquet files with the same messages as rows, into an empty lake. The tables of all days are then made by the ETL; the rate counts the import alone.',
    rows: [
      { figure: 'rate', label: 'raw objects per second', unit: '/s', atLeast: 5_000 },
      { figure: 'rss', label: 'peak resident memory', unit: 'MB', target: 400 },
      { figure: 'wholeSeconds', label: 'import and tables', unit: 's' },
    ],
  },
  {
    file: 'report.ts',
    title: 'The report of 90 days',
    text: 'A lake of 180 days and 445,000 rows on DuckDB: every analysis over the last 90 days, the overview over those before as well, all drawings, one HTML file.',
    rows: [
      { figure: 'seconds', label: 'queries, drawings and file', unit: 's', target: 5 },
      { figure: 'megabytes', label: 'size of the file', unit: 'MB', target: 2 },
      { figure: 'rss', label: 'peak resident memory', unit: 'MB' },
    ],
  },
  {
    file: 'analyses.ts',
    title: 'The analyses over a million rows',
    text: 'Each analysis over 90 days, on DuckDB in one process, from the call to the rows in JavaScript. Half of the texts are like no other.',
    rows: [
      { figure: 'rows', label: 'rows', unit: 'million', atLeast: 1 },
      ...(await loadAnalyses(SQL_FOLDER)).map(({ name }) => ({
        figure: name,
        label: `\`${name}\``,
        unit: 's',
        target: 1,
      })),
    ],
  },
  {
    file: 'start.ts',
    title: 'From `npm start` to a usable page',
    text: 'Until the page, its status and the first analysis have answered. First start: the sample lake of 60 days is made. The peer is the second start, which finds it.',
    rows: [
      {
        figure: 'first',
        label: 'first start',
        unit: 's',
        target: 10,
        peer: ['second', 'the second start'],
      },
    ],
  },
];

/** Runs one benchmark once, in a process of its own. */
function measure(file: string): Figures {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const output = execFileSync(process.execPath, ['--import', 'tsx', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as Figures;
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** Median of a figure over all rounds. */
function medianOf(rounds: readonly Figures[], figure: string): number {
  return median(rounds.map((figures) => figures[figure] ?? Number.NaN));
}

/** The section of docs/benchmarks.md for one benchmark. */
function section(benchmark: Benchmark, rounds: readonly Figures[]): string {
  const lines = benchmark.rows.map(({ figure, label, unit, target, atLeast, peer }) => {
    const values = rounds.map((figures) => figures[figure] ?? Number.NaN);
    // The ratio is taken round by round: what slows one run usually slows its peer too.
    const ratio = peer
      ? `${number.format(median(rounds.map((r) => (r[figure] ?? Number.NaN) / (r[peer[0]] ?? Number.NaN))))} × ${peer[1]} (${number.format(medianOf(rounds, peer[0]))} ${unit})`
      : '';
    const goal =
      target === undefined
        ? atLeast === undefined
          ? ''
          : `≥ ${number.format(atLeast)} ${unit}`
        : `≤ ${target} ${unit}`;
    return `| ${label} | ${number.format(median(values))} ${unit} | ${number.format(Math.min(...values))}–${number.format(Math.max(...values))} | ${goal} | ${ratio} |`;
  });
  return [
    `## ${benchmark.title}`,
    benchmark.text,
    ['| | median | min–max | target | beside |', '|---|--:|--:|--:|---|', ...lines].join('\n'),
  ].join('\n\n');
}

const wanted = process.argv[2] ?? '';
const chosen = BENCHMARKS.filter(({ file }) => file.includes(wanted));
const sections = chosen.map((benchmark) => {
  process.stderr.write(`${benchmark.title} …\n`);
  return section(
    benchmark,
    Array.from({ length: ROUNDS }, () => measure(benchmark.file)),
  );
});
const page = [
  '# Benchmarks',
  '```bash\nnpm run bench\n```',
  `Medians of ${ROUNDS} rounds, each in a fresh process, written by the command above. Machines are noisy: ratios carry over, absolute times do not.`,
  `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}, ${process.platform} ${process.arch}.`,
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
