/*
 * What can go wrong with a call of the Bot API. No error carries the bot's token: neither its URL,
 * of which the token is a part, nor the error of `fetch`, which may quote the URL.
 */

/** The Bot API refused a call, or what stands before it did. */
export class BotApiError extends Error {
  readonly method: string;
  /** HTTP status: 401 for a wrong token, 409 for a webhook that is set, 429 for too many calls, … */
  readonly errorCode: number;
  readonly description: string;
  /** Seconds to wait before the next call, where Telegram says so (429). */
  readonly retryAfter: number | null;
  /** Whether the Bot API itself said no: then nothing was done. */
  readonly isRefusal: boolean;

  constructor(
    method: string,
    errorCode: number,
    description: string,
    retryAfter: number | null = null,
    isRefusal = true,
  ) {
    super(`Telegram refused ${method}: ${errorCode} ${description}`);
    this.name = 'BotApiError';
    this.method = method;
    this.errorCode = errorCode;
    this.description = description;
    this.retryAfter = retryAfter;
    this.isRefusal = isRefusal;
  }
}

/** No answer came from the Bot API: no network, no such host, too late. */
export class BotApiUnreachableError extends Error {
  readonly method: string;
  readonly reason: string;
  /** Whether the call may have come through, and only its answer was lost. */
  readonly mayHaveArrived: boolean;

  constructor(method: string, reason: string, mayHaveArrived = true) {
    super(`Telegram's Bot API could not be reached for ${method}: ${reason}`);
    this.name = 'BotApiUnreachableError';
    this.method = method;
    this.reason = reason;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/**
 * Whether a call that failed may have been done all the same: then whoever repeats it may do it
 * twice. A gateway's 5xx says nothing of what lies behind it.
 */
export function mayBeDone(error: unknown): boolean {
  if (error instanceof BotApiUnreachableError) return error.mayHaveArrived;
  return !(error instanceof BotApiError) || (!error.isRefusal && error.errorCode >= 500);
}
