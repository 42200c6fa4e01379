import { parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import type { Update } from '@grammyjs/types';

import type { Answer } from '../../../src/lake/envelope.ts';
import type { RecentRecord } from '../../../src/local/recentRecord.ts';

/** A record as the webhook would have stored it. */
export function record(
  update: Update | object,
  answer: Answer | null = null,
  receivedAt = 0,
): RecentRecord {
  const parsed = parseUpdate(JSON.stringify(update));
  return {
    ...parsed,
    source: 'simulator',
    receivedAt,
    answer,
    ref: { key: `telegram/context_date=2026-11-20/${parsed.facts.updateId}.json`, line: 0 },
  };
}

/** What a bot says. */
export function saying(text: string, buttons: readonly string[] = []): Answer {
  return {
    call: {
      method: 'sendMessage',
      chat_id: 1,
      text,
      reply_markup: {
        inline_keyboard: buttons.map((data) => [{ text: `Button ${data}`, callback_data: data }]),
      },
    },
    outcome: 'answered',
    intent: 'delivery',
    score: 0.9,
    candidates: [{ intent: 'delivery', score: 0.9 }],
    engine: 'test/1',
    knowledge: 'abc',
    ms: 0.5,
  };
}
