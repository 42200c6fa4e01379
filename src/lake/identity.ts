import { createHash } from 'node:crypto';

/** JSON with the fields of every object in one order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}

/** Hash of an update's content: the same however its JSON is written. */
export function contentHash(update: unknown): string {
  return createHash('sha256').update(canonicalJson(update)).digest('base64url');
}

/** The identity of an update: its number **and** the hash of its content. */
export function identity(updateId: number, content: string): string {
  return `${updateId} ${content}`;
}
