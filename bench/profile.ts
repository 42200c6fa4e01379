import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What is read of a profile as `node --cpu-prof` writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** A function's own share of a profile. */
interface Share {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
  /** Seconds. */
  readonly seconds: number;
}

/** Functions that a profile names. */
const MOST = 12;

/** Own time by function, the most first. */
function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Share[] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === '' ? '' : ` (${basename(url)}:${lineNumber + 1})`;
      return [id, `${functionName === '' ? 'anonymous' : functionName}${place}`];
    }),
  );
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    const delta = timeDeltas[index] ?? 0;
    if (name === '(idle)') continue;
    total += delta;
    times.set(name, (times.get(name) ?? 0) + delta);
  }
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([name, time]) => ({ name, share: time / total, seconds: time / 1e6 }));
}

/**
 * Profiles a process of Node: where its own time goes, without waiting.
 *
 * @param run starts it with the flags given, and gives a promise if it has not ended
 * @returns lines of a Markdown table
 */
export async function profile(run: (flags: readonly string[]) => unknown): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  try {
    await run(['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-name', 'run.cpuprofile']);
    const text = readFileSync(join(folder, 'run.cpuprofile'), 'utf8');
    const shares = sharesOf(JSON.parse(text) as CpuProfile);
    return [
      '| own time of | share | s |',
      '|---|--:|--:|',
      ...shares.map(
        ({ name, share, seconds }) =>
          `| \`${name}\` | ${(share * 100).toFixed(1)} % | ${seconds.toFixed(2)} |`,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
