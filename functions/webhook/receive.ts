import { isUtf8 } from 'node:buffer';

import type { Bot } from '../../src/bot/bot.ts';
import { REPORT_INTENT } from '../../src/bot/request.ts';
import type { ChatGate } from '../../src/lake/chatGate.ts';
import { dayOf, eventTime } from '../../src/lake/days.ts';
import type { Answer, BotCall, Source } from '../../src/lake/envelope.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { type NewRecord, writeRecord } from '../../src/lake/rawWrite.ts';
import { writeRejected } from '../../src/lake/rejected.ts';
import { requestReport } from '../../src/lake/reportRequest.ts';
import type { UpdateFacts } from '../../src/telegram/facts.ts';
import {
  NotAnUpdateError,
  type ParsedUpdate,
  parseUpdate,
} from '../../src/telegram/parseUpdate.ts';

/** What receiving an update takes. */
export interface ReceiveDeps {
  readonly lake: Lake;
  readonly bot: Pick<Bot, 'decide'>;
  readonly chats: ChatGate;
  readonly source: Source;
  /**
   * What takes updates in place of the raw layer, to put them there later, many to an object.
   *
   * @returns whether it has taken this one; if not, it is written directly
   */
  readonly buffer?: ((record: NewRecord) => Promise<boolean>) | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** What became of an update, or of what was sent as one. */
export interface Receipt {
  /**
   * `stored`; `buffered`, it will be, see `ReceiveDeps.buffer`; `duplicate`, it lay there already;
   * `dropped`, its chat is not ours; `rejected`, it is no update and lies under `rejected/`.
   */
  readonly outcome: 'buffered' | 'dropped' | 'duplicate' | 'rejected' | 'stored';
  /** Unix milliseconds. */
  readonly receivedAt: number;
  /** Raw object, or rejected record; null when nothing was stored, or not yet. */
  readonly key: string | null;
  /** null when it is no update. */
  readonly facts: UpdateFacts | null;
  /**
   * What the bot decided, at the first delivery (a buffered update is answered anew at each); null
   * when no answer was due.
   */
  readonly answer: Answer | null;
  /** The answer's call, to be made now. */
  readonly call: BotCall | null;
  /** Why it was dropped or rejected, for people. */
  readonly reason: string | null;
  /** For a dropped one: whether it is the first of its chat in this process. */
  readonly isFirstOfChat: boolean;
  /** What the bot threw, if it did: the update is stored without an answer. */
  readonly botError: unknown;
  /** Key of the wish for a report that this update made; null for most, and when it is there already. */
  readonly reportRequest: string | null;
}

const NOTHING = {
  key: null,
  facts: null,
  answer: null,
  call: null,
  reason: null,
  isFirstOfChat: false,
  botError: undefined,
  reportRequest: null,
} as const;

/** @throws NotAnUpdateError */
function read(bytes: Uint8Array): ParsedUpdate & { readonly json: string } {
  if (!isUtf8(bytes)) throw new NotAnUpdateError('it is not UTF-8');
  const json = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return { json, ...parseUpdate(json) };
}

/**
 * Takes one update all the way: is its chat ours, what is the answer, one raw object.
 *
 * @param body the update's JSON as it came
 * @throws UnavailableError when it could not be stored: it must then be sent again
 */
export async function receiveUpdate(
  body: string | Uint8Array,
  { lake, bot, chats, source, buffer, now }: ReceiveDeps,
): Promise<Receipt> {
  const receivedAt = now();
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;

  const reject = async (reason: string, facts: UpdateFacts | null): Promise<Receipt> => {
    const refused = { from: 'webhook', sourceKey: null, line: null, reason } as const;
    const day = dayOf(receivedAt, lake.zone);
    const key = await writeRejected(lake.raw, day, { ...refused, receivedAt, body: bytes });
    return { ...NOTHING, outcome: 'rejected', receivedAt, key, facts, reason };
  };

  let parsed;
  try {
    parsed = read(bytes);
  } catch (error) {
    if (!(error instanceof NotAnUpdateError)) throw error;
    return reject(error.reason, null);
  }
  const { update, facts } = parsed;

  const admission = await chats.admit(facts);
  if (!admission.isOurs) {
    const { reason, isFirst } = admission;
    return { ...NOTHING, outcome: 'dropped', receivedAt, facts, reason, isFirstOfChat: isFirst };
  }

  let answer: Answer | null = null;
  let botError: unknown;
  try {
    answer = bot.decide({ update, facts, receivedAt });
  } catch (error) {
    // Recording comes before answering: Telegram would repeat it, and hold back its chat, for a day.
    botError = error;
  }

  const day = dayOf(eventTime(facts.ownTime, receivedAt), lake.zone);
  const record = { ...parsed, day, source, receivedAt, answer };
  const isBuffered = buffer !== undefined && (await buffer(record));
  const written = isBuffered ? null : await writeRecord(lake.raw, record);
  if (written === null && !isBuffered) {
    return reject(`other objects lie at its keys for number ${facts.updateId} on ${day}`, facts);
  }
  // After the update, and at each delivery: what fails here is sent again, and found done or not.
  const stored = written === null ? answer : written.answer;
  const thread = stored?.call?.['message_thread_id'];
  const reportRequest =
    stored?.intent === REPORT_INTENT
      ? await requestReport(lake.raw, {
          facts,
          threadId: typeof thread === 'number' ? thread : null,
          at: receivedAt,
        })
      : null;
  return {
    ...NOTHING,
    reportRequest,
    outcome: written === null ? 'buffered' : written.isDuplicate ? 'duplicate' : 'stored',
    receivedAt,
    key: written?.key ?? null,
    facts,
    answer: stored,
    call: stored?.call ?? null,
    botError,
  };
}
