import { contentHash, identity } from '../../src/lake/identity.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import { lowerBound } from './idTable.ts';
import { ListingHash, mayHold } from './listing.ts';
import type { Phases } from './phases.ts';
import { readAhead } from './readAhead.ts';
import { readRecords } from './readRecords.ts';

/** Which of some updates the day before holds. */
export interface EarlierDay {
  /** Their identities, see src/lake/identity.ts. */
  readonly held: ReadonlySet<string>;
  /** Hash of the listing of those objects. */
  readonly listing: string;
}

/**
 * Looks up updates in the day before. Reads only those of its objects that may hold one of them.
 *
 * @param objects of the day before
 * @param sortedIds numbers of the updates, in order
 */
export async function readEarlier(
  raw: ObjectStore,
  objects: AsyncIterable<ObjectInfo>,
  sortedIds: Float64Array,
  options: { readonly phases: Phases; readonly signal?: AbortSignal | undefined },
): Promise<EarlierDay> {
  const listing = new ListingHash();
  async function* candidates(): AsyncGenerator<ObjectInfo> {
    for await (const object of objects) {
      listing.add(object);
      if (mayHold(object, sortedIds)) yield object;
    }
  }
  const held = new Set<string>();
  const taker = {
    record: ({ update, facts: { updateId } }: { update: unknown; facts: { updateId: number } }) => {
      if (sortedIds[lowerBound(sortedIds, updateId)] === updateId) {
        held.add(identity(updateId, contentHash(update)));
      }
    },
    // What cannot be read is that day's to reject.
    unreadable: () => undefined,
  };
  for await (const { object, body } of readAhead(raw, candidates(), options)) {
    if (body === null) continue;
    const reading = readRecords(raw, { object, body }, taker, options.phases);
    while (!(await reading.next()).done) options.signal?.throwIfAborted();
  }
  return { held, listing: listing.digest() };
}

/** The number in an identity. */
export function idOf(identityText: string): number {
  return Number.parseInt(identityText, 10);
}
