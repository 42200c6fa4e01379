import { beforeEach, describe, expect, test } from '@jest/globals';

import { createEtlObserver } from '../../../functions/etl/observe.ts';
import type { DayRun } from '../../../functions/etl/dayRun.ts';
import type { WebhookEvent } from '../../../functions/webhook/handler.ts';
import { createWebhookObserver } from '../../../functions/webhook/observe.ts';
import type { Receipt } from '../../../functions/webhook/receive.ts';
import type { Answer } from '../../../src/lake/envelope.ts';
import { METRICS } from '../../../src/config/metrics.ts';
import type { Telemetry } from '../../../src/aws/telemetry.ts';
import { parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

let lines: { level: string; message: unknown; extra: unknown }[];
let counts: Record<string, number>;

function telemetry(): Telemetry<'etl'> & Telemetry<'webhook'> {
  const at =
    (level: string) =>
    (message: unknown, ...extra: unknown[]) => {
      lines.push({ level, message, extra: extra[0] });
    };
  return {
    logger: { info: at('info'), warn: at('warn'), error: at('error') },
    count: (metric: string, value = 1) => {
      counts[metric] = (counts[metric] ?? 0) + value;
    },
    flush: () => undefined,
  };
}

beforeEach(() => {
  [lines, counts] = [[], {}];
});

function receipt(rest: Partial<Receipt>): WebhookEvent {
  return {
    type: 'received',
    receipt: {
      outcome: 'stored',
      receivedAt: 0,
      key: 'telegram/context_date=2026-01-15/1.json',
      facts: parseUpdate(JSON.stringify(UPDATES.message)).facts,
      answer: null,
      call: null,
      reason: null,
      isFirstOfChat: false,
      botError: undefined,
      reportRequest: null,
      ...rest,
    },
  };
}

describe('the webhook', () => {
  test.each(['stored', 'buffered'] as const)(
    'counts no update that is %s: the API does',
    (outcome) => {
      createWebhookObserver(telemetry())(receipt({ outcome }));
      expect(counts).toEqual({});
    },
  );

  test.each(['duplicate', 'dropped', 'rejected'] as const)('counts what is %s', (outcome) => {
    createWebhookObserver(telemetry())(receipt({ outcome }));
    expect(counts).toEqual({ [METRICS.webhook[outcome]]: 1 });
  });

  test('says of an update what it is, not what stands in it', () => {
    const say = createWebhookObserver(telemetry());
    const call = { method: 'sendMessage', chat_id: 1, text: 'an answer' };
    const answer: Answer = {
      call,
      outcome: 'answered',
      intent: 'pix',
      score: 0.9,
      candidates: [],
      engine: 'e',
      knowledge: 'k',
      ms: 1,
    };
    say(receipt({ answer, call }));
    say(
      receipt({ outcome: 'rejected', facts: null, reason: 'it is no JSON: my password is 1234' }),
    );
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Update',
        extra: {
          outcome: 'stored',
          key: 'telegram/context_date=2026-01-15/1.json',
          update_id: UPDATES.message.update_id,
          update_type: 'message',
          content_type: 'text',
          answer: { outcome: 'answered', intent: 'pix', score: 0.9, ms: 1 },
        },
      },
      { level: 'warn', message: 'What came is no update', extra: expect.anything() },
    ]);
    const written = JSON.stringify(lines);
    const { text, from } = UPDATES.message.message;
    for (const each of [text, from.first_name, 'an answer', '1234']) {
      expect(written).not.toContain(each);
    }
  });

  test('says once per chat which setting would admit it', () => {
    const say = createWebhookObserver(telemetry());
    const reason = 'Chat 7 is not a private one.';
    say(receipt({ outcome: 'dropped', reason, isFirstOfChat: true }));
    say(receipt({ outcome: 'dropped', reason }));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.extra).toMatchObject({ reason });
    expect(counts).toEqual({ [METRICS.webhook.dropped]: 2 });
  });

  test('says what failed', () => {
    const say = createWebhookObserver(telemetry());
    const error = new Error('no');
    say({ type: 'failed', error });
    say({ type: 'tap-unanswered', error: 'late' });
    say({ type: 'unauthorized' });
    say(receipt({ botError: error }));
    say({ type: 'buffer-failed', error });
    expect(lines.map(({ level }) => level)).toEqual([
      ...['error', 'warn', 'warn', 'info', 'error', 'warn'],
    ]);
    expect(lines[0]?.extra).toBe(error);
    expect(lines[1]?.extra).toEqual(new Error('late'));
    const { failed, tapsUnanswered, unauthorized, bufferFailed } = METRICS.webhook;
    expect(counts).toEqual({
      ...{ [failed]: 1, [tapsUnanswered]: 1, [unauthorized]: 1, [bufferFailed]: 1 },
    });
  });
});

describe('the ETL', () => {
  const run: DayRun = {
    day: '2026-01-15',
    status: 'written',
    stored: 4,
    rows: 2,
    duplicates: 1,
    rejected: 1,
    late: 0,
    parquetKey: 'p',
    bytes: 9,
    ms: 1,
    phases: { list: 0, get: 1, parse: 0, encode: 0, put: 0 },
  };
  const { daysWritten, rowsWritten, rejected, daysFailed } = METRICS.etl;

  test('counts days, rows and what was rejected', () => {
    const say = createEtlObserver(telemetry());
    say({ type: 'day-run', run });
    say({ type: 'day-run', run: { ...run, status: 'unchanged' } });
    expect(counts).toEqual({ [daysWritten]: 1, [rowsWritten]: 2, [rejected]: 2 });
    expect(lines[0]).toEqual({ level: 'info', message: 'Day run', extra: run });
  });

  test('says how far a day is', () => {
    const { phases } = run;
    const counted = { done: 1, total: 2, isListed: false, records: 3 };
    const progress = { day: '2026-01-15', ...counted, phases };
    createEtlObserver(telemetry())({ type: 'day-progress', progress });
    expect(counts).toEqual({});
    expect(lines).toEqual([{ level: 'info', message: 'Day under way', extra: progress }]);
  });

  test('says what became of a shard, and where its time went', () => {
    const { phases } = run;
    const shard = { day: '2026-01-15', shard: 3, rows: 2, bytes: 900, ms: 5, phases };
    createEtlObserver(telemetry())({ type: 'shard-run', ...shard });
    expect(counts).toEqual({});
    expect(lines).toEqual([{ level: 'info', message: 'Shard run', extra: shard }]);
  });

  test('says which day failed, and why', () => {
    const error = new Error('no');
    createEtlObserver(telemetry())({ type: 'day-failed', failure: { day: '2026-01-15', error } });
    expect(counts).toEqual({ [daysFailed]: 1 });
    expect(lines).toEqual([
      { level: 'error', message: 'Day failed', extra: { error, day: '2026-01-15' } },
    ]);
  });
});
