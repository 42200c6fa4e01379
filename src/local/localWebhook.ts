import { createWebhookHandler, type WebhookEvent } from '../../functions/webhook/handler.ts';
import { type Receipt, receiveUpdate } from '../../functions/webhook/receive.ts';
import type { Bot } from '../bot/bot.ts';
import { type ChatSettings, createChatGate } from '../lake/chatGate.ts';
import type { Source } from '../lake/envelope.ts';
import type { WebhookHandler } from './http/webhookRoute.ts';
import { loadRecord } from './loadRecent.ts';
import type { LocalLake } from './localLake.ts';
import { reasonOf } from './reasonOf.ts';
import { conversationId } from './recentRecord.ts';
import type { Reporter } from './report.ts';

/** What receives updates for a lake on this machine. */
export interface LocalWebhookParts {
  readonly local: LocalLake;
  readonly bot: Bot;
  readonly source: Source;
  readonly chats: ChatSettings;
  readonly report: Reporter;
  readonly now: () => number;
  /** Told the key of each wish for a report. */
  readonly onReportRequest?: (key: string) => void;
}

/** Who an update is from, as the terminal shows it. */
function nameOf({ facts }: Receipt): string {
  const chat = facts?.chat?.title ?? facts?.senderChat?.title;
  return chat ?? facts?.user?.firstName ?? String(facts?.chat?.id ?? '');
}

/** What is said of a receipt that stored no update. */
function whyNothing({ outcome, reason }: Receipt): string {
  return `${outcome}: ${reason ?? 'no reason was given'}`;
}

/** Takes note of what a webhook did: in memory, on open pages, on the terminal. */
function noteTaker({
  local,
  report,
  onReportRequest,
}: LocalWebhookParts): (receipt: Receipt) => Promise<void> {
  const { id, lake, records, events } = local;
  return async (receipt) => {
    const { outcome, key, facts, answer, receivedAt, isFirstOfChat, botError } = receipt;
    if (outcome === 'dropped' && !isFirstOfChat) return;
    const isStored = (outcome === 'stored' || outcome === 'duplicate') && key !== null;
    report({
      type: 'update',
      lake: id,
      at: receivedAt,
      zone: lake.zone,
      chat: nameOf(receipt),
      update: facts?.updateType ?? 'no update',
      content: facts?.contentType ?? null,
      outcome: answer?.outcome ?? null,
      intent: answer?.intent ?? null,
      score: answer?.score ?? null,
      stored: isStored ? { key } : { nothing: whyNothing(receipt) },
    });
    if (botError !== undefined) {
      report({ type: 'problem', problem: `The bot failed on an update: ${reasonOf(botError)}` });
    }
    if (receipt.reportRequest !== null) onReportRequest?.(receipt.reportRequest);
    if (!isStored) return;
    const ref = { key, line: 0 };
    const record = await loadRecord(lake.raw, ref);
    records.add(record);
    events.send({ type: 'update', chatId: conversationId(record), record: ref });
  };
}

/** The webhook's function as it runs in Lambda, over the folder of a lake. */
export function localWebhook(
  parts: LocalWebhookParts & { readonly secret: string },
): WebhookHandler {
  const { local, bot, source, chats, now, report, secret } = parts;
  const note = noteTaker(parts);
  let noted: Promise<void> = Promise.resolve();

  const observe = (event: WebhookEvent) => {
    switch (event.type) {
      case 'received':
        noted = noted.then(() => note(event.receipt));
        break;
      case 'unauthorized':
        report({
          type: 'problem',
          problem:
            'A request to the webhook had no secret or a wrong one (401); nothing was stored.',
        });
        break;
      case 'failed':
      case 'tap-unanswered':
        report({ type: 'problem', problem: `The webhook failed: ${reasonOf(event.error)}` });
        break;
      case 'buffer-failed': // Never happens: a folder has no queue before it.
        break;
    }
  };

  const handler = createWebhookHandler({
    lake: local.lake,
    secrets: () => Promise.resolve({ current: secret }),
    bot,
    chats,
    source,
    now,
    observe,
  });
  return async (event) => {
    const result = await handler(event);
    // Whoever asks next sees what was just stored.
    await noted;
    return result;
  };
}

/** Takes updates without HTTP, for long polling: what the webhook does once the secret is right. */
export function localReceiver(parts: LocalWebhookParts): (json: string) => Promise<Receipt> {
  const { local, bot, source, chats, now } = parts;
  const note = noteTaker(parts);
  const deps = { lake: local.lake, bot, source, now, chats: createChatGate(chats, local.lake.raw) };
  return async (json) => {
    const receipt = await receiveUpdate(json, deps);
    await note(receipt);
    return receipt;
  };
}
