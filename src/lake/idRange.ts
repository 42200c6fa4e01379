/** Numbers of updates, both ends included. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** `<update_id>.json`, or `<update_id>-<hash>.json` where that was another update's. */
const ONE = /\/(\d{1,16})(?:-[0-9a-f]{12})?\.json$/;

/** `<first id>-<last id>-<hash>.ndjson.gz`: the updates of a batch. */
const BATCH = /\/(\d{1,16})-(\d{1,16})-[0-9a-f]{16}\.ndjson\.gz$/;

/** Which updates a raw object can hold, by its name; null when it may hold any. */
export function idRangeOf(key: string): IdRange | null {
  const one = ONE.exec(key)?.[1];
  const [, first = one, last = one] = BATCH.exec(key) ?? [];
  const range = { from: Number(first), to: Number(last) };
  // What is no number of an update, or no range, was named by somebody else.
  return range.from <= range.to && Number.isSafeInteger(range.to) ? range : null;
}
