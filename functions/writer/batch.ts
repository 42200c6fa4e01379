import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { type Day, DayError, parseDay } from '../../src/lake/days.ts';
import { batchKey } from '../../src/lake/keys.ts';
import { UnreadableError, parseRecord } from '../../src/lake/rawRecords.ts';

/** A message of the queue. */
export interface Message {
  /** SQS's name for it. */
  readonly id: string;
  /** A line of the raw layer, without line break. */
  readonly body: string;
  /** Folder it shall lie in; undefined where the message does not say. */
  readonly day: string | undefined;
}

/** A message that is a line of the raw layer. */
export interface Line {
  readonly messageId: string;
  readonly json: string;
  readonly day: Day;
  readonly updateId: number;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

/** A raw object of many updates. */
export interface Batch {
  readonly key: string;
  /** NDJSON, packed with gzip. */
  readonly bytes: Uint8Array;
  /** Lines in it. */
  readonly records: number;
}

/**
 * Reads a message.
 *
 * @throws UnreadableError when it is not what the webhook sends
 */
export function readMessage({ id, body, day }: Message): Line {
  if (day === undefined) throw new UnreadableError('it does not say its day');
  const bytes = Buffer.from(body);
  if (body.includes('\n')) throw new UnreadableError('it is more than a line');
  // What has no time of its own would count as received when it is written.
  const { isBare, facts, receivedAt } = parseRecord(
    { bytes, json: body },
    { key: '', modified: new Date(0) },
  );
  if (isBare) throw new UnreadableError('it is no envelope');
  try {
    return { messageId: id, json: body, day: parseDay(day), updateId: facts.updateId, receivedAt };
  } catch (error) {
    if (!(error instanceof DayError)) throw error;
    throw new UnreadableError(error.message, { cause: error });
  }
}

function compareLines(a: Line, b: Line): number {
  if (a.updateId !== b.updateId) return a.updateId - b.updateId;
  if (a.receivedAt !== b.receivedAt) return a.receivedAt - b.receivedAt;
  return a.json < b.json ? -1 : Number(a.json > b.json);
}

/** The lines of each day, in the order of the days. */
export function byDay(lines: readonly Line[]): Map<Day, Line[]> {
  const days = new Map<Day, Line[]>();
  for (const line of lines) {
    const ofDay = days.get(line.day);
    if (ofDay) ofDay.push(line);
    else days.set(line.day, [line]);
  }
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const pack = promisify(gzip);

/**
 * Makes one object of lines of one day: each once, in the order of their updates' numbers. Its name
 * is made of the first and the last number and of the lines' hash, so that the same updates have the
 * same name, however often and in whatever order the queue gives them out. A hash of the numbers alone
 * would let another bot's updates, or later deliveries of the same, take the place of the first.
 *
 * @param lines one or more
 */
export async function makeBatch(day: Day, lines: readonly Line[]): Promise<Batch> {
  const sorted = [...lines].sort(compareLines);
  const distinct = sorted.filter(({ json }, index) => json !== sorted[index - 1]?.json);
  const text = Buffer.from(distinct.map(({ json }) => `${json}\n`).join(''));
  const hash = createHash('sha256').update(text).digest('hex');
  const ids = { first: distinct[0]?.updateId ?? 0, last: distinct.at(-1)?.updateId ?? 0 };
  return { key: batchKey(day, ids, hash), bytes: await pack(text), records: distinct.length };
}
