import { describe, expect, test } from '@jest/globals';

import type { Benchmark } from '../../../bench/benchmark.ts';
import type { Figures } from '../../../bench/processes.ts';
import { type Measurement, USUAL_START, meetsTargets, section } from '../../../bench/table.ts';

const benchmark: Benchmark = {
  file: 'reading.ts',
  title: 'Reading',
  text: 'What is read.',
  rows: [
    {
      figure: 'seconds',
      label: 'a day',
      unit: 's',
      atMost: 60,
      peers: [
        { figure: 'loop', label: 'the loop', times: 50 },
        { figure: 'duckdb', label: 'DuckDB', atMost: 1.5 },
        { figure: 'other', label: 'another' },
      ],
    },
    { figure: 'rate', label: 'objects', unit: '/s', atLeast: 1_000 },
  ],
};

const round = (seconds: number) => ({
  ...{ seconds, loop: 60 * seconds, duckdb: seconds, other: 2, rate: 1_200 },
});

/** What was measured while an empty Node started as fast as it does on usual machines. */
const usual = (...rounds: Measurement['rounds']): Measurement => ({
  rounds,
  emptyStart: USUAL_START,
});

/** What was measured on a machine that takes two and a half times as long for everything. */
const slow = (round: Figures): Measurement => ({ rounds: [round], emptyStart: 2.5 * USUAL_START });

describe('a benchmark’s table', () => {
  test('gives medians, targets, and ratios round by round', () => {
    const rounds = usual(round(10), round(30), round(20));
    expect(meetsTargets(benchmark, rounds)).toBe(true);
    const text = section(benchmark, rounds);
    expect(text).toContain(
      '`npm run bench -- reading`, 3 rounds, while an empty Node started in 17 ms.',
    );
    expect(text).toContain(
      '| a day | 20 s | 10–30 | ≤ 60 s<br>≤ 1/50 of the loop<br>≤ 1.5 × DuckDB | ' +
        '1/60 of the loop (1,200 s)<br>1 × DuckDB (20 s)<br>10 × another (2 s) |',
    );
    expect(text).toContain('| objects | 1,200 /s | 1,200–1,200 | ≥ 1,000 /s |  |');
  });

  test('says which target is missed', () => {
    const worse = usual({ ...round(10), loop: 490, rate: 900 });
    expect(meetsTargets(benchmark, worse)).toBe(false);
    const text = section(benchmark, worse);
    expect(text).toContain('≤ 60 s<br>**missed:** ≤ 1/50 of the loop<br>≤ 1.5 × DuckDB');
    expect(text).toContain('| **missed:** ≥ 1,000 /s |');
  });

  test('says what a time that misses its target would be on a usual machine', () => {
    const later = slow({ ...round(140), rate: 600 });
    expect(meetsTargets(benchmark, later)).toBe(false);
    const text = section(benchmark, later);
    expect(text).toContain(
      '| **missed:** ≤ 60 s<br>(computed for a usual machine: ≈ 56 s)<br>≤ 1/50 of',
    );
    expect(text).toContain(
      '| **missed:** ≥ 1,000 /s<br>(computed for a usual machine: ≈ 1,500 /s) |',
    );
    const rows = benchmark.rows.map((row) => ({ ...row, isWaiting: true }));
    expect(section({ ...benchmark, rows }, later)).toContain('| **missed:** ≤ 60 s<br>≤ 1/50 of');
  });

  test('misses the target of a figure that nobody measured', () => {
    expect(meetsTargets(benchmark, usual({ ...round(10), rate: Number.NaN }))).toBe(false);
  });
});
