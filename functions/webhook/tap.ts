import { type CacheTimes, cached } from '../../src/aws/cached.ts';
import { BotApi } from '../../src/telegram/botApi.ts';
import { BotApiError } from '../../src/telegram/errors.ts';
import type { WebhookDeps } from './handler.ts';

/** What answering a tap takes. */
export interface TapDeps {
  /** Of the parameter with the bot's token. */
  readonly tokenName: string;
  /** Gives a parameter's value; null when it is not set. */
  readonly read: (name: string) => Promise<string | null>;
  /** Another Bot API server than Telegram's. */
  readonly baseUrl?: string | undefined;
  readonly times?: CacheTimes;
}

const TIMES: CacheTimes = { ttl: 5 * 60_000, shortest: 10_000 };

/**
 * Makes what ends the spinning of a tapped button. The bot's token is read when the first tap is to
 * be answered, not before, and again when Telegram refuses it.
 */
export function createTapAnswer({
  tokenName,
  read,
  baseUrl,
  times = TIMES,
}: TapDeps): NonNullable<WebhookDeps['answerCallback']> {
  const token = cached(async () => {
    const value = await read(tokenName);
    if (value !== null) return value;
    throw new Error(`No bot token is set in ${tokenName}. Run: chatbot webhook set`);
  }, times);
  return async (callbackQueryId, signal) => {
    const answer = (botToken: string): Promise<unknown> =>
      new BotApi({ token: botToken, baseUrl }).call(
        'answerCallbackQuery',
        { callback_query_id: callbackQueryId },
        { signal },
      );
    const kept = await token.get();
    try {
      return await answer(kept);
    } catch (error) {
      if (!(error instanceof BotApiError) || error.errorCode !== 401) throw error;
      const renewed = await token.refresh();
      if (renewed === kept) throw error;
      return answer(renewed);
    }
  };
}
