import type { RecordRef } from '../../../src/local/api.ts';

/** Whether two references are of one record. */
export function isSame(
  one: RecordRef | null | undefined,
  other: RecordRef | null | undefined,
): boolean {
  if (!one || !other) return false;
  return one.key === other.key && one.line === other.line;
}
