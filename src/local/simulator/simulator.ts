import type { Message, Update } from '@grammyjs/types';

import type { BotIdentity } from '../../bot/identity.ts';
import { conversation, reactionsOf, reservedMessageId } from '../conversation.ts';
import type { Action, Entry, RecordRef } from '../api.ts';
import { messageOf, partOf, type RecentRecord } from '../recentRecord.ts';
import type { RecentRecords } from '../recentRecords.ts';
import type { SimulatedChat } from './people.ts';
import {
  chatOf,
  editUpdate,
  membershipMessage,
  membershipUpdate,
  type Occasion,
  photoUpdate,
  reactionUpdate,
  stickerUpdate,
  tapUpdate,
  textUpdate,
} from './updates.ts';

/** First numbers of an empty lake; Telegram starts somewhere, too. */
const FIRST_UPDATE_ID = 700_000_001;
const FIRST_MESSAGE_ID = 1;

/** What a person wants to do cannot be done; the message says why. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** Behaves like Telegram's servers towards the webhook. */
export interface Simulator {
  /**
   * Lets a person do something: Telegram's servers would number it, tell the webhook and do what its
   * response says. Actions are done one after another.
   *
   * @returns the webhook's HTTP status and where the update was stored; null when it was not
   * @throws ActionError
   */
  act(
    chat: SimulatedChat,
    action: Action,
  ): Promise<{ readonly status: number; readonly record: RecordRef | null }>;
}

/** A number above all that the lake holds. */
function nextUpdateId(records: readonly RecentRecord[]): number {
  return records.reduce((next, { facts }) => Math.max(next, facts.updateId + 1), FIRST_UPDATE_ID);
}

/** A message number above all that were given or kept free, whatever the chat. */
function nextMessageId(records: readonly RecentRecord[]): number {
  return records.reduce(
    (next, record) =>
      Math.max(
        next,
        partOf(record.facts) === 'message' ? (record.facts.messageId ?? 0) + 1 : 0,
        (reservedMessageId(record) ?? 0) + 1,
      ),
    FIRST_MESSAGE_ID,
  );
}

/** What this person's reaction to a message is now. */
function standingReaction(
  records: readonly RecentRecord[],
  messageId: number,
  personId: number,
): string | null {
  const last = records.findLast(
    ({ facts }) =>
      facts.updateType === 'message_reaction' &&
      facts.messageId === messageId &&
      facts.user?.id === personId,
  );
  return reactionsOf(last?.facts.reaction ?? null)[0] ?? null;
}

/**
 * @param options.records what the lake holds of late; all that the simulator knows
 * @param options.bot who answers
 * @param options.post sends an update's JSON to the webhook over HTTP, with the secret header
 * @param options.now Unix milliseconds
 */
export function createSimulator(options: {
  readonly records: RecentRecords;
  readonly bot: BotIdentity;
  readonly post: (update: Update) => Promise<number>;
  readonly now: () => number;
}): Simulator {
  const { records, bot, post, now } = options;

  /** A message of the conversation as Telegram embeds it in a reply or a tap. */
  function embedded(chat: SimulatedChat, entry: Entry): Message {
    const record = records.get(entry.edit?.record ?? entry.record);
    if (entry.by === 'bot' && entry.messageId !== null && record) {
      return {
        message_id: entry.messageId,
        from: { id: bot.id, is_bot: true, first_name: bot.username, username: bot.username },
        chat: chatOf({ chat }),
        date: Math.floor(record.receivedAt / 1000),
        text: entry.text ?? '',
        reply_markup: record.answer?.call?.['reply_markup'],
      } as Message;
    }
    // As it is stored, but without what it replies to itself.
    const message = { ...(record && messageOf(record)), reply_to_message: undefined };
    return message as unknown as Message;
  }

  function updatesOf(chat: SimulatedChat, action: Action): Update[] {
    const person = chat.people.find(({ id }) => id === action.personId);
    if (!person) throw new ActionError(`Nobody in this chat has the id ${action.personId}.`);
    const all = records.all();
    const ofChat = records.ofChat(chat.id);
    const occasion: Occasion = {
      updateId: nextUpdateId(all),
      chat,
      person,
      time: Math.floor(now() / 1000),
    };
    const numbered = { ...occasion, messageId: nextMessageId(all) };
    const find = (messageId: number): Entry => {
      const entry = conversation(ofChat).find((one) => one.messageId === messageId);
      if (!entry) throw new ActionError(`There is no message ${messageId} in this chat.`);
      return entry;
    };

    switch (action.type) {
      case 'text': {
        const repliesTo = action.replyToMessageId;
        return [
          textUpdate(
            numbered,
            action.text,
            repliesTo === undefined ? undefined : embedded(chat, find(repliesTo)),
          ),
        ];
      }
      case 'photo':
        return [photoUpdate(numbered, action.caption)];
      case 'sticker':
        return [stickerUpdate(numbered, action.emoji)];
      case 'edit': {
        const entry = find(action.messageId);
        const record = records.get(entry.edit?.record ?? entry.record);
        const message = record && messageOf(record);
        if (entry.by !== 'person' || entry.author?.id !== person.id || !message) {
          throw new ActionError('People can edit only their own messages.');
        }
        return [editUpdate(occasion, message as unknown as Message, action.text)];
      }
      case 'tap': {
        const entry = find(action.messageId);
        if (!entry.buttons.flat().some(({ data }) => data === action.data)) {
          throw new ActionError(`Message ${action.messageId} has no such button.`);
        }
        const queryId = `${occasion.updateId}-${numbered.messageId}`;
        return [tapUpdate(occasion, queryId, embedded(chat, entry), action.data)];
      }
      case 'react': {
        find(action.messageId);
        const old = standingReaction(ofChat, action.messageId, person.id);
        const next = old === action.emoji ? null : action.emoji;
        return [reactionUpdate(occasion, action.messageId, { old, new: next })];
      }
      case 'join':
      case 'leave': {
        if (chat.type === 'private') throw new ActionError('Only groups are joined and left.');
        const told = { ...occasion, updateId: occasion.updateId + 1 };
        return [membershipMessage(numbered, action.type), membershipUpdate(told, action.type)];
      }
    }
  }

  async function perform(chat: SimulatedChat, action: Action) {
    let result: Awaited<ReturnType<Simulator['act']>> | undefined;
    for (const update of updatesOf(chat, action)) {
      const status = await post(update);
      const record = records.byUpdateId(update.update_id)?.ref ?? null;
      // Of a line in the chat and its notice to administrators, the line is what people see.
      result ??= { status, record };
    }
    if (!result) throw new ActionError('Nothing was done.');
    return result;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    act(chat, action) {
      // One at a time, or two would get the same number.
      const done = last.then(() => perform(chat, action));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
