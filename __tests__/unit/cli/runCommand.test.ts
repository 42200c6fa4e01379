import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Output } from '../../../src/cli/output.ts';
import { writeEnvelope } from '../../../src/lake/envelope.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';

const NOON = Date.parse('2026-11-21T15:00:00Z');

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'chatbot-'));
});
afterEach(async () => {
  await rm(data, { recursive: true, force: true });
});

/** Runs a command line; what it wrote and its exit code. */
async function chatbot(
  args: readonly string[],
  { env = {}, isTerminal = false, signal = new AbortController().signal } = {},
) {
  let out = '';
  let err = '';
  const output: Output = {
    print: (line) => (out += `${line}\n`),
    write: (content) => (out += Buffer.from(content).toString('latin1')),
    note: (line) => (err += `${line}\n`),
    progress: () => undefined,
    isTerminal,
    color: false,
  };
  const code = await runCommand(args, {
    env: { CHATBOT_DATA: data, ...env },
    output,
    now: () => NOON,
    signal,
  });
  return { code, out, err };
}

/** Puts a raw object into the own lake. */
async function store(name: string, content: string, day = '2026-11-21'): Promise<void> {
  const folder = join(data, 'own', 'raw', 'telegram', `context_date=${day}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
}

function update(id: number, date = NOON / 1000): string {
  return JSON.stringify({
    update_id: id,
    message: {
      message_id: id,
      date,
      chat: { id: 7, type: 'private', first_name: 'Ana' },
      from: { id: 7, is_bot: false, first_name: 'Ana' },
      text: 'Olá',
    },
  });
}

/** A raw object with an update that was received as it was sent. */
function envelope(id: number, date = NOON / 1000): string {
  const received_at = new Date(date * 1000).toISOString();
  return writeEnvelope({ source: 'telegram', received_at, answer: null }, update(id, date));
}

describe('help', () => {
  test.each([
    [['--help'], /serve[^]*etl[^]*query[^]*replay[^]*Exit codes: 0 done, 1 failed, 2 called/],
    [['serve', '--help'], /--port[^]*Examples:/],
    [['etl', '--help'], /--date[^]*--from[^]*Examples:/],
    [['query', '--help'], /--format[^]*"parquet"[^]*Examples:/],
    [['replay', '--help'], /--body[^]*Examples:/],
  ])('%j says it', async (args, says) => {
    expect(await chatbot(args)).toMatchObject({
      code: 0,
      out: expect.stringMatching(says),
      err: '',
    });
  });

  test('needs no valid configuration', async () => {
    expect((await chatbot(['etl', '--help'], { env: { CHATBOT_ZONE: 'Mars' } })).code).toBe(0);
  });
});

describe('wrong usage is told from failure', () => {
  test.each<[readonly string[], RegExp]>([
    [['fly'], /unknown command/],
    [['etl', '--date'], /argument missing/],
    [['etl', '--date', '2026-02-30'], /no day 2026-02-30/],
    [['etl', '--date', 'yesterday'], /YYYY-MM-DD/],
    [['etl', '--date', '2026-11-21', '--from', '2026-11-20'], /not both/],
    [['etl', '--from', '2026-11-20'], /--from and --to/],
    [['etl', '--from', '2026-11-22', '--to', '2026-11-20'], /ends before it starts/],
    [['etl', '--lake', 'theirs'], /no lake theirs/],
    [['etl', '--lake', '../x'], /a-z, 0-9/],
    [['etl', '--lake', 'sample'], /no sample lake .* chatbot serve/],
    [['query'], /query --list/],
    [['query', 'nothing'], /there are messages_per_day, messages_per_user_per_day/],
    [['query', 'messages_per_day', '--sql', 'x.sql'], /not both/],
    [['query', '--sql', '/nowhere/x.sql'], /cannot be read/],
    [['query', '--sql', 'x.sql', '--from', '2026-11-20', '--compare'], /--from, --compare/],
    [['query', 'messages_per_day', '--chats', '1,two'], /"two" is no id of a chat/],
    [['query', 'messages_per_day', '--topics', ','], /Nothing is named/],
    [['query', 'messages_per_day', '--on', 'paper'], /local, athena/],
    [['query', 'messages_per_day', '--on', 'athena', '--lake', 'sample'], /only on this machine/],
    [['query', 'messages_per_day', '--reuse', '20000'], /0 to 10080/],
    [
      ['query', 'messages_per_day', '--from', '2026-11-21', '--to', '2026-11-20'],
      /--from 2026-11-21 is after --to 2026-11-20/,
    ],
    [
      ['query', 'messages_per_day', '--from', '2026-11-22', '--to', '2026-11-23'],
      /--from 2026-11-22 is in the future: today is 2026-11-21/,
    ],
    [['query', 'reactions', '--topics', 'pix'], /cannot be narrowed to topics/],
    [['query', 'messages_per_day', '--from', '2026-11-20'], /two ends/],
    [['query', 'messages_per_day', '--from', '', '--to', ''], /"" is not a day/],
    [['query', 'messages_per_day', '--format', 'xml'], /table, csv, json, parquet/],
    [['replay', '--body', 'x'], /--key/],
    [['replay', '--day', '2026-11-21', '--key', 'x'], /not both/],
    [['serve', '--port', '70000'], /0 to 65535/],
    [['serve', '--port', 'http'], /0 to 65535/],
  ])('%j', async (args, says) => {
    expect(await chatbot(args)).toEqual({ code: 2, out: '', err: expect.stringMatching(says) });
  });

  test('a wrong setting', async () => {
    const { code, err } = await chatbot(['etl'], { env: { CHATBOT_ZONE: 'Mars' } });
    expect([code, err]).toEqual([2, expect.stringContaining('CHATBOT_ZONE is "Mars"')]);
  });

  test('Parquet on a terminal', async () => {
    const args = ['query', 'messages_per_day', '--format', 'parquet'];
    expect(await chatbot(args, { isTerminal: true })).toMatchObject({
      code: 2,
      err: expect.stringContaining('--output'),
    });
  });

  test('a lake that another program broke is a failure, without a stack unless DEBUG is set', async () => {
    await mkdir(join(data, 'own', 'raw'), { recursive: true });
    await writeFile(join(data, 'own', 'raw', 'lake.json'), 'nonsense');
    const quiet = await chatbot(['etl']);
    expect(quiet).toMatchObject({ code: 1, err: expect.stringContaining('lake.json') });
    expect(quiet.err).not.toContain('    at ');
    expect((await chatbot(['etl'], { env: { DEBUG: '1' } })).err).toContain('    at ');
  });
});

test.each(['se cret', 'secret', '12345secret'])(
  'what cannot be a bot token ends serve at once, unprinted: %s',
  async (token) => {
    const { code, err } = await chatbot(['serve'], { env: { TELEGRAM_BOT_TOKEN: token } });
    expect([code, err]).toEqual([1, expect.stringContaining('This is no bot token')]);
    expect(err).not.toContain('cret');
  },
);

describe('etl', () => {
  test('runs one day and says what became of it', async () => {
    await store('1.json', envelope(1));
    await store('2.json', 'nonsense');
    const { code, out } = await chatbot(['etl', '--date', '2026-11-21']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^2026-11-21 +written +2 raw, 1 row, 1 rejected .*context_date=2026-11-21\/messages\.parquet\n$/,
    );
  });

  test('without a day, does yesterday and the day before', async () => {
    await store('1.json', envelope(1, NOON / 1000 - 86_400), '2026-11-20');
    const { out } = await chatbot(['etl', '--json']);
    const { runs } = JSON.parse(out) as { runs: unknown[] };
    expect(runs).toEqual([
      expect.objectContaining({ day: '2026-11-19', status: 'empty' }),
      expect.objectContaining({ day: '2026-11-20', status: 'written', rows: 1 }),
    ]);
  });

  test('does a range, and a day again only by force', async () => {
    await store('1.json', envelope(1));
    const range = ['etl', '--from', '2026-11-20', '--to', '2026-11-21'];
    await chatbot(range);
    expect((await chatbot(range)).out).toMatch(/2026-11-20 +empty[^]*2026-11-21 +unchanged/);
    expect((await chatbot([...range, '--force'])).out).toMatch(/2026-11-21 +written/);
  });

  test('ends when it is interrupted', async () => {
    await store('1.json', envelope(1));
    const result = await chatbot(['etl', '--date', '2026-11-21'], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ code: 1, err: 'Interrupted.\n' });
  });
});

describe('query', () => {
  beforeEach(async () => {
    await store('1.json', envelope(1));
    await store('2.json', envelope(2));
    await chatbot(['etl', '--date', '2026-11-21']);
  });
  const PERIOD = ['--from', '2026-11-01', '--to', '2026-11-21'];

  test('lists the analyses with their questions', async () => {
    expect((await chatbot(['query', '--list'])).out).toMatch(
      /^messages_per_day +Quantas mensagens/m,
    );
    const json = JSON.parse((await chatbot(['query', '--list', '--json'])).out) as unknown[];
    expect(json).toContainEqual(expect.objectContaining({ name: 'messages_per_day' }));
  });

  test.each<[readonly string[], string | RegExp]>([
    [['--format', 'table'], /2026-11-21 +│ +2 │/],
    [['--format', 'csv'], /context_date,message_amount\r\n2026-11-21,2\r\n$/],
    [['--json'], '[\n  {"context_date":"2026-11-21","message_amount":2}\n]\n'],
    [['--format', 'parquet'], /^PAR1[^]*PAR1$/],
  ])('writes the result as %j', async (options, result) => {
    const { code, out } = await chatbot(['query', 'messages_per_day', ...PERIOD, ...options]);
    expect(code).toBe(0);
    expect(Buffer.from(out, 'latin1').toString()).toMatch(result);
  });

  test('writes to a file', async () => {
    const file = join(data, 'result.csv');
    const { out, err } = await chatbot([
      'query',
      'messages_per_day',
      ...PERIOD,
      '--format',
      'csv',
      '--output',
      file,
    ]);
    expect(out).toBe('');
    expect(err).toMatch(/^1 row · \d+ ms · written to .*result\.csv\n$/);
    expect(await readFile(file, 'utf8')).toContain('2026-11-21,2');
  });

  test('says rows and time beside the result, not in it', async () => {
    const { out, err } = await chatbot(['query', 'messages_per_day', ...PERIOD]);
    expect(out).not.toContain('row');
    expect(err).toMatch(/^1 row · \d+ ms\n$/);
  });

  test('narrows to chats', async () => {
    const args = ['query', 'messages_per_day', ...PERIOD, '--json', '--chats'];
    expect(JSON.parse((await chatbot([...args, '7,-8'])).out)).toHaveLength(1);
    const none = await chatbot([...args, '-8']);
    expect(none).toMatchObject({ code: 0, out: '[]\n' });
    expect(none.err).toContain('Nothing of these chats or topics in these days.');
  });

  test('says of days to come that there is nothing yet', async () => {
    const { code, err } = await chatbot([
      ...['query', 'messages_per_day', '--from', '2026-11-20', '--to', '2026-12-31'],
    ]);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^2026-12-31 is in the future: .* after today, 2026-11-21\.\n1 row/),
    ]);
  });

  test('sets the period before beside it', async () => {
    await store('3.json', envelope(3, NOON / 1000 - 2 * 86_400), '2026-11-19');
    await chatbot(['etl', '--date', '2026-11-19']);
    const args = ['query', 'messages_per_day', '--from', '2026-11-20', '--to', '2026-11-21'];
    const csv = await chatbot([...args, '--compare', '--format', 'csv']);
    expect(Buffer.from(csv.out, 'latin1').toString()).toBe(
      '\ufeffcontext_date,message_amount,message_amount_before,message_amount_change\r\n' +
        '2026-11-21,2,1,1\r\n',
    );
    expect(JSON.parse((await chatbot([...args, '--compare', '--json'])).out)).toEqual({
      from: '2026-11-20',
      to: '2026-11-21',
      rows: [{ context_date: '2026-11-21', message_amount: 2 }],
      before: {
        from: '2026-11-18',
        to: '2026-11-19',
        rows: [{ context_date: '2026-11-19', message_amount: 1 }],
      },
    });
    // One row of numbers is read from top to bottom.
    const tiles = ['query', 'overview', ...args.slice(2), '--compare'];
    const table = Buffer.from((await chatbot(tiles)).out, 'latin1').toString();
    expect(table).toMatch(/│ column +│ +now │ +before │ +change │/);
    expect(table).toMatch(/│ message_amount +│ +2 │ +1 │ +1 │/);
    // Without a period, the 90 days up to today.
    const ninety = JSON.parse(
      (await chatbot([...args.slice(0, 2), '--compare', '--json'])).out,
    ) as {
      from: string;
      before: { from: string };
    };
    expect([ninety.from, ninety.before.from]).toEqual(['2026-08-24', '2026-05-26']);
  });

  test("runs a SELECT of one's own, and refuses what Athena would not understand alike", async () => {
    const file = join(data, 'own.sql');
    await writeFile(file, 'SELECT count(*) AS amount FROM telegram');
    expect((await chatbot(['query', '--sql', file, '--json'])).out).toBe('[\n  {"amount":2}\n]\n');
    await writeFile(file, 'DROP TABLE telegram');
    expect((await chatbot(['query', '--sql', file])).code).toBe(2);
  });
});

describe('replay', () => {
  test('brings back what was mended', async () => {
    expect((await chatbot(['replay'])).out).toBe('Nothing is rejected.\n');
    await store('1.json', envelope(1).slice(0, -3));
    await chatbot(['etl', '--date', '2026-11-21']);

    const still = await chatbot(['replay', '--day', '2026-11-21']);
    expect(still).toMatchObject({
      code: 1,
      err: expect.stringMatching(/did not come back: .*JSON/),
    });
    const key = /^(rejected\/\S+) did not/m.exec(still.err)?.[1] ?? '';

    const body = join(data, 'mended.json');
    await writeFile(body, envelope(1));
    const mended = await chatbot(['replay', '--key', key, '--body', body]);
    expect(mended).toMatchObject({ code: 0, err: '' });
    expect(mended.out).toContain('→ telegram/context_date=2026-11-21/1.json');
    expect((await chatbot(['etl', '--date', '2026-11-21'])).out).toContain('1 raw, 1 row');
  });
});

test('says what is wrong with the address of a Bot API server', async () => {
  for (const telegramApi of ['localhost:8081', 'http://', 'nowhere']) {
    const { code, err } = await chatbot(['webhook', 'info'], {
      env: { CHATBOT_TELEGRAM_API: telegramApi },
    });
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining(`CHATBOT_TELEGRAM_API is "${telegramApi}"`),
    });
  }
});
