import { setTimeout as sleep } from 'node:timers/promises';
import { BotApiError, BotApiUnreachableError } from './errors.ts';

/** How often to try again. */
export interface RetryOptions {
  /** Ends the waiting; its reason is then thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Calls in all; 5 unless told, `Infinity` for ever. */
  readonly attempts?: number | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((error: Error, waitMs: number) => void) | undefined;
  /** First wait in milliseconds, doubled each time up to thirtyfold; 1 s unless told. */
  readonly backoffMs?: number | undefined;
}

/** Whether the same call may succeed later: no network, a fault of the server, too many calls. */
function isTemporary(error: unknown): error is BotApiError | BotApiUnreachableError {
  if (error instanceof BotApiUnreachableError) return true;
  return error instanceof BotApiError && (error.errorCode === 429 || error.errorCode >= 500);
}

/**
 * Calls the Bot API until it answers. Waits as long as Telegram asks (`retry_after`), else twice as
 * long each time, with chance in it so that many callers do not return at once.
 *
 * @throws the last error when the attempts are used up, at once one that would only come again
 */
export async function callWithRetries<T>(
  call: () => Promise<T>,
  { signal, attempts = 5, onRetry, backoffMs = 1_000 }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isTemporary(error) || attempt >= attempts) throw error;
      const asked = error instanceof BotApiError ? error.retryAfter : null;
      const backoff = backoffMs * Math.min(2 ** (attempt - 1), 30) * (0.5 + Math.random() / 2);
      const waitMs = asked === null ? backoff : asked * 1_000;
      onRetry?.(error, waitMs);
      await wait(waitMs, signal);
    }
  }
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal && { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
