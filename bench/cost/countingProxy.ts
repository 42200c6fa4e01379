import { once } from 'node:events';
import { Agent, type IncomingMessage, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something before an emulator that counts what is asked of it. */
export interface CountingProxy {
  readonly url: string;
  /** Requests since the last time, by service and kind: `s3 GET`, `s3 LIST`, `ssm GetParameter`. */
  readonly take: () => Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

/** The kind of a request, as AWS charges for it. */
function kindOf({ method = '', url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', action = ''] = target.split('.');
    return `${service.replace('Amazon', '').toLowerCase()} ${action}`;
  }
  const { searchParams } = new URL(url, 'http://emulator');
  return `s3 ${method === 'GET' && searchParams.has('list-type') ? 'LIST' : method}`;
}

/** @param target where the emulator is */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  let counts: Record<string, number> = {};
  const server = createServer((incoming, response) => {
    const kind = kindOf(incoming);
    counts[kind] = (counts[kind] ?? 0) + 1;
    const { method, url: path, headers } = incoming;
    const asking = request({ agent, hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asking.on('error', () => response.destroy());
    incoming.pipe(asking);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    take: () => {
      const taken = counts;
      counts = {};
      return taken;
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
