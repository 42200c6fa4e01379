import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { runDays } from '../../../functions/etl/runDays.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';
import { daysInRange } from '../../../src/lake/days.ts';
import { writeEnvelope } from '../../../src/lake/envelope.ts';
import { rawKey } from '../../../src/lake/keys.ts';
import { openFolderLake } from '../../../src/local/localLake.ts';
import { type BotApiServer, startBotApiServer } from '../../support/botApiServer.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');
const ZONE = 'America/Sao_Paulo';

let data: string;
let telegram: BotApiServer;

async function chatbot(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let out = '';
  let err = '';
  const code = await runCommand(args, {
    env: { CHATBOT_DATA: data, CHATBOT_TELEGRAM_API: telegram.url, ...env },
    output: {
      print: (line) => (out += `${line}\n`),
      write: (content) => (out += Buffer.from(content).toString()),
      note: (line) => (err += `${line}\n`),
      progress: () => undefined,
      isTerminal: false,
      color: false,
    },
    now: () => NOW,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

/** A lake with one message on the 18th and two on the 20th, by people whose names are code. */
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'chatbot-'));
  telegram = await startBotApiServer();
  const lake = await openFolderLake(join(data, 'own'), ZONE);
  for (const [id, day] of [
    [1, '2026-11-18'],
    [2, '2026-11-20'],
    [3, '2026-11-20'],
  ] as const) {
    const time = Date.parse(`${day}T15:00:00Z`);
    const from = { id: 7 + id, is_bot: false, first_name: `<script>alert(${id})</script>` };
    const update = JSON.stringify({
      update_id: id,
      message: {
        ...{ message_id: id, date: time / 1000, from, text: 'Quero <b>vaso</b>' },
        chat: { ...from, type: 'private' },
      },
    });
    const received_at = new Date(time).toISOString();
    await lake.raw.put(
      rawKey(day, id),
      Buffer.from(writeEnvelope({ source: 'telegram', received_at, answer: null }, update)),
    );
  }
  await runDays(lake, daysInRange('2026-11-18', '2026-11-20'), { now: NOW, rawRetentionDays: 365 });
});
afterAll(async () => {
  await telegram.close();
  await rm(data, { recursive: true, force: true });
});

describe('chatbot report', () => {
  test('writes one file and says which', async () => {
    const file = join(data, 'november.html');
    const days = ['--from', '2026-11-01', '--to', '2026-11-20'];
    expect(await chatbot(['report', ...days, '--output', file])).toEqual({
      code: 0,
      out: expect.stringMatching(/november\.html: \d+ kB\n$/),
      err: '',
    });
    const html = await readFile(file, 'utf8');
    expect(html).toContain('<html lang="pt-BR">');
    expect(html).toContain('&lt;script&gt;alert(3)&lt;/script&gt;');
    expect(/<script/.exec(html)).toBeNull();
    expect(html).toContain('<div class="value">3</div>');
  });

  test('writes to standard output, in another language, of some chats', async () => {
    const { code, out } = await chatbot([
      ...['report', '--from', '2026-11-01', '--to', '2026-11-20'],
      ...['--lang', 'en', '--chats', '8', '--output', '-'],
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
    expect(out).toContain('Only these chats: 8.');
    expect(out).toContain('<div class="value">1</div>');
  });

  test('says what is not in the table yet, and of empty days that they are', async () => {
    const file = join(data, 'r.html');
    const until = (to: string) =>
      chatbot(['report', '--from', '2026-11-19', '--to', to, '--output', file]);
    expect((await until('2026-11-21')).err).toBe(
      'The last day in the table is 2026-11-20: later ones are not counted yet.\n',
    );
    const empty = await chatbot([
      ...['report', '--from', '2026-01-01', '--to', '2026-01-02'],
      ...['--output', file, '--json'],
    ]);
    expect(JSON.parse(empty.out)).toMatchObject({
      file,
      isEmpty: true,
      lastClosed: null,
      period: { from: '2026-01-01', to: '2026-01-02' },
    });
    expect(empty.err).toMatch(/Nothing is in the table .* chatbot etl --from 2026-01-01/);
  });

  test.each<[readonly string[], RegExp]>([
    [['--from', '2026-11-20', '--to', '2026-11-19'], /2026-11-20 is after 2026-11-19/],
    [
      ['--from', '2026-11-22', '--to', '2026-11-23'],
      /2026-11-22 is in the future: today is 2026-11-21/,
    ],
    [['--from', '2026-11-20'], /two ends/],
    [['--from', '2026-11-31', '--to', '2026-11-31'], /no day 2026-11-31/],
    [['--lang', 'es'], /pt, en/],
    [['--chats', 'me'], /"me" is no id of a chat/],
    [['--on', 'athena', '--lake', 'sample'], /only on this machine/],
    [['--lake', 'theirs'], /no lake theirs/],
    [['--output', '/no/such/folder/r.html'], /no folder \/no\/such\/folder/],
  ])('%j is wrong usage', async (args, says) => {
    expect(await chatbot(['report', ...args])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(says),
    });
  });
});

describe('chatbot digest', () => {
  const BOT = { CHATBOT_OWNER_CHAT: '42' };

  test('shows a day, and writes the report that would come with it', async () => {
    const file = join(data, 'digest.html');
    const { code, out } = await chatbot(['digest', '--dry-run', '--lang', 'en', '--output', file]);
    expect(code).toBe(0);
    expect(out).toMatch(/^chatbot: Fri, 20 Nov 2026\n\nMessages: 2 \(▲ 300%\)\nPeople: 2/);
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(telegram.calls).toEqual([]);
  });

  test('sends a day once, and again where that is said', async () => {
    const env = { ...BOT, TELEGRAM_BOT_TOKEN: telegram.token };
    const send = (...args: string[]) => chatbot(['digest', '--date', '2026-11-18', ...args], env);
    expect(await send()).toEqual({
      code: 0,
      out: 'The digest of 2026-11-18 was sent to chat 42.\n',
      err: '',
    });
    expect((await send()).out).toMatch(/was sent before; to send it again: --again/);
    expect(JSON.parse((await send('--again', '--json')).out)).toEqual({
      day: '2026-11-18',
      sent: true,
    });
    expect(telegram.calls.map(({ method }) => method)).toEqual(['sendDocument', 'sendDocument']);
  });

  test('that Telegram refuses is a failure', async () => {
    telegram.fail('sendDocument', { error: 403, description: 'Forbidden: blocked' });
    const { code, err } = await chatbot(['digest', '--date', '2026-11-19'], {
      ...BOT,
      TELEGRAM_BOT_TOKEN: telegram.token,
    });
    expect(code).toBe(1);
    expect(err).toContain('403 Forbidden: blocked');
  });

  test.each<[readonly string[], Readonly<Record<string, string>>, RegExp]>([
    [[], {}, /set ownerChat \(CHATBOT_OWNER_CHAT\), or add --dry-run/],
    [[], BOT, /set TELEGRAM_BOT_TOKEN, or add --dry-run/],
    [['--date', '2026-11-21'], BOT, /2026-11-21 is not over yet/],
    [['--on', 'athena'], BOT, /the function "report" sends digests/],
    [['--lake', 'sample'], BOT, /your own lake/],
    [['--dry-run', '--output', '/no/such/r.html'], BOT, /no folder \/no\/such/],
  ])('%j with %j is wrong usage', async (args, env, says) => {
    expect(await chatbot(['digest', ...args], env)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(says),
    });
  });
});
