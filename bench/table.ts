import type { Benchmark, Peer, Row } from './benchmark.ts';
import { median } from './median.ts';
import type { Figures } from './processes.ts';

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What was measured of a benchmark, and on how fast a machine. */
export interface Measurement {
  /** Figures of each round. */
  readonly rounds: readonly Figures[];
  /** Milliseconds in which an empty Node started there. */
  readonly emptyStart: number;
}

/**
 * That of the machines for which targets in seconds are set, in milliseconds: measured on the AMD EPYC
 * of two cores on which this page was first written (commit 82e7961, "the empty function").
 */
export const USUAL_START = 17;

/** What a table says in a cell, and what of its target; undefined where there is none. */
interface Judged {
  readonly text: string;
  readonly target?: { readonly goal: string; readonly isMet: boolean };
}

const valuesOf = (rounds: readonly Figures[], figure: string): number[] =>
  rounds.map((figures) => figures[figure] ?? Number.NaN);

/** The ratio is taken round by round: what slows one run usually slows its peer too. */
function beside(rounds: readonly Figures[], { figure, unit }: Row, peer: Peer): Judged {
  const value = `${number.format(median(valuesOf(rounds, peer.figure)))} ${unit}`;
  const ratio = median(
    rounds.map((r) => (r[figure] ?? Number.NaN) / (r[peer.figure] ?? Number.NaN)),
  );
  if (peer.times !== undefined) {
    return {
      text: `1/${number.format(1 / ratio)} of ${peer.label} (${value})`,
      target: { goal: `≤ 1/${peer.times} of ${peer.label}`, isMet: 1 / ratio >= peer.times },
    };
  }
  const text = `${number.format(ratio)} × ${peer.label} (${value})`;
  if (peer.atMost === undefined) return { text };
  return {
    text,
    target: { goal: `≤ ${peer.atMost} × ${peer.label}`, isMet: ratio <= peer.atMost },
  };
}

/** A figure as it would be on a usual machine; those that are no times do not depend on it. */
function onUsualMachine(value: number, unit: string, emptyStart: number): number {
  const slowness = emptyStart / USUAL_START;
  if (unit === 'ms' || unit === 's') return value / slowness;
  return unit === '/s' ? value * slowness : value;
}

function judge(
  { rounds, emptyStart }: Measurement,
  { figure, unit, atMost, atLeast, isWaiting = false }: Row,
): Judged {
  const values = valuesOf(rounds, figure);
  const middle = median(values);
  const text = `${number.format(middle)} ${unit} | ${number.format(Math.min(...values))}–${number.format(Math.max(...values))}`;
  const bound = atMost ?? atLeast;
  if (bound === undefined) return { text };
  const isWithin = (value: number) => (atMost === undefined ? value >= bound : value <= bound);
  const isMet = isWithin(middle);
  const goal = `${atMost === undefined ? '≥' : '≤'} ${number.format(bound)} ${unit}`;
  const usual = onUsualMachine(middle, unit, emptyStart);
  if (isMet || isWaiting || usual === middle) return { text, target: { goal, isMet } };
  const computed = `computed for a usual machine: ≈ ${number.format(usual)} ${unit}`;
  return { text, target: { goal: `${goal}<br>(${computed})`, isMet } };
}

/** The cells of a row, and what becomes of its targets. */
function judgeRow(measurement: Measurement, row: Row): readonly Judged[] {
  const { rounds } = measurement;
  return [judge(measurement, row), ...(row.peers ?? []).map((peer) => beside(rounds, row, peer))];
}

function line(measurement: Measurement, row: Row): string {
  const [own, ...peers] = judgeRow(measurement, row);
  const all = [own, ...peers].flatMap((one) => one?.target ?? []);
  const goals = all.map(({ goal, isMet }) => (isMet ? goal : `**missed:** ${goal}`));
  const besides = peers.map(({ text }) => text).join('<br>');
  return `| ${row.label} | ${own?.text ?? ''} | ${goals.join('<br>')} | ${besides} |`;
}

/** Whether all targets of a benchmark are met. */
export function meetsTargets({ rows }: Benchmark, measurement: Measurement): boolean {
  return rows.every((row) =>
    judgeRow(measurement, row).every(({ target }) => target?.isMet !== false),
  );
}

/** What docs/benchmarks.md tells of one benchmark, below its title. */
export function section({ file, text, rows }: Benchmark, measurement: Measurement): string {
  const { rounds, emptyStart } = measurement;
  return [
    text,
    `\`npm run bench -- ${file.replace('.ts', '')}\`, ${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'}, while an empty Node started in ${number.format(emptyStart)} ms.`,
    [
      '| | median | min–max | target | beside |',
      '|---|--:|--:|--:|---|',
      ...rows.map((row) => line(measurement, row)),
    ].join('\n'),
  ].join('\n\n');
}
