/**
 * Ways to get from a line of NDJSON to its values, each in a process of its own, on one processor: what
 * a faster parser, worker threads, or columns straight from bytes could save of the daily step. Prints
 * the microseconds of CPU a line of each round.
 *
 * `lineParsing.ts`, or in a process of its own `lineParsing.ts each|joined|received|walked`
 */
import process from 'node:process';
import { deserialize, serialize } from 'node:v8';

import { decode } from '../src/lake/rawRecords.ts';
import { ROUNDS, measured, print } from './measured.ts';
import { type Figures, runStep } from './processes.ts';
import { envelopeAt } from './s3/dayObjects.ts';

const WAYS = ['each', 'joined', 'received', 'walked'] as const;
type Way = (typeof WAYS)[number];

const LINES = 30_000;
/** Lines that are handed over, or parsed, at once. */
const BLOCK = 1_000;
const TIMES = 10;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];

/** Finds each value of a line, and decodes none of them: the least that a parser of our own would do. */
function countValues(bytes: Uint8Array): number {
  let [values, place] = [0, 0];
  while (place < bytes.length) {
    const byte = bytes[place++];
    if (byte === COMMA || byte === COLON) values++;
    else if (byte === QUOTE) {
      while (bytes[place] !== QUOTE) place += bytes[place] === BACKSLASH ? 2 : 1;
      place++;
    }
  }
  return values;
}

const parse = (text: string): unknown => JSON.parse(text);

/** What is done with a block of lines; the number that it gives is only for it to be done at all. */
function workOf(way: Way, lines: readonly Buffer[]): () => number {
  if (way === 'each') return () => lines.filter((line) => parse(decode(line)) !== null).length;
  if (way === 'walked') return () => lines.reduce((sum, line) => sum + countValues(line), 0);
  if (way === 'joined') {
    const bytes = Buffer.from(`[${lines.map((line) => line.toString()).join(',')}]`);
    return () => (parse(decode(bytes)) as unknown[]).length;
  }
  // What postMessage does on the side of the thread that gets it.
  const message = serialize(lines.map((line) => parse(line.toString())));
  return () => (deserialize(message) as unknown[]).length;
}

async function perLine(way: Way): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, n) => Buffer.from(envelopeAt(n, LINES).trim()));
  const blocks = Array.from({ length: LINES / BLOCK }, (_, n) =>
    workOf(way, lines.slice(n * BLOCK, (n + 1) * BLOCK)),
  );
  const all = (): void => {
    for (const work of blocks) if (work() === 0) throw new Error('Nothing was read.');
  };
  // Not counted: until then the code is being compiled.
  all();
  const { cpu = Number.NaN } = await measured(() => {
    for (let time = 0; time < TIMES; time++) all();
    return Promise.resolve();
  });
  print({ [way]: (cpu * 1e6) / (LINES * TIMES) });
}

const round = (): Figures =>
  Object.assign({}, ...WAYS.map((way) => runStep(import.meta.url, [way], { core: 0 }))) as Figures;

const [way] = process.argv.slice(2);
if (way === undefined) print(Array.from({ length: ROUNDS }, round));
else await perLine(way as Way);
