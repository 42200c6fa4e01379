import type { Benchmark, Peer, Row } from './benchmark.ts';
import { median } from './median.ts';
import type { Figures } from './processes.ts';

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What a table says in a cell, and whether its target is met; null where there is none. */
interface Judged {
  readonly text: string;
  readonly goal: string;
  readonly isMet: boolean | null;
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
      goal: `≤ 1/${peer.times} of ${peer.label}`,
      isMet: 1 / ratio >= peer.times,
    };
  }
  const text = `${number.format(ratio)} × ${peer.label} (${value})`;
  if (peer.atMost === undefined) return { text, goal: '', isMet: null };
  return { text, goal: `≤ ${peer.atMost} × ${peer.label}`, isMet: ratio <= peer.atMost };
}

function judge(rounds: readonly Figures[], { figure, unit, atMost, atLeast }: Row): Judged {
  const values = valuesOf(rounds, figure);
  const middle = median(values);
  const text = `${number.format(middle)} ${unit} | ${number.format(Math.min(...values))}–${number.format(Math.max(...values))}`;
  if (atMost !== undefined) {
    return { text, goal: `≤ ${number.format(atMost)} ${unit}`, isMet: middle <= atMost };
  }
  if (atLeast === undefined) return { text, goal: '', isMet: null };
  return { text, goal: `≥ ${number.format(atLeast)} ${unit}`, isMet: middle >= atLeast };
}

/** The cells of a row, and what becomes of its targets. */
function judgeRow(rounds: readonly Figures[], row: Row): readonly Judged[] {
  return [judge(rounds, row), ...(row.peers ?? []).map((peer) => beside(rounds, row, peer))];
}

function line(rounds: readonly Figures[], row: Row): string {
  const [own, ...peers] = judgeRow(rounds, row);
  const all = [own, ...peers].flatMap((one) => one ?? []);
  const goals = all.flatMap(({ goal, isMet }) =>
    isMet === null ? [] : [isMet ? goal : `**missed:** ${goal}`],
  );
  const besides = peers.map(({ text }) => text).join('<br>');
  return `| ${row.label} | ${own?.text ?? ''} | ${goals.join('<br>')} | ${besides} |`;
}

/** Whether all targets of a benchmark are met. */
export function meetsTargets(benchmark: Benchmark, rounds: readonly Figures[]): boolean {
  return benchmark.rows.every((row) => judgeRow(rounds, row).every(({ isMet }) => isMet !== false));
}

/** What docs/benchmarks.md tells of one benchmark, below its title. */
export function section(benchmark: Benchmark, rounds: readonly Figures[]): string {
  return [
    benchmark.text,
    `\`npm run bench -- ${benchmark.file.replace('.ts', '')}\`, ${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'}.`,
    [
      '| | median | min–max | target | beside |',
      '|---|--:|--:|--:|---|',
      ...benchmark.rows.map((row) => line(rounds, row)),
    ].join('\n'),
  ].join('\n\n');
}
