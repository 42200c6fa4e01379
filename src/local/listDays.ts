import type { Day } from '../lake/days.ts';
import { dayOfKey, dayPrefix } from '../lake/keys.ts';
import type { ObjectStore } from '../lake/objectStore.ts';

/** Sorts behind every key of a folder. */
const END = '\u{10ffff}';

/** The days of which a store holds something, in order; one short listing each. */
export async function listDays(store: ObjectStore): Promise<Day[]> {
  const days: Day[] = [];
  let after = 'telegram/';
  for (;;) {
    const { key } = (await first(store.list('telegram/', { after }))) ?? {};
    if (key === undefined) return days;
    const day = dayOfKey(key);
    if (day !== undefined) days.push(day);
    // A stray file beside the days is passed by itself.
    after = day === undefined ? key : `${dayPrefix(day)}${END}`;
  }
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
