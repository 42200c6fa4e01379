import type { LakeId } from '../../../src/local/api.ts';

/** A query that was run. */
export interface Past {
  readonly sql: string;
  readonly lake: LakeId;
  /** Unix milliseconds. */
  readonly at: number;
  /** Rows it gave; null when it failed. */
  readonly rows: number | null;
}

const KEY = 'console.history';

/** Queries kept; what is longer than a long query is none that a person wrote. */
const MOST = 50;
const LONGEST = 20_000;

function isPast(value: unknown): value is Past {
  if (typeof value !== 'object' || value === null) return false;
  const { sql, lake, at, rows } = value as Record<keyof Past, unknown>;
  return (
    typeof sql === 'string' &&
    (lake === 'own' || lake === 'sample') &&
    typeof at === 'number' &&
    (rows === null || typeof rows === 'number')
  );
}

/** The queries run last, newest first; what is damaged in the storage is left out. */
export function readHistory(storage: Pick<Storage, 'getItem'> = localStorage): readonly Past[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isPast).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts a query on top; the same one in the same lake stands there once. @returns the history now */
export function remember(
  past: Past,
  storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
): readonly Past[] {
  const before = readHistory(storage);
  if (past.sql.length > LONGEST) return before;
  const others = before.filter(({ sql, lake }) => sql !== past.sql || lake !== past.lake);
  const history = [past, ...others].slice(0, MOST);
  try {
    storage.setItem(KEY, JSON.stringify(history));
  } catch {
    // A full or forbidden storage: the history lives as long as the screen.
  }
  return history;
}

/** Forgets all queries. */
export function forgetHistory(storage: Pick<Storage, 'removeItem'> = localStorage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // There is none, then.
  }
}
