import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { runDays } from '../../functions/etl/runDays.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { readBytes } from '../../src/lake/objectStore.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { RUN, ZONE } from '../support/lakes.ts';
import { CAROL, CAROLS_CHAT, JAMES, SUPERGROUP } from '../support/updates/people.ts';

interface CourseMessage {
  readonly message_id: number;
  readonly from: { readonly id: number; readonly is_bot: boolean; readonly first_name: string };
  readonly chat: { readonly id: number; readonly type: string };
  readonly date: number;
  readonly text?: string;
  readonly photo?: unknown;
}

/** A raw object as a course's pipeline left it: the bare update, under the clock of its ingest. */
interface CourseObject {
  readonly day: string;
  /** `<YYYYMMDDHHMMSSffffff>.json`, the clock at UTC-3. */
  readonly name: string;
  readonly update: {
    readonly update_id: number;
    readonly message?: CourseMessage;
    readonly edited_message?: unknown;
  };
}

let updateId = 439_432_600;
let microseconds = 123_000;

function message(date: string, content: object, from: CourseMessage['from'] = CAROL) {
  const chat = from.id === CAROL.id ? CAROLS_CHAT : SUPERGROUP;
  const time = Date.parse(`${date}-03:00`) / 1000;
  updateId++;
  return {
    update_id: updateId,
    message: { message_id: updateId % 1000, from, chat, date: time, ...content },
  };
}

function stored(at: string, update: CourseObject['update']): CourseObject {
  const digits = at.replaceAll(/\D/g, '');
  microseconds++;
  return { day: at.slice(0, 10), name: `${digits}${microseconds}.json`, update };
}

const beforeMidnight = message('2026-02-03T23:59:58', { text: 'Ainda dá tempo?' });
const retried = message('2026-02-04T10:00:00', { text: 'Oi 😀' });
const overMidnight = message('2026-02-04T23:59:59', { text: 'boa noite' });
const tap = {
  update_id: 439_433_000,
  callback_query: { id: '1', from: CAROL, chat_instance: '1', data: 'x' },
};

const OBJECTS: readonly CourseObject[] = [
  // A day as the course means it: texts, each stored once.
  stored('2026-02-03T08:00:01', message('2026-02-03T08:00:00', { text: 'Bom dia' })),
  stored('2026-02-03T12:30:02', message('2026-02-03T12:30:00', { text: 'Where is it?' }, JAMES)),
  stored('2026-02-03T21:15:01', message('2026-02-03T21:15:00', { text: 'à noite, em UTC amanhã' })),
  // Received after midnight: the folder is the next day's.
  stored('2026-02-04T00:00:01', beforeMidnight),
  // A retry, stored twice.
  stored('2026-02-04T10:00:01', retried),
  stored('2026-02-04T10:00:03', retried),
  stored('2026-02-04T11:00:01', message('2026-02-04T11:00:00', { text: 'E o preço?' }, JAMES)),
  // A retry over midnight: once in each folder. So with a tap, which has no time of its own.
  stored('2026-02-04T23:59:59', overMidnight),
  stored('2026-02-05T00:00:02', overMidnight),
  stored('2026-02-04T23:59:59', { ...tap }),
  stored('2026-02-05T00:00:03', { ...tap }),
  // One message without text costs the course the whole day.
  stored('2026-02-05T09:00:01', message('2026-02-05T09:00:00', { text: 'Segue a foto' })),
  stored('2026-02-05T09:00:09', message('2026-02-05T09:00:08', { photo: [{ file_id: 'A' }] })),
  stored('2026-02-05T09:01:01', {
    update_id: 439_433_001,
    edited_message: {
      ...message('2026-02-05T09:00:00', { text: 'Segue a foto do defeito' }).message,
      edit_date: Date.parse('2026-02-05T09:01:00-03:00') / 1000,
    },
  }),
  stored(
    '2026-02-05T09:02:01',
    message('2026-02-05T09:02:00', { new_chat_members: [JAMES] }, JAMES),
  ),
];

const DAYS = ['2026-02-03', '2026-02-04', '2026-02-05'];

/** The course's eight columns. */
const COURSE_COLUMNS = [
  'message_id',
  'user_id',
  'user_is_bot',
  'user_first_name',
  'chat_id',
  'chat_type',
  'text',
  'date',
] as const;

/**
 * The course's ETL of a day: each object of its folder becomes a row of eight columns.
 *
 * @returns null when the day is lost: an object without `message`, or without text (its table has
 *   other columns then, and cannot be joined to the others)
 */
function courseRows(day: string): unknown[][] | null {
  const rows: unknown[][] = [];
  for (const { update } of OBJECTS.filter((object) => object.day === day)) {
    const { message: sent } = update;
    if (sent?.text === undefined) return null;
    const { message_id, from, chat, date, text } = sent;
    const row = [message_id, from.id, from.is_bot, from.first_name, chat.id, chat.type, text, date];
    rows.push(row);
  }
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), 'course-'));
const lake = {
  raw: new FolderStore(join(folder, 'raw')),
  enriched: new FolderStore(join(folder, 'enriched')),
  zone: ZONE,
};
const rowsByDay = new Map<string, Record<string, unknown>[]>();

beforeAll(async () => {
  for (const { day, name, update } of OBJECTS) {
    const path = join(folder, 'raw', 'telegram', `context_date=${day}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, name), JSON.stringify(update));
  }
  await runDays(lake, DAYS, { ...RUN, now: Date.UTC(2026, 1, 6, 4) });
  for (const day of DAYS) {
    rowsByDay.set(day, await readRows(await readBytes(lake.enriched, parquetKey(day))));
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function rowsOfDay(day: string): Record<string, unknown>[] {
  return rowsByDay.get(day) ?? [];
}

/** The course's columns of our rows, with numbers where the reader gives BigInts. */
function asCourse(rows: readonly Record<string, unknown>[]): unknown[][] {
  return rows.map((row) =>
    COURSE_COLUMNS.map((name) => {
      const value = row[name];
      return typeof value === 'bigint' ? Number(value) : value;
    }),
  );
}

describe("a course's raw folder, read in place", () => {
  test('a day that the course gets right is the same here, row by row', () => {
    const course = courseRows('2026-02-03');
    expect(course).toHaveLength(3);
    expect(asCourse(rowsOfDay('2026-02-03'))).toEqual(course);
  });

  test('a message belongs to the day of its folder, the clock of the ingest at UTC-3', () => {
    const ours = rowsOfDay('2026-02-04').find(
      (row) => row['update_id'] === BigInt(beforeMidnight.update_id),
    );
    expect(ours).toMatchObject({
      local_time: new Date('2026-02-03T23:59:58Z'),
      received_at: new Date('2026-02-04T03:00:01.123Z'),
      source: 'import',
    });
  });

  test('retries that the course counts twice count once', () => {
    const messages = rowsOfDay('2026-02-04').filter((row) => row['update_type'] === 'message');
    expect(messages.map((row) => row['text'])).toEqual([
      'Ainda dá tempo?',
      'Oi 😀',
      'boa noite',
      'E o preço?',
    ]);
    const texts = OBJECTS.filter(
      ({ day, update }) => day === '2026-02-04' && update.message?.text !== undefined,
    );
    expect(texts).toHaveLength(5);
  });

  test('a retry over midnight counts on the first day, also of a tap', () => {
    const shared = [BigInt(overMidnight.update_id), BigInt(tap.update_id)];
    const held = (day: string) =>
      rowsOfDay(day)
        .map((row) => row['update_id'])
        .filter((id) => shared.includes(id as bigint));
    expect(held('2026-02-04')).toEqual(shared);
    expect(held('2026-02-05')).toEqual([]);
  });

  test('a day that the course loses whole is here: photo, edit and somebody joining', () => {
    expect(courseRows('2026-02-05')).toBeNull();
    expect(
      rowsOfDay('2026-02-05').map(({ update_type, content_type, is_service, text }) => [
        update_type,
        content_type,
        is_service,
        text,
      ]),
    ).toEqual([
      ['message', 'text', false, 'Segue a foto'],
      ['message', 'photo', false, null],
      ['message', 'new_chat_members', true, null],
      ['edited_message', 'text', false, 'Segue a foto do defeito'],
    ]);
  });
});
