import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { Day } from '../days.ts';
import { dayPrefix } from '../keys.ts';
import { NotFoundError, type ObjectStore, PreconditionFailedError } from '../objectStore.ts';
import { UnreadableError, parseRecord, readRawObject } from '../rawRecords.ts';
import { messageOf } from './dayIndex.ts';

/** What the records of a pack are: as Telegram sent them, or rebuilt from a table. */
export type PackKind = 'import' | 'rebuilt';

const packBytes = promisify(gzip);

/**
 * Writes records of a day as one object, `<kind>-<hash of the lines>.ndjson.gz`: the same records
 * have the same key, whoever writes them and how often.
 *
 * @param lines one envelope each, with a line break at the end
 * @returns its key
 */
export async function writePack(
  raw: ObjectStore,
  day: Day,
  kind: PackKind,
  lines: readonly string[],
): Promise<string> {
  const text = Buffer.from(lines.join(''));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 24);
  const key = `${dayPrefix(day)}${kind}-${hash}.ndjson.gz`;
  try {
    await raw.put(key, await packBytes(text), { ifNoneMatch: '*' });
  } catch (error) {
    // An import that was broken off, or one that runs beside this one, has written the same.
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
  return key;
}

/**
 * Takes rebuilt updates out of a day whose messages are there as Telegram sent them by now. What
 * stays is written before what was is deleted: breaking off in between loses nothing.
 *
 * @param messages as `messageKey` makes them
 */
export async function dropRebuilt(
  raw: ObjectStore,
  day: Day,
  messages: ReadonlySet<string>,
): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of raw.list(`${dayPrefix(day)}rebuilt-`)) keys.push(key);
  for (const key of keys) {
    const kept: string[] = [];
    let dropped = 0;
    try {
      for await (const line of readRawObject(raw, key)) {
        const message = messageOf(parseRecord(line, { key, modified: new Date(0) }));
        if (message !== null && messages.has(message)) dropped++;
        else kept.push(`${line.json}\n`);
      }
    } catch (error) {
      // What cannot be read is the ETL's to reject.
      if (error instanceof NotFoundError || error instanceof UnreadableError) continue;
      throw error;
    }
    if (dropped === 0) continue;
    if (kept.length > 0) await writePack(raw, day, 'rebuilt', kept);
    await raw.delete([key]);
  }
}
