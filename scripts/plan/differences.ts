import { isDeepStrictEqual } from 'node:util';

import { type Change, isNothing } from './plan.ts';
import { isPolicy } from './policies.ts';
import { shown } from './text.ts';

/** One attribute that changes. */
export interface Difference {
  /** For instance `environment.variables.CHATBOT_CONFIG`. */
  readonly path: string;
  /** In Markdown; nothing sensitive is in it. */
  readonly before: string;
  readonly after: string;
  /** Whether the new value is known only once it is applied. */
  readonly isUnknown: boolean;
}

/** JSON in which more than this changes is told by its size. */
const MOST_PARTS = 8;

const SENSITIVE = '(sensitive)';
const UNKNOWN = '(known after apply)';

interface Side {
  readonly value: unknown;
  readonly sensitive: unknown;
}

function child(of: unknown, key: string): unknown {
  // What holds for the whole holds for its parts.
  if (of === true) return true;
  return typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[key] : undefined;
}

/** Whether a part of a value is unknown, or sensitive. */
export function isMarked(mark: unknown): boolean {
  if (typeof mark !== 'object' || mark === null) return mark === true;
  return Object.values(mark).some(isMarked);
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function keysOf(...values: readonly unknown[]): string[] {
  return [...new Set(values.filter(isNested).flatMap((value) => Object.keys(value as object)))];
}

function* walk(
  path: string,
  before: Side,
  after: Side,
  unknown: unknown,
): Generator<Difference, void> {
  if (before.sensitive === true || after.sensitive === true) {
    if (unknown === true || !isDeepStrictEqual(before.value, after.value)) {
      yield { path, before: SENSITIVE, after: SENSITIVE, isUnknown: unknown === true };
    }
    return;
  }
  if (unknown === true) {
    const old = isMarked(before.sensitive) ? SENSITIVE : shown(before.value);
    yield { path, before: old, after: UNKNOWN, isUnknown: true };
    return;
  }
  const inside = insideJson(path, before.value, after.value);
  if (inside !== null) {
    yield* inside;
    return;
  }
  const parts = keysOf(before.value, after.value, unknown);
  // A leaf, or a value whose very kind changes.
  if (
    parts.length === 0 ||
    [before, after].some(({ value }) => !isNothing(value) && !isNested(value))
  ) {
    const [old, fresh] = [before, after].map(({ value, sensitive }) =>
      isMarked(sensitive) ? SENSITIVE : shown(value),
    ) as [string, string];
    if (
      !isDeepStrictEqual(before.value ?? null, after.value ?? null) &&
      !bothEmpty(before, after)
    ) {
      yield { path, before: old, after: fresh, isUnknown: false };
    }
    return;
  }
  const isSingle = [before.value, after.value].every(
    (value) => isNothing(value) || (Array.isArray(value) && value.length <= 1),
  );
  for (const key of parts) {
    const at = (side: Side): Side => ({
      value: child(side.value, key),
      sensitive: child(side.sensitive, key),
    });
    // A block that can stand once only is a list of one.
    const place = isSingle ? path : /^\d+$/.test(key) ? `${path}[${key}]` : `${path}.${key}`;
    yield* walk(path === '' ? key : place, at(before), at(after), child(unknown, key));
  }
}

/** A text's value, where it is an object or a list in JSON. */
function jsonIn(text: unknown): unknown {
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * What changes in a text that is JSON, such as a function's settings; null where it is none, a policy,
 * which is told in words elsewhere, or where too much changes.
 */
function insideJson(path: string, before: unknown, after: unknown): Difference[] | null {
  const [old, fresh] = [jsonIn(before), jsonIn(after)];
  if (!isNested(old) || !isNested(fresh) || isPolicy(after as string)) return null;
  const side = (value: unknown): Side => ({ value, sensitive: undefined });
  const parts = [...walk(path, side(old), side(fresh), undefined)];
  return parts.length <= MOST_PARTS ? parts : null;
}

/** Providers write nothing as null, "", [] or {}. */
function bothEmpty(...sides: readonly Side[]): boolean {
  return sides.every(
    ({ value }) =>
      isNothing(value) || value === '' || (isNested(value) && keysOf(value).length === 0),
  );
}

/** What becomes of a value, in Markdown. */
export function arrow({ before, after }: Pick<Difference, 'after' | 'before'>): string {
  return before === SENSITIVE && after === SENSITIVE ? SENSITIVE : `${before} → ${after}`;
}

/** What a change comes to, attribute by attribute. Sensitive values are not in it. */
export function differences(change: Change): Difference[] {
  return [
    ...walk(
      '',
      { value: change.before, sensitive: change.before_sensitive },
      { value: change.after, sensitive: change.after_sensitive },
      change.after_unknown,
    ),
  ];
}
