import { NotFoundError, type ObjectStore } from '../../src/lake/objectStore.ts';
import { NotARejectedRecordError, readRejected } from '../../src/lake/rejected.ts';

async function isThere(store: ObjectStore, key: string): Promise<boolean> {
  for await (const object of store.list(key)) return object.key === key;
  return false;
}

/**
 * Removes the day's records of what has been mended: its raw object is there and was read without
 * complaint.
 *
 * @param before keys of the records as they were before the day was listed: a run that removes no others
 *   cannot remove what another run has found in an object that came meanwhile
 * @param rejected keys of the records of this run
 */
export async function dropMended(
  raw: ObjectStore,
  before: readonly string[],
  rejected: ReadonlySet<string>,
): Promise<void> {
  const mended: string[] = [];
  for (const key of before) {
    if (rejected.has(key)) continue;
    try {
      const { from, source_key } = await readRejected(raw, key);
      if (from === 'etl' && source_key !== null && (await isThere(raw, source_key))) {
        mended.push(key);
      }
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof NotARejectedRecordError) continue;
      throw error;
    }
  }
  await raw.delete(mended);
}
