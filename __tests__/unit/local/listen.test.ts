import { expect, test } from '@jest/globals';
import { Hono } from 'hono';

import { listen, stopListening } from '../../../src/local/http/listen.ts';

const app = new Hono();
app.get('/', (context) => context.text('here'));

test('the next free port is taken, unless one was asked for', async () => {
  const first = await listen(app);
  const second = await listen(app);
  expect(second.port).toBeGreaterThan(first.port);
  await expect(listen(app, first.port)).rejects.toThrow(/is taken .* --port/);
  expect(await (await fetch(`http://127.0.0.1:${second.port}/`)).text()).toBe('here');
  await stopListening(first.server);
  await stopListening(second.server);
  await expect(fetch(`http://127.0.0.1:${second.port}/`)).rejects.toThrow();
});

test('nobody else on the network can reach it', async () => {
  const { server } = await listen(app, 0);
  expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  await stopListening(server);
});
