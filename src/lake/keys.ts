/** Key of a lake's own description, in the raw store. */
export const LAKE_KEY = 'lake.json';

/** Folder of a day's raw objects, and of its Parquet file in the enriched store. */
export function dayPrefix(day: string): string {
  return `telegram/context_date=${day}/`;
}

/** The one Parquet file of a day, in the enriched store. */
export function parquetKey(day: string): string {
  return `${dayPrefix(day)}messages.parquet`;
}

/** Raw key of an update; `contentHash` (hex SHA-256) only where the plain key is another update's. */
export function rawKey(day: string, updateId: number, contentHash?: string): string {
  const suffix = contentHash === undefined ? '' : `-${contentHash.slice(0, 12)}`;
  return `${dayPrefix(day)}${updateId}${suffix}.json`;
}

/** Folder of a day's rejected objects, in the raw store. */
export function rejectedPrefix(day: string): string {
  return `rejected/context_date=${day}/`;
}

/** Folder of the runs of a day, in the enriched store. */
export function runsPrefix(day: string): string {
  return `runs/context_date=${day}/`;
}

/** What is remembered of a group: that it became a supergroup, in the raw store. */
export function chatStateKey(chatId: number): string {
  return `state/chats/${chatId}.json`;
}
