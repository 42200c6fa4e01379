import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readParams } from './scriptedBotApi.ts';

/** A call that reached the server. */
export interface BotApiCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What the server answers to a call: a result, or an error as the Bot API gives it. */
export type BotApiReply =
  | { readonly result: unknown }
  | { readonly error: number; readonly description: string; readonly retryAfter?: number };

/** A Bot API server that keeps updates until they are confirmed, and fails as it is told. */
export interface BotApiServer {
  readonly url: string;
  readonly token: string;
  readonly calls: readonly BotApiCall[];
  /** Confirmed by an offset beyond them. */
  readonly confirmed: readonly number[];
  /** Puts an update into the queue, as JSON text. */
  push(updateId: number, json: string): void;
  /** Answers the next calls of a method in another way; `times` of them. */
  fail(method: string, reply: BotApiReply, times?: number): void;
  close(): Promise<void>;
}

const BOT = { id: 4242, is_bot: true, first_name: 'Loja', username: 'loja_real_bot' };

/** How long an empty `getUpdates` is held open: real servers do as long as they are asked. */
const HOLD_MS = 30;

export async function startBotApiServer(): Promise<BotApiServer> {
  const token = '4242:TEST_token-abc';
  const calls: BotApiCall[] = [];
  const queue = new Map<number, string>();
  const confirmed: number[] = [];
  const failures = new Map<string, BotApiReply[]>();

  const reply = async (method: string, params: BotApiCall['params']): Promise<string> => {
    const failure = failures.get(method)?.shift();
    if (failure && 'error' in failure) {
      const { error, description, retryAfter } = failure;
      return JSON.stringify({
        ok: false,
        error_code: error,
        description,
        ...(retryAfter !== undefined && { parameters: { retry_after: retryAfter } }),
      });
    }
    if (failure) return JSON.stringify({ ok: true, result: failure.result });
    if (method === 'getMe') return JSON.stringify({ ok: true, result: BOT });
    if (method === 'getWebhookInfo') return JSON.stringify({ ok: true, result: { url: '' } });
    if (method !== 'getUpdates') return JSON.stringify({ ok: true, result: true });
    const offset = typeof params['offset'] === 'number' ? params['offset'] : 0;
    for (const id of [...queue.keys()].filter((known) => known < offset)) {
      queue.delete(id);
      confirmed.push(id);
    }
    if (queue.size === 0) await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
    return `{"ok":true,"result":[${[...queue.values()].join(',\n')}]}`;
  };

  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
      const params = await readParams(Buffer.concat(chunks), request.headers['content-type']);
      calls.push({ method, params });
      const body =
        given === token
          ? await reply(method, params)
          : JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' });
      const { error_code: code = 200 } = JSON.parse(body) as { error_code?: number };
      response.writeHead(code, { 'content-type': 'application/json' }).end(body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    calls,
    confirmed,
    push: (updateId, json) => queue.set(updateId, json),
    fail(method, failure, times = 1) {
      const waiting = failures.get(method) ?? [];
      waiting.push(...Array.from({ length: times }, () => failure));
      failures.set(method, waiting);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
