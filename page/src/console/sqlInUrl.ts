import { hrefOf } from '../app/place.ts';
import type { Place } from '../app/place.ts';

/**
 * A query in a URL: after the `#`, which browsers do not send to the server. It may be longer than
 * servers take.
 */
const FRAGMENT = '#sql=';

/** The draft survives a look at another screen or lake. */
const DRAFT = 'console.draft';

/** URL of the console with a query. */
export function consoleHref(lake: Place['lake'], sql: string): string {
  return `${hrefOf({ lake, screen: 'sql' })}${FRAGMENT}${encodeURIComponent(sql)}`;
}

/** The query that the URL names: after its `#`, or as links of other screens have it. */
export function sqlInUrl(): string | null {
  const { hash, search } = location;
  if (!hash.startsWith(FRAGMENT)) return new URLSearchParams(search).get('sql');
  try {
    return decodeURIComponent(hash.slice(FRAGMENT.length));
  } catch {
    // Somebody has cut the URL short.
    return null;
  }
}

/** What was being written; null in a new tab. */
export function readDraft(): string | null {
  try {
    return sessionStorage.getItem(DRAFT);
  } catch {
    return null;
  }
}

export function writeDraft(sql: string): void {
  try {
    sessionStorage.setItem(DRAFT, sql);
  } catch {
    // A full or forbidden storage: the draft lives as long as the screen.
  }
}
