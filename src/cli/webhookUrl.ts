import { readFile } from 'node:fs/promises';

import { UsageError } from './errors.ts';

/** What Terraform calls the output with the webhook's URL, without case and separators. */
const OUTPUT = 'webhookurl';

/** URLs among outputs: cdktf's file has them by stack, `terraform output -json` with type and value. */
function urlsIn(outputs: unknown, stack: string | null): { stack: string | null; url: string }[] {
  if (typeof outputs !== 'object' || outputs === null) return [];
  return Object.entries(outputs).flatMap(([name, output]: [string, unknown]) => {
    if (name.toLowerCase().replaceAll(/[-_]/g, '') !== OUTPUT) {
      return stack === null ? urlsIn(output, name) : [];
    }
    const value: unknown =
      typeof output === 'object' && output !== null && 'value' in output ? output.value : output;
    return typeof value === 'string' ? [{ stack, url: value }] : [];
  });
}

/**
 * Takes the webhook's URL from a file of Terraform's outputs.
 *
 * @param prefix of the stack's name, where the file holds several
 * @throws UsageError when the file holds none
 */
export async function webhookUrlIn(file: string, prefix: string): Promise<string> {
  const how =
    'Make it by npx cdktf deploy --outputs-file FILE, or by terraform output -json; or give --url.';
  let outputs: unknown;
  try {
    outputs = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}. ${how}`);
  }
  const found = urlsIn(outputs, null);
  const urls = found.length > 1 ? found.filter(({ stack }) => stack === prefix) : found;
  const [first] = urls;
  if (urls.length === 1 && first) return first.url;
  throw new UsageError(`${file} holds no URL of the webhook of ${prefix}. ${how}`);
}

/**
 * Makes sure that a URL can be a webhook and that something answers there. It refuses us, since we
 * are not Telegram: any HTTP answer will do.
 *
 * @throws UsageError when it is no HTTPS URL; Error when nothing answers
 */
export async function checkUrl(url: string, signal: AbortSignal): Promise<void> {
  // Plain HTTP is for an emulator on this machine.
  const isWebhook = /^(https:|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(url);
  if (!isWebhook || !URL.canParse(url)) {
    throw new UsageError(
      `"${url}" is no URL that Telegram calls: one starts with https:// and is the stack's output webhook URL.`,
    );
  }
  let status: number;
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    ({ status } = await fetch(url, { method: 'POST', redirect: 'manual', signal: timeout }));
  } catch (error) {
    signal.throwIfAborted();
    const { cause, message } = error as Error & { readonly cause?: NodeJS.ErrnoException };
    throw new Error(
      `Nothing answers at ${url} (${cause?.code ?? cause?.message ?? message}). Telegram was told nothing. Compare it with the stack's output; after a first deploy, wait a minute.`,
      { cause: error },
    );
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    throw new Error(
      `${url} answers ${status}: that is not the webhook. Telegram was told nothing. Compare it with the stack's output.`,
    );
  }
}
