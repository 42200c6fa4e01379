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
  if (one !== undefined) return { from: Number(one), to: Number(one) };
  const [, from, to] = BATCH.exec(key) ?? [];
  return from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) };
}
