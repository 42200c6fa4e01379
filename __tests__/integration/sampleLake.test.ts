import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import { createBot } from '../../src/bot/bot.ts';
import type { Bot } from '../../src/bot/bot.ts';
import { loadKnowledge } from '../../src/bot/knowledge.ts';
import { createNgramMatcher } from '../../src/bot/ngramMatcher.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { dayPrefix, parquetKey } from '../../src/lake/keys.ts';
import { sampleEvents } from '../../src/local/sample/events.ts';
import type { SampleEvent } from '../../src/local/sample/events.ts';
import { makeSampleLake } from '../../src/local/sample/sampleLake.ts';
import { temporaryFolder } from '../support/folders.ts';

const ZONE = 'America/Sao_Paulo';
const TODAY = '2026-11-22';
/** Half past three in the afternoon of that day. */
const NOW = Date.parse('2026-11-22T18:30:00Z');
const FIRST_DAY = '2026-09-24';
const CAMPAIGN_DAY = '2026-11-04';

const knowledge = await loadKnowledge('knowledge');
const matcher = createNgramMatcher(knowledge);

/** A bot whose clock stands still, so that the sample is the same to the byte. */
function makeBot(): Bot {
  return createBot({
    ...{ knowledge, matcher, language: 'pt', floodPerMinute: 20, rawRetentionDays: null },
    ...{ identity: { id: 990_000_000_000, username: 'loja_bot' }, clock: () => 0 },
  });
}

/** What happens in the first days, as one line of JSON each. */
function linesUntil(until: string, seed: number): string[] {
  const moment = Date.parse(until);
  const options = { bot: makeBot(), zone: ZONE, today: TODAY, seed, until: moment };
  return Array.from(sampleEvents(options), (event) => JSON.stringify(event));
}

async function keysOf(store: FolderStore, prefix: string): Promise<string[]> {
  const keys = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

describe('sampleEvents', () => {
  const until = '2026-10-01T15:00:00Z';
  const lines = linesUntil(until, 1);

  test('are the same for the same seed, and others for another', () => {
    expect(lines.length).toBeGreaterThan(200);
    expect(linesUntil(until, 1).join('\n')).toBe(lines.join('\n'));
    expect(linesUntil(until, 2).join('\n')).not.toBe(lines.join('\n'));
  });

  test('an earlier moment cuts off the end and changes nothing else', () => {
    const earlier = linesUntil('2026-09-29T12:00:00Z', 1);
    expect(earlier.length).toBeLessThan(lines.length);
    expect(earlier.join('\n')).toBe(lines.slice(0, earlier.length).join('\n'));
  });

  test('end at that moment, and are numbered in the order of time', () => {
    const events = lines.map((line) => JSON.parse(line) as SampleEvent);
    const times = events.map(({ receivedAt }) => receivedAt);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.parse(until));
    const numbers = events.map(({ facts }) => facts.updateId);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });
});

describe('makeSampleLake', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let raw: FolderStore;
  let enriched: FolderStore;
  let analytics: Engine;
  let made: Awaited<ReturnType<typeof makeSampleLake>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    raw = new FolderStore(`${folder.path}/raw`);
    enriched = new FolderStore(`${folder.path}/enriched`);
    made = await makeSampleLake(
      { raw, enriched, zone: ZONE },
      { bot: makeBot(), today: TODAY, seed: 1, now: NOW },
    );
    analytics = await openAnalytics({
      enrichedFolder: `${folder.path}/enriched`,
      sqlFolder: 'sql',
    });
  });

  afterAll(async () => {
    analytics.close();
    await folder.remove();
  });

  const rowsOf = async (sql: string) => (await analytics.run(sql)).rows;

  test('holds 60 days, all closed but today, whose updates are single objects', async () => {
    expect(made.days).toBe(60);
    expect(made.updates).toBeGreaterThan(5_000);
    const keys = await keysOf(raw, dayPrefix(TODAY));
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.every((key) => /\/\d+\.json$/.test(key))).toBe(true);
    const files = await keysOf(enriched, 'telegram/');
    expect(files).toHaveLength(59);
    expect(files).not.toContain(parquetKey(TODAY));
  });

  test('nothing is lost: stored is rows and duplicates, and some are', async () => {
    const [counts] = await rowsOf(
      'SELECT sum(stored), sum("rows"), sum(duplicates), sum(rejected) FROM runs',
    );
    const [stored, rows, duplicates, rejected] = (counts ?? []).map(Number);
    const open = await keysOf(raw, dayPrefix(TODAY));
    expect(rejected).toBe(0);
    expect(duplicates).toBeGreaterThan(0);
    expect(stored).toBe((rows ?? 0) + (duplicates ?? 0));
    expect((rows ?? 0) + open.length).toBe(made.updates);
  });

  test('is plainly marked', async () => {
    expect(await rowsOf('SELECT DISTINCT source FROM telegram')).toEqual([['sample']]);
  });

  test('has what happens in a shop: all kinds of updates, content and answers', async () => {
    const kinds = (await rowsOf('SELECT DISTINCT update_type FROM telegram')).flat();
    expect(kinds.sort()).toEqual([
      ...['callback_query', 'chat_member', 'edited_message', 'message', 'message_reaction'],
      'my_chat_member',
    ]);
    const contents = (await rowsOf('SELECT DISTINCT content_type FROM telegram')).flat();
    expect(contents).toEqual(
      expect.arrayContaining([
        ...['text', 'photo', 'sticker', 'voice', 'new_chat_members', 'left_chat_member'],
      ]),
    );
    const outcomes = (await rowsOf('SELECT DISTINCT answer_outcome FROM telegram')).flat();
    expect(outcomes).toEqual(
      expect.arrayContaining(['answered', 'suggested', 'fallback', 'none', null]),
    );
    const [floods] = await rowsOf(
      "SELECT count(*) FROM telegram WHERE answer_outcome = 'none' AND answer_text IS NULL",
    );
    expect(floods?.[0]).toBeGreaterThan(0);
    const payloads = (await rowsOf('SELECT DISTINCT start_payload FROM telegram')).flat();
    expect(payloads).toContain('primavera');
    const [chats] = await rowsOf(
      'SELECT count(*) FROM messages WHERE sender_chat_id IS NOT NULL AND user_id IS NULL',
    );
    expect(chats?.[0]).toBeGreaterThan(5);
  });

  test('most questions find an answer, some do not', async () => {
    const { columns, rows } = await analytics.runAnalysis('overview', {
      period: { from: '2026-10-23', to: '2026-11-21' },
    });
    const rate = (column: string) => rows[0]?.[columns.indexOf(column)];
    expect(rate('answered_rate')).toBeGreaterThan(0.7);
    expect(rate('fallback_rate')).toBeGreaterThan(0.02);
    expect(rate('fallback_rate')).toBeLessThan(0.2);
  });

  test('somebody was renamed and stays one user', async () => {
    const renamed = await rowsOf(
      'SELECT user_id, count(DISTINCT user_first_name) FROM messages WHERE user_id IS NOT NULL' +
        ' GROUP BY 1 HAVING count(DISTINCT user_first_name) > 1',
    );
    expect(renamed).toEqual([[expect.any(Number), 2]]);
    const { rows } = await analytics.runAnalysis('messages_per_user_per_day', {
      period: { from: FIRST_DAY, to: TODAY },
    });
    const names = rows.filter(([id]) => id === renamed[0]?.[0]).map(([, name]) => name);
    expect(new Set(names).size).toBe(1);
  });

  test('has a rhythm: the campaign is the peak, Sundays are quiet, it grows', async () => {
    const { rows } = await analytics.runAnalysis('messages_per_day', {
      period: { from: FIRST_DAY, to: TODAY },
    });
    const byAmount = [...rows].sort((a, b) => Number(b[1]) - Number(a[1]));
    expect(byAmount[0]?.[0]).toBe(CAMPAIGN_DAY);
    const average = (weekday: number) => {
      const some = rows.filter(([day]) => new Date(String(day)).getUTCDay() === weekday);
      return some.reduce((sum, [, amount]) => sum + Number(amount), 0) / some.length;
    };
    expect(average(0)).toBeLessThan(average(2) / 1.5);
    const total = (part: typeof rows) => part.reduce((sum, [, amount]) => sum + Number(amount), 0);
    expect(total(rows.slice(0, 15))).toBeGreaterThan(1.2 * total(rows.slice(-15)));
    const [people] = await rowsOf('SELECT count(DISTINCT user_id) FROM messages');
    expect(people?.[0]).toBeGreaterThan(40);
    const [night] = await rowsOf('SELECT count(*) FROM messages WHERE hour(local_time) = 4');
    const [noon] = await rowsOf('SELECT count(*) FROM messages WHERE hour(local_time) = 10');
    expect(Number(night?.[0]) * 10).toBeLessThan(Number(noon?.[0]));
  });

  test('an abort stops it', async () => {
    const abort = AbortSignal.abort(new Error('enough'));
    const lake = { raw: new FolderStore(`${folder.path}/a`), enriched, zone: ZONE };
    const making = makeSampleLake(lake, {
      ...{ bot: makeBot(), today: TODAY, seed: 1, now: NOW, signal: abort },
    });
    await expect(making).rejects.toThrow('enough');
  });
});
