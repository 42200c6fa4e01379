import { once } from 'node:events';

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

import type { Bot } from '../../src/bot/bot.ts';
import { type ChatSettings, createChatGate } from '../../src/lake/chatGate.ts';
import type { Source } from '../../src/lake/envelope.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { type ReceiveDeps, type Receipt, receiveUpdate } from './receive.ts';
import { type Secrets, hasSecret } from './verify.ts';

/** What happened to a request, for the log, the metrics and the terminal. */
export type WebhookEvent =
  | { readonly type: 'received'; readonly receipt: Receipt }
  /** The secret was missing or wrong. */
  | { readonly type: 'unauthorized' }
  /** Nothing was stored: Telegram will send it again. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** The tapped button goes on spinning on the customer's screen. */
  | { readonly type: 'tap-unanswered'; readonly error: unknown }
  /** The queue did not take an update, which is written directly now. */
  | { readonly type: 'buffer-failed'; readonly error: unknown };

/** What the webhook is made of. */
export interface WebhookDeps {
  readonly lake: Lake;
  /**
   * The secrets that let a request in.
   *
   * @param isKnown whether the request carries one of these: if not, newer ones may be looked for
   */
  readonly secrets: (isKnown: (secrets: Secrets) => boolean) => Promise<Secrets>;
  readonly bot: Pick<Bot, 'decide'>;
  readonly chats: ChatSettings;
  readonly source: Source;
  /** See `ReceiveDeps.buffer`; when it fails, the update is written directly. */
  readonly buffer?: ReceiveDeps['buffer'];
  /** Unix milliseconds; `Date.now` unless told. */
  readonly now?: () => number;
  readonly observe?: (event: WebhookEvent) => void;
  /** Calls `answerCallbackQuery`; without it a tapped button spins until Telegram gives up. */
  readonly answerCallback?: (callbackQueryId: string, signal: AbortSignal) => Promise<unknown>;
}

/** How long a tapped button may hold up the response, in milliseconds. */
const TAP_TIMEOUT = 1_000;

const JSON_HEADERS = { 'content-type': 'application/json' };

function response(statusCode: number, body = '', headers = {}): APIGatewayProxyResult {
  return { statusCode, headers, body };
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string | Uint8Array {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? '');
}

/**
 * Makes the Lambda function behind `POST /telegram`: takes API Gateway's proxy event with an update
 * in its body, and gives
 * - 401 when the secret header is missing or wrong; nothing is stored then,
 * - 503 when the update could be stored nowhere, so that Telegram sends it again,
 * - 200 for all else, with the answer as a call of the Bot API in its body where there is one.
 */
export function createWebhookHandler(
  deps: WebhookDeps,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  const { lake, secrets, bot, source, buffer, answerCallback } = deps;
  const observe = deps.observe ?? (() => undefined);
  const now = deps.now ?? Date.now;
  const receiveDeps: ReceiveDeps = {
    ...{ lake, bot, source, now, chats: createChatGate(deps.chats, lake.raw) },
    buffer:
      buffer &&
      (async (record) => {
        try {
          return await buffer(record);
        } catch (error) {
          observe({ type: 'buffer-failed', error });
          return false;
        }
      }),
  };

  const answerTap = async (callbackQueryId: string): Promise<void> => {
    if (answerCallback === undefined) return;
    const signal = AbortSignal.timeout(TAP_TIMEOUT);
    const late = once(signal, 'abort').then(() => {
      throw new Error(`Telegram did not answer within ${TAP_TIMEOUT} ms.`);
    });
    try {
      await Promise.race([answerCallback(callbackQueryId, signal), late]);
    } catch (error) {
      observe({ type: 'tap-unanswered', error });
    }
  };

  return async (event) => {
    try {
      const isKnown = (known: Secrets): boolean => hasSecret(event.headers, known);
      if (!isKnown(await secrets(isKnown))) {
        observe({ type: 'unauthorized' });
        return response(401);
      }
      const receipt = await receiveUpdate(bodyOf(event), receiveDeps);
      observe({ type: 'received', receipt });
      const callbackQueryId = receipt.facts?.callbackQueryId ?? null;
      // A dropped one is not ours to answer.
      if (callbackQueryId !== null && receipt.outcome !== 'dropped') {
        await answerTap(callbackQueryId);
      }
      return receipt.call
        ? response(200, JSON.stringify(receipt.call), JSON_HEADERS)
        : response(200);
    } catch (error) {
      observe({ type: 'failed', error });
      return response(503);
    }
  };
}
