/** Exit codes, as the help states them. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** The command was called in a way that it does not know; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The work was done as far as possible and not all of it succeeded; it has been said what. */
export class PartialFailure extends Error {
  override readonly name = 'PartialFailure';
}
