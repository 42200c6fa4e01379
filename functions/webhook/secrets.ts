import { type CacheTimes, type Cached, cached } from '../../src/aws/cached.ts';
import { type WebhookSecret, parseWebhookSecret } from '../../src/aws/webhookSecret.ts';
import type { WebhookDeps } from './handler.ts';

/** The webhook's secret in its parameter. */
export interface SecretSource {
  /** @throws SecretNotSetError; what `read` throws */
  readonly get: Cached<WebhookSecret>['get'];
  /** For the webhook's handler: reads again, at most every so often, when a request's is not known. */
  readonly forRequest: (...args: Parameters<WebhookDeps['secrets']>) => Promise<WebhookSecret>;
}

/** How long a secret counts that has been replaced and is not remembered as the one before. */
const TIMES: CacheTimes = { ttl: 5 * 60_000, shortest: 10_000 };

/**
 * Reads the secret when it is wanted, and again when Telegram seems to have been told another one.
 *
 * @param name of the parameter
 * @param read gives its value; null when it is not set
 */
export function createSecretSource(
  name: string,
  read: (name: string) => Promise<string | null>,
  times: CacheTimes = TIMES,
): SecretSource {
  const secret = cached(async () => parseWebhookSecret(name, await read(name)), times);
  return {
    get: secret.get,
    forRequest: async (isKnown) => {
      const kept = await secret.get();
      return isKnown(kept) ? kept : secret.refresh();
    },
  };
}
