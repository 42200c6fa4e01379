import pMap from 'p-map';

import { contentHash, identity } from '../../src/lake/identity.ts';
import { NotFoundError, type ObjectInfo, type ObjectStore } from '../../src/lake/objectStore.ts';
import { readObject } from '../../src/lake/readObject.ts';
import { CONCURRENCY } from './readDay.ts';
import type { Row } from './wrangle.ts';

/** A key that names the one update it holds: `<update_id>.json` or `<update_id>-<hash>.json`. */
const NAMED = /\/(\d{1,16})(?:-[0-9a-f]{12})?\.json$/;

/** Whether an object can hold one of these updates, by its name. */
function mayHold({ key }: ObjectInfo, updateIds: ReadonlySet<number>): boolean {
  const id = NAMED.exec(key)?.[1];
  return id === undefined || updateIds.has(Number(id));
}

/**
 * Whether the day before may hold a row too. An update that lies under the day of its own time lies
 * under no other; one that has no time of its own, or that was filed by another clock, may have
 * been delivered once before midnight and again after it.
 */
export function mayBeEarlier({ isOwnDay }: Row): boolean {
  return !isOwnDay;
}

/**
 * Leaves out the rows that the day before holds as well. Reads only those of its objects that may
 * hold one of them.
 *
 * @param earlier listing of the day before
 */
export async function dropEarlier(
  raw: ObjectStore,
  rows: readonly Row[],
  earlier: readonly ObjectInfo[],
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  const doubtful = rows.filter(mayBeEarlier);
  const updateIds = new Set(doubtful.map(({ message }) => message.facts.updateId));
  const held = new Set<string>();

  async function read(object: ObjectInfo): Promise<void> {
    try {
      const readings = readObject(raw, object, ({ update, facts: { updateId } }) =>
        updateIds.has(updateId) ? identity(updateId, contentHash(update)) : null,
      );
      for await (const reading of readings) {
        // What cannot be read is that day's to reject.
        if ('taken' in reading && reading.taken !== null) held.add(reading.taken);
      }
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  await pMap(
    earlier.filter((object) => mayHold(object, updateIds)),
    read,
    { concurrency: CONCURRENCY, signal },
  );
  return rows.filter(
    (row) => !mayBeEarlier(row) || !held.has(identity(row.message.facts.updateId, row.content)),
  );
}
