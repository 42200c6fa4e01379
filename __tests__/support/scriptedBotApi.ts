import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that the stand-in for the Bot API got. */
export interface BotApiRequest {
  readonly token: string;
  readonly method: string;
  /** Of a form, its fields; of a file in it, name, type and text. */
  readonly params: Record<string, unknown>;
}

/** Reads a body: JSON, or a form with files. */
export async function readParams(
  body: Buffer<ArrayBuffer>,
  contentType = '',
): Promise<Record<string, unknown>> {
  if (!contentType.startsWith('multipart/form-data')) {
    return JSON.parse(body.toString() || '{}') as Record<string, unknown>;
  }
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- of large bodies, which tests have none of
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const fields = [...form].map(async ([name, value]) => [
    name,
    typeof value === 'string'
      ? value
      : { name: value.name, type: value.type, text: await value.text() },
  ]);
  return Object.fromEntries(await Promise.all(fields)) as Record<string, unknown>;
}

/** What it answers: a result, or an error with Telegram's code and words. */
export type BotApiReply =
  { readonly result: unknown } | { readonly code: number; readonly description: string };

/** A stand-in for the Bot API on this machine. */
export interface BotApiServer {
  readonly url: string;
  /** The calls so far. */
  readonly requests: BotApiRequest[];
  readonly stop: () => Promise<void>;
}

/** @param reply decides what each call gets */
export async function startBotApi(
  reply: (request: BotApiRequest) => BotApiReply | Promise<BotApiReply>,
): Promise<BotApiServer> {
  const requests: BotApiRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(incoming.url ?? '') ?? [];
      const respond = async (): Promise<void> => {
        const params = await readParams(Buffer.concat(chunks), incoming.headers['content-type']);
        const request = { token, method, params };
        requests.push(request);
        const given = await reply(request);
        const body =
          'result' in given
            ? { ok: true, result: given.result }
            : { ok: false, error_code: given.code, description: given.description };
        response
          .writeHead('code' in given ? given.code : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      };
      void respond();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
