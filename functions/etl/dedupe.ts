import { identity } from '../../src/lake/identity.ts';
import type { Row } from './wrangle.ts';

/** Orders rows by update_id, then by when they were received. */
function compare(a: Row, b: Row): number {
  return (
    a.message.facts.updateId - b.message.facts.updateId ||
    a.message.receivedAt - b.message.receivedAt
  );
}

/**
 * Leaves one row of each update: the one that was received first (of several at once, the first
 * given). Two updates under one number (another bot, or Telegram restarted its numbering) both stay.
 *
 * @returns rows in the order of update_id
 */
export function dedupe(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.toSorted(compare).filter(({ message, content }) => {
    const id = identity(message.facts.updateId, content);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
