import type { UpdateFacts } from './facts.ts';
import { integer, object } from './fields.ts';
import { type RawUpdate, updateFacts } from './updateFacts.ts';

/** An update as received, and what is known of it. */
export interface ParsedUpdate {
  readonly update: RawUpdate;
  readonly facts: UpdateFacts;
}

/** A text that is no update; `reason` says what it is instead, for the record of what was rejected. */
export class NotAnUpdateError extends Error {
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`This is no Telegram update: ${reason}.`, options);
    this.name = 'NotAnUpdateError';
    this.reason = reason;
  }
}

/** What a JSON value is, in words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Levels that an update may have. Telegram's have about ten; JSON can have so many that comparing
 * two of them overflows the stack.
 */
const MAX_DEPTH = 200;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  // Every update passes here: a loop over the keys makes no arrays and no closures.
  for (const key in value) {
    const inner: unknown = (value as Record<string, unknown>)[key];
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, depth - 1)) return true;
  }
  return false;
}

/**
 * Takes a parsed JSON value for an update.
 *
 * @throws NotAnUpdateError when it is no object, has no integer `update_id` or is nested too deep
 */
export function asUpdate(value: unknown): ParsedUpdate {
  const fields = object(value);
  if (!fields) throw new NotAnUpdateError(`it is ${kindOf(value)}, not an object`);
  if (!Object.hasOwn(fields, 'update_id')) throw new NotAnUpdateError('it has no update_id');
  const id = fields['update_id'];
  if (integer(id) === null) {
    const what = typeof id === 'number' ? String(id) : kindOf(id);
    throw new NotAnUpdateError(`its update_id is ${what}, not an integer of up to 53 bits`);
  }
  if (isDeeper(fields, MAX_DEPTH)) {
    throw new NotAnUpdateError(`it is nested deeper than ${MAX_DEPTH} levels`);
  }
  const update = fields as RawUpdate;
  return { update, facts: updateFacts(update) };
}

/**
 * Reads an update from its JSON text.
 *
 * @throws NotAnUpdateError with a reason that names what is wrong and, for broken JSON, where
 */
export function parseUpdate(json: string): ParsedUpdate {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (json.trim() === '') throw new NotAnUpdateError('it is empty', { cause: error });
    const what = error instanceof SyntaxError ? error.message : String(error);
    throw new NotAnUpdateError(`it is not JSON (${what})`, { cause: error });
  }
  return asUpdate(value);
}
