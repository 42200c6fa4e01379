import process from 'node:process';

import type { Figures } from './processes.ts';

/** Rounds of a benchmark; `--rounds` asks for others, see run.ts. */
export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

/** Runs work. @returns its wall and CPU time in seconds, and the process's peak memory in MB */
export async function measured(work: () => Promise<unknown>): Promise<Figures> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024 };
}

/** Prints figures, or lines of a profile, for the process that started this one. */
export function print(figures: Figures | readonly Figures[] | readonly string[]): void {
  process.stdout.write(JSON.stringify(figures));
}
