import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';

/** Where the page is when nobody says otherwise. */
const DEFAULT_PORT = 8787;

/** Ports tried after the default one. */
const ATTEMPTS = 20;

/** The port is taken by another program. */
class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Listens on 127.0.0.1 only.
 *
 * @param port exactly this one (0: any free one); without it the default or the next free one
 * @throws PortTakenError when nothing is free
 */
export async function listen(
  app: Hono,
  port?: number,
): Promise<{ readonly server: ServerType; readonly port: number }> {
  const candidates =
    port === undefined
      ? Array.from({ length: ATTEMPTS }, (_, index) => DEFAULT_PORT + index)
      : [port];
  for (const candidate of candidates) {
    const server = createAdaptorServer({ fetch: app.fetch });
    try {
      server.listen(candidate, '127.0.0.1');
      await once(server, 'listening');
      return { server, port: (server.address() as AddressInfo).port };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new PortTakenError(
    port === undefined
      ? `No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + ATTEMPTS - 1} is free. Name one: --port 9000.`
      : `Port ${port} is taken by another program. Name another: --port ${port + 1}.`,
  );
}

/** How long requests have to end, milliseconds. */
const GRACE_MS = 2_000;

/** Takes no more requests and waits for those that are being answered. */
export async function stopListening(server: ServerType): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearTimeout(timer);
}
