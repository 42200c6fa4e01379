import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Refuses requests under a foreign name: a page elsewhere whose name was pointed at 127.0.0.1 (DNS
 * rebinding) would otherwise read the lake as if it were ours.
 *
 * @param port where this server listens
 */
export function onlyOwnHost(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    const own = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port()}`);
    if (!own.includes(host.toLowerCase())) {
      throw new HTTPException(403, { message: `This server does not answer for "${host}".` });
    }
    await next();
  };
}

/** Refuses what another site's page sends; programs without a browser send no such header. */
export const onlySameOrigin: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site') ?? 'none';
  const own = `http://${context.req.header('host') ?? ''}`;
  if ((origin !== undefined && origin !== own) || (site !== 'same-origin' && site !== 'none')) {
    throw new HTTPException(403, { message: 'Another site may not use this API.' });
  }
  await next();
};

/** Everything comes from this server; only styles may stand in the page, as its components do. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  // It is plain HTTP on this machine: nothing to upgrade, nothing to remember.
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
});
