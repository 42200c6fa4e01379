import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Requests that are throttled are sent again this often, as Telegram does. */
const TRIES = 20;

/**
 * Sends what Telegram sends, to a REST API's own URL in an emulator: its host goes into the header,
 * and the connection to the emulator.
 *
 * @param webhook.url as the stack's output has it
 * @param webhook.agent trusts the emulator
 */
export async function callWebhook(
  webhook: { readonly url: string; readonly endpoint: string; readonly agent: Agent },
  body: string,
  options: {
    readonly secret?: string;
    /** Address of this machine that the call comes from. */
    readonly from?: string;
    readonly method?: string;
    readonly path?: string;
  } = {},
): Promise<Reply> {
  const { hostname, pathname } = new URL(webhook.url);
  const endpoint = new URL(webhook.endpoint);
  const [api = ''] = hostname.split('.');
  for (let tries = 0; ; tries++) {
    const call = request({
      host: endpoint.hostname,
      port: endpoint.port,
      agent: webhook.agent,
      // What the emulator's certificate is for.
      servername: 'localhost',
      method: options.method ?? 'POST',
      path: options.path ?? pathname,
      localAddress: options.from ?? '127.0.0.1',
      headers: {
        host: `${api}.execute-api.localhost:${endpoint.port}`,
        'content-type': 'application/json',
        ...(options.secret !== undefined && { 'X-Telegram-Bot-Api-Secret-Token': options.secret }),
      },
    });
    call.end(body);
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    const chunks = (await response.toArray()) as Buffer[];
    const status = response.statusCode ?? 0;
    if (status !== 429 || tries === TRIES) {
      return { status, body: Buffer.concat(chunks).toString() };
    }
    await sleep(100);
  }
}
