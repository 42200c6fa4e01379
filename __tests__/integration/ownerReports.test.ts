import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { configSchema } from '../../src/config/config.ts';
import { type BotApiServer, startBotApiServer } from '../support/botApiServer.ts';
import {
  type Place,
  type TestServer,
  makePlace,
  NOON,
  startTestServer,
} from '../support/localServer.ts';
import { CAROL, CAROLS_CHAT, JAMES, JAMES_CHAT } from '../support/updates/people.ts';
import { waitFor } from '../support/waitFor.ts';

const OWNER = CAROLS_CHAT.id;
const DAY_MS = 86_400_000;

let place: Place;
let telegram: BotApiServer;
let server: TestServer | undefined;
let time: number;

beforeEach(async () => {
  place = await makePlace();
  telegram = await startBotApiServer();
  time = NOON;
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await telegram.close();
  await place.remove();
});

async function start({ digestHour = undefined as number | undefined, real = true } = {}) {
  server = await startTestServer(place, {
    config: configSchema.parse({ chats: 'any', ownerChat: OWNER, digestHour, language: 'pt' }),
    now: () => (time += 100),
    ...(real && { telegram: { token: telegram.token, apiUrl: telegram.url } }),
  });
}

function message(updateId: number, text: string, of: 'james' | 'owner', at = NOON): string {
  const [from, chat] = of === 'owner' ? [CAROL, CAROLS_CHAT] : [JAMES, JAMES_CHAT];
  const entities = text.startsWith('/')
    ? [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length }]
    : [];
  const date = Math.floor(at / 1000);
  return JSON.stringify({
    update_id: updateId,
    message: { message_id: updateId, from, chat, date, text, entities },
  });
}

const documents = () => telegram.calls.filter(({ method }) => method === 'sendDocument');
const notes = () =>
  (server?.reports ?? []).flatMap((report) => (report.type === 'note' ? [report.text] : []));
const answers = () => telegram.calls.filter(({ method }) => method === 'sendMessage');

describe('the owner of a real bot', () => {
  test('is given the report on demand, and nobody else', async () => {
    await start();
    telegram.push(1, message(1, '/report', 'james'));
    telegram.push(2, message(2, '/relatorio', 'owner'));
    await waitFor(
      'a report and two answers',
      () => documents().length === 1 && answers().length === 2,
    );
    const said = new Map(answers().map(({ params }) => [params['chat_id'], params['text']]));
    expect(said.get(OWNER)).toMatch(/Estou preparando o relatório/);
    expect(said.get(JAMES_CHAT.id)).toMatch(/I do not know that command/);
    expect(documents()[0]?.params).toMatchObject({
      chat_id: String(OWNER),
      caption: expect.stringMatching(/^Relatório, /),
      document: { name: 'report-2026-10-22-2026-11-20.html', type: 'text/html' },
    });
  });

  test('is told once of yesterday, which is closed first, however often the server starts', async () => {
    await start();
    telegram.push(1, message(1, 'Qual o horário?', 'james', NOON));
    await waitFor('an answer', () => answers().length === 1);
    await server?.close();
    expect(documents()).toEqual([]);

    time = NOON + DAY_MS;
    await start({ digestHour: 8 });
    await waitFor('the digest', () => documents().length === 1);
    expect(documents()[0]?.params).toMatchObject({
      chat_id: String(OWNER),
      caption: expect.stringMatching(
        /: sáb\., 21 de nov\. de 2026\s+Mensagens: 1\s+Pessoas: 1, 1 nova/,
      ),
    });
    await server?.close();
    await start({ digestHour: 8 });
    telegram.push(2, message(2, '/relatorio', 'owner', time));
    await waitFor('the report', () => documents().length === 2);
    expect(documents()[1]?.params['caption']).toMatch(/^Relatório/);
  });

  test('gets the digest later when Telegram is in trouble', async () => {
    telegram.fail('sendDocument', { error: 500, description: 'Internal Server Error' }, 2);
    await start({ digestHour: 8 });
    await waitFor('the third try', () => documents().length === 3);
    const sent = 'The digest of 2026-11-20 was sent.';
    await waitFor('the terminal', () => notes().includes(sent));
    expect(documents()).toHaveLength(3);
  });
});

describe('the owner in the simulator', () => {
  test('asks as on Telegram, and finds the report as a file', async () => {
    await start({ real: false });
    // Whoever has the owner's chat as their private one.
    const listed = await server?.get('/api/lakes/own/chats');
    const { chats } = listed?.body as unknown as {
      chats: { id: number; people: { id: number }[] }[];
    };
    const [first] = chats.filter(({ people }) => people.length === 1);
    await server?.close();
    server = await startTestServer(place, {
      config: configSchema.parse({ chats: 'any', ownerChat: first?.id }),
      now: () => (time += 100),
    });
    const done = await server.post(`/api/lakes/own/chats/${first?.id ?? 0}/actions`, {
      personId: first?.people[0]?.id,
      type: 'text',
      text: '/report',
    });
    expect(done.status).toBe(200);
    const folder = join(place.folders.own, 'reports');
    await waitFor('the terminal', () => notes().some((text) => text.includes(folder)));
    expect(await readdir(folder)).toEqual(['report-2026-10-22-2026-11-20.html']);
  });
});
