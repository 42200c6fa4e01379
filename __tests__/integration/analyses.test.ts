import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import { AWKWARD_EVENTS } from '../support/awkwardEvents.ts';
import { AWKWARD_PERIOD, makeAwkwardLake } from '../support/awkwardLake.ts';
import { temporaryFolder } from '../support/folders.ts';

/**
 * The analyses once more, from the updates as Telegram sent them and by other means: Intl instead of
 * date-fns, loops instead of SQL.
 */
interface Counted {
  readonly updateId: number;
  readonly day: string;
  readonly userId: number | null;
  readonly firstName: string | null;
  readonly length: number | null;
  readonly year: number;
  readonly week: number;
  readonly weekday: number;
  readonly hour: number;
}

const CLOCK = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Sao_Paulo',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' },
});

interface TelegramMessage {
  readonly date: number;
  readonly from?: { readonly id: number; readonly is_bot: boolean; readonly first_name: string };
  readonly sender_chat?: object;
  readonly new_chat_members?: object;
  readonly text?: string;
  readonly caption?: string;
}

/** ISO 8601: the week that holds the year's first Thursday is week 1. */
function isoWeek(day: string): { readonly year: number; readonly week: number; weekday: number } {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  const thursday = new Date(date.getTime() + (4 - weekday) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return { year, week, weekday };
}

function countedMessages(): Counted[] {
  return AWKWARD_EVENTS.flatMap(({ update }): Counted[] => {
    const found = update['message'] ?? update['channel_post'] ?? update['business_message'];
    const message = found as TelegramMessage | undefined;
    if (message === undefined || message.new_chat_members) return [];
    const from = message.sender_chat ? undefined : message.from;
    if (from?.is_bot === true) return [];
    const parts = CLOCK.formatToParts(new Date(message.date * 1000));
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
    const day = `${part('year')}-${part('month')}-${part('day')}`;
    const written = message.text ?? message.caption;
    return [
      {
        updateId: update.update_id,
        day,
        userId: from?.id ?? null,
        firstName: from?.first_name ?? null,
        length: written === undefined ? null : Array.from(written).length,
        ...isoWeek(day),
        hour: Number(part('hour')),
      },
    ];
  });
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

const MESSAGES = countedMessages();

/** The name under which a user wrote last. */
function latestName(userId: number | null): string | null {
  const own = MESSAGES.filter((message) => message.userId === userId);
  return own.reduce((a, b) => (b.updateId > a.updateId ? b : a)).firstName;
}

/** Days newest first, then by a number, highest first, then by user; what is absent comes last. */
function inOrder(rows: (number | string | null)[][]): (number | string | null)[][] {
  const last = (value: number | string | null | undefined, absent: number): number =>
    typeof value === 'number' ? value : absent;
  return rows.sort(
    (a, b) =>
      String(b[2]).localeCompare(String(a[2])) ||
      last(b[3], -1) - last(a[3], -1) ||
      last(a[0], Infinity) - last(b[0], Infinity),
  );
}

describe('the four analyses equal what plain TypeScript counts', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let analytics: Engine;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeAwkwardLake(folder.path);
    analytics = await openAnalytics({
      enrichedFolder: `${folder.path}/enriched`,
      sqlFolder: 'sql',
    });
  });

  afterAll(async () => {
    analytics.close();
    await folder.remove();
  });

  const rowsOf = async (name: string) =>
    (await analytics.runAnalysis(name, { period: AWKWARD_PERIOD })).rows.map((row) => [...row]);

  test('the events are as awkward as they should be', () => {
    expect(AWKWARD_EVENTS).toHaveLength(27);
    expect(MESSAGES).toHaveLength(23);
  });

  test('messages per day', async () => {
    const expected = groupBy(MESSAGES, ({ day }) => day)
      .map((group) => [group[0]?.day, group.length])
      .sort((a, b) => String(b[0]).localeCompare(String(a[0])));
    expect(await rowsOf('messages_per_day')).toEqual(expected);
  });

  test('messages per user per day', async () => {
    const expected = groupBy(MESSAGES, ({ day, userId }) => `${day} ${userId}`).map((group) => {
      const userId = group[0]?.userId ?? null;
      return [userId, latestName(userId), group[0]?.day ?? '', group.length];
    });
    expect(await rowsOf('messages_per_user_per_day')).toEqual(inOrder(expected));
  });

  test('message length per user per day', async () => {
    const expected = groupBy(MESSAGES, ({ day, userId }) => `${day} ${userId}`).map((group) => {
      const userId = group[0]?.userId ?? null;
      const lengths = group.flatMap(({ length }) => length ?? []);
      // Math.round takes .5 up, as Trino does with what is positive.
      const sum = lengths.reduce((total, length) => total + length, 0);
      const average = lengths.length === 0 ? null : Math.round(sum / lengths.length);
      return [userId, latestName(userId), group[0]?.day ?? '', average];
    });
    expect(await rowsOf('message_length_per_user_per_day')).toEqual(inOrder(expected));
  });

  test('messages by hour and weekday', async () => {
    const cell = ({ year, week, weekday, hour }: Counted) => [year, week, weekday, hour];
    const expected = groupBy(MESSAGES, (message) => cell(message).join())
      .map((group) => [...group.slice(0, 1).flatMap(cell), group.length])
      .sort((a, b) => a.reduce((order, value, index) => order || value - (b[index] ?? 0), 0));
    expect(await rowsOf('messages_per_hour_and_weekday')).toEqual(expected);
  });

  test('per user and per day agree: no message is in one and not in the other', async () => {
    const [perDay, perUser, perHour] = await Promise.all([
      rowsOf('messages_per_day'),
      rowsOf('messages_per_user_per_day'),
      rowsOf('messages_per_hour_and_weekday'),
    ]);
    const total = (rows: readonly (readonly unknown[])[]) =>
      rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);
    expect(total(perDay)).toBe(MESSAGES.length);
    expect(total(perUser)).toBe(MESSAGES.length);
    expect(total(perHour)).toBe(MESSAGES.length);
  });

  test('a period takes its first and its last day, and no other', async () => {
    const { rows } = await analytics.runAnalysis('messages_per_day', {
      period: { from: '2020-12-31', to: '2021-01-01' },
    });
    expect(rows.map(([day]) => day)).toEqual(['2021-01-01', '2020-12-31']);
  });

  test('latest_messages holds each message once, as it reads now', async () => {
    const { rows } = await analytics.run(
      "SELECT text FROM latest_messages WHERE text LIKE 'Bom dia%'",
    );
    expect(rows).toEqual([['Bom dia a todos']]);
    const all = await analytics.run('SELECT count(*) FROM latest_messages');
    expect(all.rows).toEqual([[MESSAGES.length]]);
  });

  test('users tells when somebody was seen, on the clock of the lake', async () => {
    const { rows } = await analytics.run('SELECT * FROM users ORDER BY user_id');
    expect(rows).toEqual([
      [202, '2018-11-03T23:59:59', '2021-01-04T08:00:00'],
      [203, '2020-12-30T12:03:00', '2020-12-30T12:05:00'],
      [4_503_599_627_370_490, '2020-12-30T11:00:00', '2021-01-06T12:00:00'],
    ]);
  });
});
