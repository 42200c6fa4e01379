/** Key of a lake's own description, in the raw store. */
export const LAKE_KEY = 'lake.json';

/** Folder of a day's raw objects, and of its Parquet files in the enriched store. */
export function dayPrefix(day: string): string {
  return `telegram/context_date=${day}/`;
}

const DAY_FOLDER = /^[^/]+\/context_date=(\d{4}-\d\d-\d\d)\//;

/** The day under which a key lies, in whatever store and folder; undefined when it lies under none. */
export function dayOfKey(key: string): string | undefined {
  return DAY_FOLDER.exec(key)?.[1];
}

/**
 * The Parquet file of a day, in the enriched store: all of its rows, or none of them and the number of
 * parts that lie beside it.
 */
export function parquetKey(day: string): string {
  return `${dayPrefix(day)}messages.parquet`;
}

/** A number in names whose order is the numbers'. */
function padded(number: number): string {
  return String(number).padStart(3, '0');
}

/** A part of a day that was written in shards, by the run that put it there. */
export function partKey(day: string, run: string, shard: number): string {
  return `${dayPrefix(day)}part-${padded(shard)}-${run}.parquet`;
}

const PART = /^telegram\/context_date=[^/]+\/part-\d+-[0-9a-f]+\.parquet$/;

/** Whether a key of the enriched store is that of a part. */
export function isPartKey(key: string): boolean {
  return PART.test(key);
}

/** Where shards put what is not to be read yet, in the enriched store: no table looks there. */
export const STAGING_PREFIX = 'staging/';

/** Folder of a day's staging. */
export function stagingPrefix(day: string): string {
  return `${STAGING_PREFIX}context_date=${day}/`;
}

/** What a run in shards keeps in its folder of the staging: of the whole run, or of one shard. */
export function stagingKey(day: string, run: string, name: string, shard?: number): string {
  const number = shard === undefined ? '' : `-${padded(shard)}`;
  const [, stem = '', end = ''] = /^([^.]+)(\..+)$/.exec(name) ?? [];
  return `${stagingPrefix(day)}${run}/${stem}${number}${end}`;
}

/** Raw key of an update; `contentHash` (hex SHA-256) only where the plain key is another update's. */
export function rawKey(day: string, updateId: number, contentHash?: string): string {
  const suffix = contentHash === undefined ? '' : `-${contentHash.slice(0, 12)}`;
  return `${dayPrefix(day)}${updateId}${suffix}.json`;
}

/**
 * Raw key of a batch of updates; see idRange.ts for who reads it.
 *
 * @param contentHash hex SHA-256 of its lines
 */
export function batchKey(
  day: string,
  ids: { readonly first: number; readonly last: number },
  contentHash: string,
): string {
  return `${dayPrefix(day)}${ids.first}-${ids.last}-${contentHash.slice(0, 16)}.ndjson.gz`;
}

/** Folder of a day's rejected objects, in the raw store. */
export function rejectedPrefix(day: string): string {
  return `rejected/context_date=${day}/`;
}

/** Folder of the runs of a day, in the enriched store. */
export function runsPrefix(day: string): string {
  return `runs/context_date=${day}/`;
}

/** What asks for a report, in the raw store: on AWS, its coming starts the function that makes it. */
export const REPORT_REQUESTS = 'state/reports/';

/** A wish for a report, by the update that brought it. */
export function reportRequestKey(updateId: number): string {
  return `${REPORT_REQUESTS}${updateId}.json`;
}

/** Markers of what was sent, in the raw store: of the digests by day, of wished reports by update. */
export const DIGEST_MARKERS = 'state/digests/';
export const REPORT_MARKERS = 'state/sent/';

/** Marker of a day's digest. */
export function digestMarkerKey(day: string): string {
  return `${DIGEST_MARKERS}${day}.json`;
}

/** Marker of a report that an update wished for. */
export function reportMarkerKey(updateId: number): string {
  return `${REPORT_MARKERS}${updateId}.json`;
}

/** What is remembered of a group: that it became a supergroup, in the raw store. */
export function chatStateKey(chatId: number): string {
  return `state/chats/${chatId}.json`;
}

/**
 * Folder of what an erasure has begun and not finished, in the raw store: a day, or `files`. Nothing
 * there tells of whom.
 */
export const ERASING_PREFIX = 'state/erasing/';
