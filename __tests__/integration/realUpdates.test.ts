import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { serve } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { DayRun } from '../../functions/etl/dayRun.ts';
import { runDays } from '../../functions/etl/runDays.ts';
import { createWebhookHandler } from '../../functions/webhook/handler.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { openLake } from '../../src/lake/lake.ts';
import { webhookRoute } from '../../src/local/http/webhookRoute.ts';
import { temporaryFolder } from '../support/folders.ts';
import { RUN, ZONE } from '../support/lakes.ts';
import { describeWithTestData } from '../support/testData.ts';

const SECRET = 'correct-horse_battery-staple';
const RECEIVED = '2026-01-15T12:00:00.125Z';

/** Days of the updates by their own time in São Paulo; those without one were received on the last. */
const DAYS = [
  '2015-09-07',
  '2020-07-29',
  '2022-02-12',
  '2024-07-18',
  '2024-07-21',
  '2024-07-26',
  '2024-08-16',
  '2026-01-15',
];

/** Columns that are alike in all rows, unless told otherwise. */
const COMMON = {
  source: 'telegram',
  received_at: '2026-01-15T12:00:00.125',
  is_service: false,
  is_forward: false,
};

/** Each row, without its nulls, by day and number. */
const EXPECTED: readonly Readonly<Record<string, unknown>>[] = [
  {
    context_date: '2015-09-07',
    message_id: 1365,
    user_id: 1111111,
    user_is_bot: false,
    user_first_name: 'Test',
    chat_id: 1111111,
    chat_type: 'private',
    text: '/start',
    date: 1441645532,
    update_id: 10000,
    update_type: 'message',
    local_time: '2015-09-07T14:05:32',
    content_type: 'text',
    text_length: 6,
    user_username: 'Test',
    command: 'start',
  },
  {
    context_date: '2015-09-07',
    message_id: 1365,
    user_id: 1111111,
    user_is_bot: false,
    user_first_name: 'Test Firstname',
    chat_id: 1111111,
    chat_type: 'private',
    text: 'Bold and italics',
    date: 1441645532,
    update_id: 10000,
    update_type: 'message',
    local_time: '2015-09-07T14:05:32',
    content_type: 'text',
    text_length: 16,
    user_username: 'Testusername',
    reply_to_message_id: 1334,
    is_forward: true,
    question_key: 'bold italics',
  },
  {
    context_date: '2020-07-29',
    message_id: 35410,
    user_id: 408258968,
    user_is_bot: false,
    user_first_name: 'Hirrolot',
    chat_id: -1001276785818,
    chat_type: 'supergroup',
    date: 1596014550,
    update_id: 573255266,
    update_type: 'message',
    local_time: '2020-07-29T06:22:30',
    content_type: 'dice',
    user_username: 'hirrolot',
    user_language_code: 'en',
    chat_title: 'bla bla bla chat',
  },
  {
    context_date: '2022-02-12',
    user_id: 0,
    user_is_bot: false,
    user_first_name: 'FN',
    chat_id: 0,
    chat_type: 'private',
    date: 1644677726,
    update_id: 0,
    update_type: 'my_chat_member',
    local_time: '2022-02-12T11:55:26',
    user_username: 'UN',
    member_user_id: 1,
    member_status_old: 'member',
    member_status_new: 'kicked',
  },
  {
    context_date: '2024-07-18',
    message_id: 35,
    user_id: 1459074222,
    user_is_bot: false,
    user_first_name: 'shadowchain',
    chat_id: -1002184233434,
    chat_type: 'supergroup',
    date: 1721306082,
    update_id: 71651249,
    update_type: 'message_reaction',
    local_time: '2024-07-18T09:34:42',
    user_username: 'shdwchn10',
    user_language_code: 'en',
    chat_title: 'Test',
    reaction: '🌭',
  },
  {
    context_date: '2024-07-18',
    message_id: 36,
    chat_id: -1002236736395,
    chat_type: 'channel',
    date: 1721306391,
    update_id: 71651251,
    update_type: 'message_reaction_count',
    local_time: '2024-07-18T09:39:51',
    chat_title: 'Test',
    reaction: '🗿,🌭',
  },
  {
    context_date: '2024-07-21',
    message_id: 134545,
    user_id: 6962620676,
    user_is_bot: false,
    user_first_name: 'Wert',
    chat_id: -1001293752024,
    chat_type: 'supergroup',
    date: 1721592028,
    update_id: 439432599,
    update_type: 'message',
    local_time: '2024-07-21T17:00:28',
    content_type: 'story',
    user_username: 'WertCrypto',
    chat_title: 'CryptoInside Chat',
  },
  {
    context_date: '2024-07-21',
    message_id: 134546,
    user_id: 5964236329,
    user_is_bot: false,
    user_first_name: 'the Cable Guy',
    chat_id: -1001293752024,
    chat_type: 'supergroup',
    text: '/report',
    date: 1721592580,
    update_id: 439432600,
    update_type: 'message',
    local_time: '2024-07-21T17:09:40',
    content_type: 'text',
    text_length: 7,
    user_username: 'spacewhaleblues',
    user_language_code: 'en',
    chat_title: 'CryptoInside Chat',
    message_thread_id: 134545,
    reply_to_message_id: 134545,
    command: 'report',
  },
  {
    context_date: '2024-07-26',
    user_id: 1459074222,
    user_is_bot: false,
    user_first_name: 'shadowchain',
    chat_id: -1002236736395,
    chat_type: 'channel',
    date: 1721999621,
    update_id: 71651297,
    update_type: 'removed_chat_boost',
    local_time: '2024-07-26T10:13:41',
    user_username: 'shdwchn10',
    user_language_code: 'en',
    chat_title: 'Test',
  },
  {
    context_date: '2024-08-16',
    message_id: 2,
    chat_id: -1002199793788,
    chat_type: 'supergroup',
    date: 1723798597,
    update_id: 767844136,
    update_type: 'message_reaction',
    local_time: '2024-08-16T05:56:37',
    sender_chat_id: -1002199793788,
    chat_title: 'тест',
    reaction: '',
  },
  {
    context_date: '2026-01-15',
    update_id: 1,
    update_type: 'unknown',
    local_time: '2026-01-15T09:00:00.125',
  },
  {
    context_date: '2026-01-15',
    update_id: 1,
    update_type: 'unknown',
    local_time: '2026-01-15T09:00:00.125',
  },
  {
    context_date: '2026-01-15',
    user_id: 42,
    user_is_bot: false,
    user_first_name: 'blah',
    update_id: 2,
    update_type: 'poll_answer',
    local_time: '2026-01-15T09:00:00.125',
  },
];

describeWithTestData('real updates go the whole way, HTTP → raw → Parquet → SQL', (data) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let rows: Record<string, unknown>[];
  let statuses: number[];
  let runs: readonly DayRun[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    const enrichedFolder = join(folder.path, 'enriched');
    const lake = await openLake({
      raw: new FolderStore(join(folder.path, 'raw')),
      enriched: new FolderStore(enrichedFolder),
      zone: ZONE,
    });
    const now = () => Date.parse(RECEIVED);
    const handler = createWebhookHandler({
      lake,
      secrets: () => Promise.resolve({ current: SECRET }),
      bot: { decide: () => null },
      chats: { chats: 'any', staffChats: [] },
      source: 'telegram',
      now,
    });
    const { fetch: app } = webhookRoute('/telegram', handler, now);
    const server = serve({ fetch: app, hostname: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    statuses = [];
    // Twice each, as Telegram does when it heard no answer.
    for (const { update } of data.updates.flatMap((one) => [one, one])) {
      const response = await fetch(`http://127.0.0.1:${port}/telegram`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-telegram-bot-api-secret-token': SECRET,
        },
        body: JSON.stringify(update),
      });
      statuses.push(response.status);
    }
    server.close();
    await once(server, 'close');

    ({ runs } = await runDays(lake, DAYS, RUN));
    const analytics = await openAnalytics({ enrichedFolder, sqlFolder: 'sql' });
    const result = await analytics.run(
      'SELECT * FROM telegram ORDER BY context_date, update_id, text',
    );
    analytics.close();
    rows = result.rows.map((row) =>
      Object.fromEntries(
        result.columns.flatMap((name, index) => {
          const value = row[index];
          return value === null ? [] : [[name, value]];
        }),
      ),
    );
  });

  afterAll(() => folder.remove());

  test('each is taken, also when it comes again', () => {
    expect(statuses).toEqual(data.updates.flatMap(() => [200, 200]));
  });

  test('each has one row, column by column', () => {
    expect(runs.map(({ status }) => status)).toEqual(DAYS.map(() => 'written'));
    expect(rows).toEqual(EXPECTED.map((row) => ({ ...COMMON, ...row })));
  });
});
