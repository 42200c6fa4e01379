import { isDeepStrictEqual } from 'node:util';

import type { RecentRecord } from './recentRecord.ts';

/**
 * Of each update the record that was received first, in the order given: Telegram may have told the
 * same twice, and where updates are buffered both lie in the raw layer. It is what the daily step makes
 * a row of.
 */
export function firstDeliveries(records: readonly RecentRecord[]): RecentRecord[] {
  const first = new Map<number, RecentRecord[]>();
  for (const record of records) {
    const { updateId } = record.facts;
    const ofNumber = first.get(updateId);
    if (!ofNumber) {
      first.set(updateId, [record]);
      continue;
    }
    const same = ofNumber.findIndex(({ update }) => isDeepStrictEqual(update, record.update));
    if (same === -1) ofNumber.push(record);
    else if (record.receivedAt < (ofNumber[same]?.receivedAt ?? 0)) ofNumber[same] = record;
  }
  return records.filter((record) => first.get(record.facts.updateId)?.includes(record));
}
