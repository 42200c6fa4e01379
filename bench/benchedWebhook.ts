import { fileURLToPath } from 'node:url';

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

import { createWebhookHandler } from '../functions/webhook/handler.ts';
import { createBot } from '../src/bot/bot.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { createNgramMatcher } from '../src/bot/ngramMatcher.ts';
import type { Lake } from '../src/lake/lake.ts';

/**
 * The webhook's handler over a lake, with the knowledge of this project and no limit to floods.
 *
 * @returns what takes an update's JSON as Telegram sends it
 */
export async function benchedWebhook(
  lake: Lake,
): Promise<(body: string) => Promise<APIGatewayProxyResult>> {
  const knowledge = await loadKnowledge(fileURLToPath(new URL('../knowledge', import.meta.url)));
  const handler = createWebhookHandler({
    lake,
    secrets: () => Promise.resolve({ current: 'bench' }),
    bot: createBot({
      knowledge,
      matcher: createNgramMatcher(knowledge),
      identity: { id: 7_000_000_000, username: 'bench_bot' },
      language: 'pt',
      floodPerMinute: 1_000_000,
      rawRetentionDays: null,
    }),
    chats: { chats: 'any', staffChats: [] },
    source: 'telegram',
  });
  return (body) =>
    handler({
      body,
      isBase64Encoded: false,
      headers: { 'X-Telegram-Bot-Api-Secret-Token': 'bench' },
    } as unknown as APIGatewayProxyEvent);
}
