import { setTimeout as sleep } from 'node:timers/promises';

import pMap from 'p-map';

import type { Receipt } from '../../functions/webhook/receive.ts';
import type { BotIdentity } from '../bot/identity.ts';
import type { BotCall } from '../lake/envelope.ts';
import { partyOf } from '../telegram/admission.ts';
import type { BotApi } from '../telegram/botApi.ts';
import { BotApiError } from '../telegram/errors.ts';
import { type ParsedUpdate, parseUpdate } from '../telegram/parseUpdate.ts';
import { callWithRetries } from '../telegram/retries.ts';
import type { Status } from './api.ts';
import { reasonOf } from './reasonOf.ts';
import type { Reporter } from './report.ts';

/** Seconds that Telegram holds a call open while nobody writes. */
const HOLD_SECONDS = 30;

/** Chats answered at a time; within a chat everything keeps its order. */
const CHATS_AT_A_TIME = 8;

/** Longest that an answer is tried, milliseconds; then the chat goes on without it. */
const ANSWER_WITHIN_MS = 120_000;

/** What polling needs, and whom it tells. */
export interface PollingParts {
  readonly api: BotApi;
  /**
   * Stores an update and decides its answer; gives its receipt once the raw object is written.
   *
   * @param json the update, verbatim
   * @throws when it could not be stored
   */
  readonly receiver: (identity: BotIdentity) => (json: string) => Promise<Receipt>;
  readonly onState: (state: Status['bot']) => void;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Between attempts, and after an empty answer that came at once; milliseconds, 1 s unless told. */
  readonly pauseMs?: number;
}

/** A problem that somebody must solve; polling goes on by itself once it is. */
interface Problem {
  readonly problem: string;
  readonly remedy: string;
  /** Nothing will change until the program is started anew. */
  readonly isFinal: boolean;
}

/** What an error of the Bot API means for whoever runs the bot. */
async function diagnose(error: unknown, api: BotApi, signal: AbortSignal): Promise<Problem> {
  if (error instanceof BotApiError && (error.errorCode === 401 || error.errorCode === 404)) {
    return {
      problem: 'Telegram does not know this bot token: it is mistyped, or was revoked.',
      remedy:
        'Ask @BotFather for the token (/mybots, API Token), set TELEGRAM_BOT_TOKEN, start again.',
      isFinal: true,
    };
  }
  if (error instanceof BotApiError && error.errorCode === 409) {
    const info = await api.getWebhookInfo({ signal }).catch(() => null);
    signal.throwIfAborted();
    const url = info?.url ?? '';
    if (url !== '' && URL.canParse(url)) {
      return {
        problem: `A webhook is set for this bot, at ${new URL(url).host}: Telegram sends the updates there.`,
        remedy:
          'Use another bot here, or delete that webhook (Bot API method deleteWebhook); this program then goes on by itself.',
        isFinal: false,
      };
    }
    return {
      problem: 'Another program asks for the updates of this bot, too.',
      remedy: 'Stop the other one; this program then goes on by itself.',
      isFinal: false,
    };
  }
  return {
    problem: reasonOf(error),
    remedy: 'It is tried again until it works.',
    isFinal: false,
  };
}

/**
 * Runs a real bot by long polling: raw write, then the answer (retried, as often as Telegram allows),
 * then the next call confirms the update. An update that cannot be stored is tried again and never
 * skipped; an answer that cannot be delivered is reported, and the bot goes on. Ends when `signal`
 * aborts, or when the token is refused.
 */
export async function poll(parts: PollingParts): Promise<void> {
  const { api, onState, report, signal, pauseMs = 1_000 } = parts;
  let lastProblem: string | null = null;

  /** Says once what is wrong, however often it is tried. */
  const tell = ({ problem, remedy }: Problem) => {
    onState({ mode: 'problem', problem, remedy });
    if (problem !== lastProblem) report({ type: 'problem', problem, remedy });
    lastProblem = problem;
  };

  /** Tries until it works. @returns null when it never will */
  const insist = async <T>(work: () => Promise<T>): Promise<T | null> => {
    for (;;) {
      try {
        return await callWithRetries(work, {
          signal,
          attempts: Infinity,
          backoffMs: pauseMs,
          onRetry: (error) => {
            tell({
              problem: error.message,
              remedy: 'It is tried again until it works.',
              isFinal: false,
            });
          },
        });
      } catch (error) {
        signal.throwIfAborted();
        const problem = await diagnose(error, api, signal);
        tell(problem);
        if (problem.isFinal) return null;
        await sleep(pauseMs * 10, undefined, { signal });
      }
    }
  };

  const deliver = async (call: BotCall) => {
    const { method, ...params } = call;
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    try {
      await callWithRetries(() => api.call(method, params, { signal: within }), {
        signal: within,
        backoffMs: pauseMs,
      });
    } catch (error) {
      signal.throwIfAborted();
      report({
        type: 'problem',
        problem: `An answer was not delivered to chat ${String(params['chat_id'])}: ${reasonOf(error)}`,
        remedy: 'It stands in the raw object, as every answer; the bot goes on.',
      });
    }
  };

  /** Lets a tapped button stop spinning; best effort, once. */
  const answerTap = async (id: string) => {
    try {
      await api.call(
        'answerCallbackQuery',
        { callback_query_id: id },
        { signal, timeoutMs: pauseMs },
      );
    } catch {
      signal.throwIfAborted();
      report({
        type: 'note',
        text: 'A tapped button goes on spinning: Telegram took no answer to it.',
      });
    }
  };

  const me = await insist(() => api.getMe({ signal }));
  if (!me) return;
  const username = me.username;
  const receive = parts.receiver({ id: me.id, username });
  const listening = () => {
    if (lastProblem !== null) report({ type: 'note', text: `@${username} is listening again.` });
    lastProblem = null;
    onState({ mode: 'telegram', username });
  };

  const store = async (json: string): Promise<Receipt> => {
    for (;;) {
      try {
        return await receive(json);
      } catch (error) {
        signal.throwIfAborted();
        tell({
          problem: `An update could not be stored: ${reasonOf(error)}`,
          remedy:
            'Telegram keeps it until it is stored. See that the disk has room and can be written.',
          isFinal: false,
        });
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };

  report({ type: 'note', text: `@${username} is listening on Telegram.` });
  let offset: number | undefined;
  for (;;) {
    const asked = performance.now();
    const batch = await insist(() => api.getUpdates({ offset, timeout: HOLD_SECONDS, signal }));
    if (!batch) return;
    listening();
    const updates = batch.map((json) => ({ json, ...parseUpdate(json) }));
    await pMap(
      byChat(updates),
      async (ofChat) => {
        for (const { json } of ofChat) {
          const { call, facts, outcome } = await store(json);
          const tap = outcome === 'dropped' ? null : (facts?.callbackQueryId ?? null);
          if (tap !== null) await answerTap(tap);
          if (call) await deliver(call);
        }
      },
      { concurrency: CHATS_AT_A_TIME },
    );
    for (const { facts } of updates) offset = Math.max(offset ?? 0, facts.updateId + 1);
    // A server that does not hold the call would be asked without a pause.
    if (batch.length === 0 && performance.now() - asked < pauseMs) {
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** Updates of one chat together, in their order. */
function byChat<T extends ParsedUpdate>(updates: readonly T[]): T[][] {
  const chats = new Map<number | null, T[]>();
  for (const update of updates) {
    const id = partyOf(update.facts)?.id ?? null;
    const ofChat = chats.get(id);
    if (ofChat) ofChat.push(update);
    else chats.set(id, [update]);
  }
  return [...chats.values()];
}
