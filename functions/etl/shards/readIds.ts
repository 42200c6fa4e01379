import type { IdRange } from '../../../src/lake/idRange.ts';
import { LineReader } from '../../../src/lake/lineReader.ts';
import { NotFoundError, type ObjectStore } from '../../../src/lake/objectStore.ts';
import { gunzip, isZlibError } from '../../../src/lake/rawRecords.ts';

/** Each byte a letter: digits and quotes are the same as in UTF-8. */
function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** The first number of a line that calls itself one: a guess, parsing would take many times as long. */
const ID = /"update_id"\s*:\s*(\d{1,16})/;

/**
 * Looks through an object for the numbers of its updates. Nothing may rest on it: whoever reads the
 * object finds out whether it holds others.
 *
 * @param take is called with each, in the order of the object
 * @returns from the least to the greatest; null when there are none, or not all can be seen
 * @throws UnavailableError
 */
export async function readIds(
  raw: ObjectStore,
  key: string,
  take: (id: number) => void,
): Promise<IdRange | null> {
  let [from, to] = [Infinity, -Infinity];
  const lines = new LineReader({
    line: (bytes) => {
      const found = ID.exec(latin1(bytes));
      if (!found) return;
      const id = Number(found[1]);
      if (!Number.isSafeInteger(id)) return;
      [from, to] = [Math.min(from, id), Math.max(to, id)];
      take(id);
    },
    // No update is as long.
    tooLong: () => undefined,
  });
  try {
    const { stream } = await raw.get(key);
    for await (const chunk of key.endsWith('.gz') ? gunzip(stream) : stream) lines.push(chunk);
    lines.end();
  } catch (error) {
    if (error instanceof NotFoundError || isZlibError(error)) return null;
    throw error;
  }
  return from <= to ? { from, to } : null;
}
