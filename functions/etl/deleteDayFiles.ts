import type { Day } from '../../src/lake/days.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { hashDay } from './listing.ts';

/**
 * Deletes a day's file and its parts: it has no rows.
 *
 * @param found.listing hash of the listing that says so
 * @throws PreconditionFailedError when raw objects have come meanwhile
 */
export async function deleteDayFiles(
  { raw, enriched }: Lake,
  day: Day,
  { listing, partKeys }: { readonly listing: string; readonly partKeys: readonly string[] },
): Promise<void> {
  const key = parquetKey(day);
  if ((await hashDay(raw, day)) !== listing) throw new PreconditionFailedError(key);
  await enriched.delete(partKeys);
  // Last, since without it nobody knows of the parts.
  await enriched.delete([key]);
}
