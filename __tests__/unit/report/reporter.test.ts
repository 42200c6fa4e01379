import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { requestReport } from '../../../src/lake/reportRequest.ts';
import type { Report } from '../../../src/report/report.ts';
import { NotTheOwnerError, type Reporter, createReporter } from '../../../src/report/reporter.ts';
import { BotApi } from '../../../src/telegram/botApi.ts';
import { updateFacts } from '../../../src/telegram/updateFacts.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { type BotApiReply, type BotApiServer, startBotApi } from '../../support/scriptedBotApi.ts';
import { scriptedEngine } from '../../support/scriptedEngine.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const TOKEN = '6100000042:AAF-secret_never_to_be_seen-0123456';
const OWNER = UPDATES.message.message.chat.id;
const NOW = Date.parse('2026-11-22T11:00:00Z');

let botApi: BotApiServer;
let replies: BotApiReply[];
let raw: MemoryStore;
let kept: Report[];
let queries: () => number;
let reporter: Reporter;

function make(ownerChat = OWNER): Reporter {
  const engine = scriptedEngine(
    ['overview', 'active_users_per_day', 'top_topics', 'unanswered_questions', 'messages_per_day'],
    {
      overview: () => [[20, 12, 16, 0.75, 0.0625, 0.4, 3.25]],
      messages_per_day: () => [['2026-11-21', 20]],
    },
  );
  queries = () => engine.asked.length;
  return createReporter({
    engine,
    raw,
    zone: 'America/Sao_Paulo',
    language: 'en',
    subject: '@loja_bot',
    ownerChat,
    topicTitle: () => null,
    api: () => Promise.resolve(new BotApi({ token: TOKEN, baseUrl: botApi.url })),
    now: () => NOW,
    keep: (report) => {
      kept.push(report);
      return Promise.resolve();
    },
    backoffMs: 1,
  });
}

beforeEach(async () => {
  replies = [];
  botApi = await startBotApi(() => replies.shift() ?? { result: { message_id: 1 } });
  raw = new MemoryStore();
  kept = [];
  reporter = make();
});
afterEach(async () => {
  await botApi.stop();
});

describe('a digest', () => {
  test('is one message with the report of three weeks attached', async () => {
    expect(await reporter.sendDigest('2026-11-21', 'a')).toMatchObject({ isRepeated: false });
    expect(botApi.requests).toHaveLength(1);
    expect(botApi.requests[0]).toMatchObject({
      method: 'sendDocument',
      params: {
        chat_id: String(OWNER),
        caption: expect.stringMatching(/^@loja_bot: Sat, 21 Nov 2026\r\n\r\nMessages: 20/),
        document: {
          name: 'report-2026-11-01-2026-11-21.html',
          type: 'text/html',
          text: expect.stringMatching(/^<!doctype html>/),
        },
      },
    });
    expect(kept.map(({ fileName }) => fileName)).toEqual(['report-2026-11-01-2026-11-21.html']);
    expect(raw.keys()).toEqual(['state/digests/2026-11-21.json']);
  });

  test('comes once, and again only when that is asked for', async () => {
    await reporter.sendDigest('2026-11-21', 'a');
    const asked = queries();
    expect(await reporter.sendDigest('2026-11-21', 'b')).toEqual({
      isRepeated: true,
      report: null,
    });
    // Nothing is asked for nothing: Athena costs.
    expect(queries()).toBe(asked);
    await reporter.sendDigest('2026-11-21', 'b', { again: true });
    await reporter.sendDigest('2026-11-20', 'b');
    expect(botApi.requests).toHaveLength(3);
  });

  test('is tried again with what was made, and asks the lake no second time', async () => {
    replies = [
      { code: 500, description: 'Internal Server Error' },
      { code: 429, description: 'Too Many Requests' },
    ];
    await reporter.sendDigest('2026-11-21', 'a');
    expect(botApi.requests).toHaveLength(3);
    expect(new Set(botApi.requests.map(({ params }) => params['caption'])).size).toBe(1);
    const asked = queries();
    await make().sendDigest('2026-11-20', 'b');
    expect(asked).toBe(queries());
  });

  test('that the owner’s chat refuses can be sent later', async () => {
    replies = [{ code: 403, description: 'Forbidden: bot was blocked by the user' }];
    await expect(reporter.sendDigest('2026-11-21', 'a')).rejects.toThrow('blocked');
    expect(raw.keys()).toEqual([]);
    expect(await reporter.sendDigest('2026-11-21', 'a')).toMatchObject({ isRepeated: false });
  });
});

describe('a report that was wished for', () => {
  async function wish(): Promise<string> {
    const facts = updateFacts(UPDATES.message);
    return (await requestReport(raw, { facts, threadId: 9, at: NOW })) ?? '';
  }

  test('goes to where it was asked for, in the language of whoever asked, once', async () => {
    const key = await wish();
    expect(await reporter.sendReport(key, 'a')).toMatchObject({ isRepeated: false });
    // S3 tells of an object once or more.
    expect(await reporter.sendReport(key, 'b')).toMatchObject({ isRepeated: true });
    expect(botApi.requests.map(({ params }) => params)).toEqual([
      {
        chat_id: String(OWNER),
        message_thread_id: '9',
        caption: expect.stringMatching(/^Relatório, .*23 de out\. de 2026 a .*21 de nov\. de 2026/),
        document: {
          name: 'report-2026-10-23-2026-11-21.html',
          type: 'text/html',
          text: expect.stringContaining('<html lang="pt-BR">'),
        },
      },
    ]);
  });

  test('is given to nobody but the owner, whatever was written down', async () => {
    const key = await wish();
    await expect(make(OWNER + 1).sendReport(key, 'a')).rejects.toThrow(NotTheOwnerError);
    expect(botApi.requests).toEqual([]);
  });

  test('must be one', async () => {
    await raw.put('state/reports/1.json', Buffer.from('{"v":1}'));
    await expect(reporter.sendReport('state/reports/1.json', 'a')).rejects.toThrow();
    await expect(reporter.sendReport('state/reports/2.json', 'a')).rejects.toThrow(/no object/);
  });
});
