/** A JSON object, nothing of which has been looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/*
 * Readers of one field. What is absent or of another type than the Bot API promises is null: an
 * update that is damaged in one place still tells the rest.
 */

/** @returns the value when it is a JSON object */
export function object(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

/** @returns the value when it is an integer that a number holds exactly (ids have up to 52 bits) */
export function integer(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** @returns the value when it is a string */
export function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** @returns the elements when the value is an array, else none */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * @returns Unix seconds when the value is a time that Telegram can mean: its dates have 32 bits, and
 *   0 marks a message that the bot may not see
 */
export function time(value: unknown): number | null {
  const seconds = integer(value);
  return seconds !== null && seconds > 0 && seconds < 2 ** 32 ? seconds : null;
}
