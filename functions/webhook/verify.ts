import { createHash, timingSafeEqual } from 'node:crypto';

/** The webhook's secrets: the one that Telegram was told, and while it changes the one before. */
export interface Secrets {
  readonly current: string;
  readonly previous?: string | undefined;
}

/** Header in which Telegram sends the secret back, in lower case. */
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** Headers by name, in whatever case a gateway passes them on. */
type Headers = Readonly<Record<string, string | undefined>>;

/** Compares in constant time, whatever the lengths: what is compared are hashes. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/**
 * Whether a request carries one of the secrets. An empty secret admits nobody.
 *
 * @param headers of the request; null when it has none
 */
export function hasSecret(headers: Headers | null, secrets: Secrets): boolean {
  const [, given = ''] =
    Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === SECRET_HEADER) ?? [];
  if (given === '') return false;
  const isCurrent = isEqual(given, secrets.current);
  const isPrevious = isEqual(given, secrets.previous ?? '');
  return isCurrent || isPrevious;
}
