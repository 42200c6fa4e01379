import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { type Place, putComment } from '../../../scripts/plan/comment.ts';

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

/** GitHub's comments of one pull request, as far as they go here. */
let comments: Comment[];
let requests: string[];
let server: Server;
let place: Place;

beforeEach(async () => {
  comments = [];
  requests = [];
  server = createServer((request, response) => {
    void (async () => {
      const { method = '', headers } = request;
      const url = new URL(request.url ?? '', 'http://localhost');
      requests.push(`${method} ${url.pathname}`);
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const answer = (status: number, body: unknown): void => {
        response.writeHead(status).end(JSON.stringify(body));
      };
      if (headers.authorization !== 'Bearer good') {
        answer(401, { message: 'Bad credentials' });
        return;
      }
      if (method === 'GET') {
        const page = Number(url.searchParams.get('page'));
        const size = Number(url.searchParams.get('per_page'));
        answer(200, comments.slice((page - 1) * size, page * size));
        return;
      }
      const { body } = JSON.parse(text) as { body: string };
      if (method === 'POST') {
        comments.push({ id: 1000 + comments.length, body, user: { type: 'Bot' } });
        answer(201, comments.at(-1));
        return;
      }
      const id = Number(url.pathname.split('/').at(-1));
      comments = comments.map((each) => (each.id === id ? { ...each, body } : each));
      answer(200, {});
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  place = { api: `http://127.0.0.1:${port}`, repository: 'acme/bot', number: 7, token: 'good' };
});

afterEach(async () => {
  server.close();
  await once(server, 'close');
});

describe("a plan's comment", () => {
  test('is written once, and kept up to date from then on', async () => {
    await putComment(place, 'dev', 'first');
    await putComment(place, 'dev', 'second');
    expect(comments.map(({ body }) => body)).toEqual(['<!-- plan of dev -->\nsecond']);
    expect(requests.filter((line) => !line.startsWith('GET'))).toEqual([
      'POST /repos/acme/bot/issues/7/comments',
      'PATCH /repos/acme/bot/issues/comments/1000',
    ]);
  });

  test('is found behind many others, and apart from those of people and other stages', async () => {
    const others = Array.from({ length: 150 }, (_, id) => ({
      id,
      body: '<!-- plan of dev -->\nquoted by somebody',
      user: { type: 'User' },
    }));
    comments = [...others];
    await putComment(place, 'prod', 'of prod');
    await putComment(place, 'dev', 'first');
    await putComment(place, 'dev', 'second');
    expect(comments.slice(0, 150)).toEqual(others);
    expect(comments.slice(150).map(({ body }) => body)).toEqual([
      '<!-- plan of prod -->\nof prod',
      '<!-- plan of dev -->\nsecond',
    ]);
  });

  test('is cut to what GitHub takes', async () => {
    await putComment(place, 'dev', 'x'.repeat(100_000));
    expect(comments[0]?.body).toHaveLength(65_536);
    expect(comments[0]?.body).toMatch(/… and more: see the summary of the run\.$/);
  });

  test('that GitHub refuses is an error with its words', async () => {
    await expect(putComment({ ...place, token: 'bad' }, 'dev', 'text')).rejects.toThrow(
      /^GitHub answers 401 to GET .*Bad credentials/,
    );
  });
});
