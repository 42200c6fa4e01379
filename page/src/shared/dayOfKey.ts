/** The day under which a raw object lies; undefined when it lies under none. */
export function dayOfKey(key: string): string | undefined {
  return /\/context_date=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1];
}
