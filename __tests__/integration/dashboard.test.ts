import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { addToDay } from '../../src/lake/days.ts';
import type {
  AnalysisList,
  AnalysisResult,
  ApiError,
  ConversationAround,
  FilterChoices,
  FoundRecord,
  RowsBehind,
} from '../../src/local/api.ts';
import { makePlace, type Place, startTestServer, type TestServer } from '../support/localServer.ts';

const ANA = 990_000_000_001;
const GROUP = -1_009_900_000_001;

/** 70 days up to yesterday: more than the server keeps in memory. */
const FIRST = '2026-09-12';
const DAYS = 70;

/** Noon of a day in São Paulo, Unix seconds. */
function noon(day: string): number {
  return Date.parse(`${day}T15:00:00Z`) / 1000;
}

function message(updateId: number, day: string, text: string, chat: number = ANA): object {
  const from = { id: ANA, is_bot: false, first_name: 'Ana', language_code: 'pt-br' };
  return {
    update_id: updateId,
    message: {
      message_id: updateId,
      from,
      chat:
        chat === ANA
          ? { id: chat, type: 'private', first_name: 'Ana' }
          : { id: chat, type: 'supergroup', title: 'Vizinhos' },
      date: noon(day) + (updateId % 1000),
      text,
    },
  };
}

let place: Place;
let server: TestServer;

async function store(day: string, name: string, content: string): Promise<void> {
  const file = join(place.folders.own, 'raw', 'telegram', `context_date=${day}`, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function get<T>(path: string): Promise<T> {
  const { status, body } = await server.get(`/api/lakes/own${path}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

beforeAll(async () => {
  place = await makePlace();
  for (let index = 0; index < DAYS; index++) {
    const day = addToDay(FIRST, index);
    const number = 1000 * (index + 1);
    const said = message(number, day, `Day ${index}`);
    if (index === 1) {
      // As a course's pipeline named its objects, and a day in one file.
      await store(day, '20260913120000000000.json', JSON.stringify(said));
      const lines = [message(number + 1, day, 'Olá'), message(number + 2, day, 'Oi', GROUP)];
      await store(day, 'batch.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'));
    } else {
      await store(day, `${number}.json`, JSON.stringify(said));
    }
  }
  server = await startTestServer(place);
  for (let index = 0; index < DAYS; index++) {
    await server.post('/api/lakes/own/close', { day: addToDay(FIRST, index) });
  }
});

afterAll(async () => {
  await server.close();
  await place.remove();
});

const PERIOD = 'from=2026-09-14&to=2026-09-16';

describe('analyses', () => {
  test('say their section, filters, and what lies behind', async () => {
    const { analyses } = (await server.get('/api/analyses')).body as AnalysisList;
    const perDay = analyses.find(({ name }) => name === 'messages_per_day');
    expect(perDay).toMatchObject({
      section: 'activity',
      filters: ['chats', 'topics'],
      rows: { of: 'messages', by: ['context_date'], numbers: [] },
    });
    expect(JSON.stringify(perDay?.rows)).not.toContain('where');
  });

  test('are compared with the period before', async () => {
    const { rows, before, sql } = await get<AnalysisResult>(
      `/analyses/messages_per_day?${PERIOD}&compare=1`,
    );
    expect(rows).toHaveLength(3);
    expect(before).toMatchObject({ from: '2026-09-11', to: '2026-09-13' });
    expect(before?.rows).toEqual([
      ['2026-09-13', 3],
      ['2026-09-12', 1],
    ]);
    expect(sql).toContain("BETWEEN DATE '2026-09-14' AND DATE '2026-09-16' -- period");
    const alone = await get<AnalysisResult>(`/analyses/messages_per_day?${PERIOD}`);
    expect(alone.before).toBeUndefined();
  });

  test('are narrowed to chats', async () => {
    const { rows } = await get<AnalysisResult>(
      `/analyses/messages_per_day?from=2026-09-12&to=2026-09-20&chats=${GROUP}`,
    );
    expect(rows).toEqual([['2026-09-13', 1]]);
  });

  test('offer chats and topics to filter by, busiest first', async () => {
    const { chats, topics } = await get<FilterChoices>('/filters?from=2026-09-12&to=2026-09-20');
    expect(chats).toEqual([
      { id: ANA, title: 'Ana', type: 'private', messages: 10 },
      { id: GROUP, title: 'Vizinhos', type: 'supergroup', messages: 1 },
    ]);
    expect(topics.find(({ intent }) => intent === 'pix')).toMatchObject({
      title: { pt: 'Pix' },
      questions: 0,
    });
  });

  test.each([
    [`from=2026-09-16&to=2026-09-14`, /2026-09-16 is after 2026-09-14/],
    [`from=2027-01-01&to=2027-01-31`, /after today, 2026-11-21/],
    [`from=2026-09-16`, /from and to go together/],
    [`from=&to=`, /not a day/],
    [`${PERIOD}&chats=x`, /no id of a chat/],
    [`${PERIOD}&topics=pix`, /cannot be narrowed to topics/],
  ])('say what is wrong with %s', async (query, message) => {
    const { status, body } = await server.get(`/api/lakes/own/analyses/sessions_per_day?${query}`);
    expect(status).toBe(400);
    expect((body as ApiError).error).toMatch(message);
  });
});

describe('rows behind a number', () => {
  const at = encodeURIComponent(JSON.stringify({ context_date: '2026-09-13' }));

  test('are those of the bar that was clicked', async () => {
    const { columns, rows, more, sql } = await get<RowsBehind>(
      `/analyses/messages_per_day/rows?from=2026-09-12&to=2026-09-20&at=${at}`,
    );
    expect(more).toBe(false);
    expect(rows.map((row) => row[columns.indexOf('text')])).toEqual(['Oi', 'Olá', 'Day 1']);
    // What the page does not show is not sent; a saved file has it.
    expect(columns).not.toContain('answer_text');
    expect(sql).toMatch(/^SELECT messages\.\*/);
  });

  test('follow the filters', async () => {
    const { rows } = await get<RowsBehind>(
      `/analyses/messages_per_day/rows?from=2026-09-12&to=2026-09-20&at=${at}&chats=${GROUP}`,
    );
    expect(rows).toHaveLength(1);
  });

  test('refuse what is no value', async () => {
    for (const [values, status] of [
      ['{"context_date":"yesterday"}', 400],
      ['{', 400],
      ['{"context_date":["2026-09-13"]}', 400],
    ] as const) {
      const { status: answered } = await server.get(
        `/api/lakes/own/analyses/messages_per_day/rows?${PERIOD}&at=${encodeURIComponent(values)}`,
      );
      expect(answered).toBe(status);
    }
  });
});

describe('files', () => {
  test.each([
    ['csv', 'text/csv; charset=utf-8', '\ufeffcontext_date,message_amount'],
    ['json', 'application/json', '[\n  {"context_date":"2026-09-16"'],
    ['parquet', 'application/vnd.apache.parquet', 'PAR1'],
  ])('%s of a result', async (format, type, beginning) => {
    const response = await fetch(
      `${server.url}/api/lakes/own/analyses/messages_per_day/export?${PERIOD}&format=${format}`,
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="messages_per_day_2026-09-14_2026-09-16.${format}"`,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('utf8').startsWith(beginning)).toBe(true);
  });

  test('CSV of rows, for a spreadsheet in Portuguese', async () => {
    const { body } = await server.get(
      `/api/lakes/own/analyses/messages_per_day/rows/export?${PERIOD}&format=csv&language=pt`,
    );
    const [, names = ''] = /^\ufeff?(.*)\r\n/.exec(String(body)) ?? [];
    expect(names.split(';')).toContain('answer_text');
    expect(String(body)).toContain('2026-09-16 12:00:');
  });

  test('are no tables for terminals', async () => {
    const path = `/api/lakes/own/analyses/messages_per_day/export?${PERIOD}&format=table`;
    expect((await server.get(path)).status).toBe(400);
  });
});

describe('an old conversation', () => {
  /** Beyond what is in memory: entries are the last ones only. */
  const find = (chat: number, day: string, update: number) =>
    get<FoundRecord>(`/chats/${chat}/find?day=${day}&update=${update}`);
  const around = (chat: number, { record }: FoundRecord, more = '') =>
    get<ConversationAround>(
      `/chats/${chat}/around?${String(new URLSearchParams({ key: record.key, line: String(record.line) }))}${more}`,
    );

  test('is not in memory any more', async () => {
    const { entries } = await get<{ entries: { text: string }[] }>(`/chats/${ANA}/entries`);
    expect(entries.map(({ text }) => text)).not.toContain('Day 0');
    expect(entries.map(({ text }) => text)).toContain('Day 69');
  });

  test.each([
    ['named after the update', '2026-09-12', 1000, '1000.json', 0],
    ["named by a course's clock", '2026-09-13', 2000, '20260913120000000000.json', 0],
    ['a line of several', '2026-09-13', 2001, 'batch.ndjson', 0],
  ])('an object %s is found', async (_, day, update, name, line) => {
    expect((await find(ANA, day, update)).record).toEqual({
      key: `telegram/context_date=${day}/${name}`,
      line,
    });
  });

  test('an update of another chat, or of none, is not', async () => {
    const paths = [
      `/api/lakes/own/chats/${GROUP}/find?day=2026-09-12&update=1000`,
      `/api/lakes/own/chats/${ANA}/find?day=2026-09-12&update=77`,
    ];
    for (const path of paths) expect((await server.get(path)).status).toBe(404);
    const both = `/api/lakes/own/chats/${ANA}/find?day=2026-09-12&update=1&time=2026-09-12T12:00:00`;
    expect((await server.get(both)).status).toBe(400);
  });

  test('is found by the time a session began', async () => {
    const { record } = await get<FoundRecord>(
      `/chats/${ANA}/find?day=2026-09-13&time=2026-09-13T12:00:01`,
    );
    expect(record.key).toContain('batch.ndjson');
  });

  test('is read around the update, over the border of days and of memory', async () => {
    const found = await find(ANA, '2026-09-13', 2001);
    const { entries, chat, earlier, later } = await around(ANA, found, '&before=1&after=2');
    expect(entries.map(({ text }) => text)).toEqual(['Day 1', 'Olá', 'Day 2', 'Day 3']);
    expect(chat).toMatchObject({ id: ANA, title: 'Ana', type: 'private' });
    expect([earlier, later]).toEqual([true, true]);
  });

  test('is whole when all of it is asked for', async () => {
    const found = await find(ANA, '2026-09-12', 1000);
    const { entries, earlier, later } = await around(ANA, found, '&before=10&after=500');
    expect(entries).toHaveLength(DAYS + 1);
    expect([earlier, later]).toEqual([false, false]);
  });

  test('shows no other object of the folder', async () => {
    const path = `/api/lakes/own/chats/${ANA}/around?key=lake.json`;
    expect((await server.get(path)).status).toBe(404);
  });
});
