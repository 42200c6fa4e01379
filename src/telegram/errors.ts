/*
 * What can go wrong with a call of the Bot API. No error carries the bot's token: neither its URL,
 * of which the token is a part, nor the error of `fetch`, which may quote the URL.
 */

/** The Bot API refused a call. */
export class BotApiError extends Error {
  readonly method: string;
  /** HTTP status: 401 for a wrong token, 409 for a webhook that is set, 429 for too many calls, … */
  readonly errorCode: number;
  readonly description: string;
  /** Seconds to wait before the next call, where Telegram says so (429). */
  readonly retryAfter: number | null;

  constructor(
    method: string,
    errorCode: number,
    description: string,
    retryAfter: number | null = null,
  ) {
    super(`Telegram refused ${method}: ${errorCode} ${description}`);
    this.name = 'BotApiError';
    this.method = method;
    this.errorCode = errorCode;
    this.description = description;
    this.retryAfter = retryAfter;
  }
}

/** No answer came from the Bot API: no network, no such host, too late. */
export class BotApiUnreachableError extends Error {
  readonly method: string;
  readonly reason: string;

  constructor(method: string, reason: string) {
    super(`Telegram's Bot API could not be reached for ${method}: ${reason}`);
    this.name = 'BotApiUnreachableError';
    this.method = method;
    this.reason = reason;
  }
}
