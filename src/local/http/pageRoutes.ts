import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

import { pageHeaders } from './guards.ts';

/** Vite's file names carry a hash of the content: what was fetched once never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The built page; every other path is a screen of it, which index.html finds by the URL. */
export function pageRoutes(folder: string): Hono {
  const app = new Hono();
  app.use(pageHeaders);
  app.use(
    '/assets/*',
    serveStatic({
      root: folder,
      onFound: (_path, context) => {
        context.header('cache-control', FOREVER);
      },
    }),
  );
  app.get('/assets/*', (context) => context.notFound());
  app.use('*', async (context, next) => {
    context.header('cache-control', 'no-cache');
    await next();
  });
  app.get('*', serveStatic({ root: folder }));
  app.get('*', serveStatic({ root: folder, path: 'index.html' }));
  return app;
}
