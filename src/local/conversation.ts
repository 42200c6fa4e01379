import type { BotCall } from '../lake/envelope.ts';
import { type Fields, integer, list, object, string } from '../telegram/fields.ts';
import type { Button, Entry, Person } from './api.ts';
import { byTime, messageOf, partOf, type RecentRecord, timeOf } from './recentRecord.ts';

type MutableEntry = { -readonly [Key in keyof Entry]: Entry[Key] };

/** Telegram tells of somebody joining twice, as a line of the chat and to administrators. */
const SAME_EVENT_MS = 5_000;

/** Who acted: a person, or a chat in its own name. */
export function personOf({ facts: { user, senderChat } }: RecentRecord): Person | null {
  if (senderChat) {
    const { id, title } = senderChat;
    return { id, firstName: title ?? String(id), username: null, languageCode: null };
  }
  if (!user) return null;
  const { id, firstName, username, languageCode } = user;
  return { id, firstName: firstName ?? String(id), username, languageCode };
}

/**
 * The number that the simulator keeps free for the bot's answer. It follows from what is stored,
 * since a webhook's response never tells it: after a message the next number, after a tap the one
 * that the query's id ends in. null for real chats, which keep theirs to themselves.
 */
export function reservedMessageId({ source, facts }: RecentRecord): number | null {
  if (source !== 'simulator' && source !== 'sample') return null;
  if (facts.updateType === 'message' && facts.messageId !== null) return facts.messageId + 1;
  const reserved = /-(\d+)$/.exec(facts.callbackQueryId ?? '')?.[1];
  return reserved === undefined ? null : Number(reserved);
}

/** Buttons that send data back; links and the like have no place here. */
export function buttonsOf(replyMarkup: unknown): Button[][] {
  return list(object(replyMarkup)?.['inline_keyboard']).map((row) =>
    list(row).flatMap((button) => {
      const text = string(object(button)?.['text']);
      const data = string(object(button)?.['callback_data']);
      return text === null || data === null ? [] : [{ text, data }];
    }),
  );
}

function textOf(message: Fields): string | null {
  return string(message['text']) ?? string(message['caption']);
}

function repliedTo({ facts }: RecentRecord, message: Fields | null): Entry['replyTo'] {
  if (facts.replyToMessageId === null) return null;
  const original = object(message?.['reply_to_message']);
  return { messageId: facts.replyToMessageId, text: original && textOf(original) };
}

function firstName(user: unknown): string {
  return string(object(user)?.['first_name']) ?? 'somebody';
}

/** What a service message says. */
function serviceText({ facts }: RecentRecord, message: Fields): string {
  const isOwnDoing = facts.memberUserId === facts.user?.id;
  if (facts.contentType === 'new_chat_members') {
    if (isOwnDoing) return 'joined';
    return `added ${list(message['new_chat_members']).map(firstName).join(', ')}`;
  }
  if (facts.contentType === 'left_chat_member') {
    return isOwnDoing ? 'left' : `removed ${firstName(message['left_chat_member'])}`;
  }
  if (facts.contentType === 'new_chat_title') {
    return `renamed the group to ${string(message['new_chat_title']) ?? 'something else'}`;
  }
  return (facts.contentType ?? facts.updateType).replaceAll('_', ' ');
}

/** What a change of somebody's membership says. */
function membershipText({ memberStatusNew: status }: RecentRecord['facts']): string {
  if (status === 'member') return 'joined';
  if (status === 'left') return 'left';
  return status === 'kicked' ? 'was removed' : `became ${status ?? 'something else'}`;
}

function personEntry(record: RecentRecord): MutableEntry {
  const { facts, ref } = record;
  const message = messageOf(record);
  return {
    id: `${ref.key}#${ref.line}`,
    by: facts.isService ? 'service' : 'person',
    messageId: facts.messageId,
    at: new Date(timeOf(record)).toISOString(),
    author: personOf(record),
    text:
      message && facts.isService
        ? serviceText(record, message)
        : (facts.text ?? facts.caption ?? string(object(message?.['sticker'])?.['emoji'])),
    contentType: facts.contentType ?? facts.updateType,
    edit: null,
    reactions: [],
    replyTo: repliedTo(record, message),
    buttons: [],
    record: ref,
  };
}

function serviceEntry(record: RecentRecord, text: string | null): MutableEntry {
  return {
    ...personEntry(record),
    by: 'service',
    messageId: null,
    text,
    contentType: record.facts.updateType,
    replyTo: null,
  };
}

function answerEntry(record: RecentRecord, call: BotCall): MutableEntry {
  const { facts, ref } = record;
  const repliesTo = integer(object(call['reply_parameters'])?.['message_id']);
  return {
    id: `${ref.key}#${ref.line}/answer`,
    by: 'bot',
    messageId: reservedMessageId(record),
    at: new Date(record.receivedAt).toISOString(),
    author: null,
    text: textOf(call),
    contentType: 'text',
    edit: null,
    reactions: [],
    replyTo:
      repliesTo === null ? null : { messageId: repliesTo, text: facts.text ?? facts.caption },
    buttons: buttonsOf(call['reply_markup']),
    record: ref,
  };
}

/** The label of the button that was tapped, as it stood on the message. */
function tappedLabel({ update, facts }: RecentRecord): string | null {
  const message = object(object(update['callback_query'])?.['message']);
  const button = buttonsOf(message?.['reply_markup'])
    .flat()
    .find(({ data }) => data === facts.callbackData);
  return button?.text ?? facts.callbackData;
}

/** Names of reactions as `UpdateFacts.reaction` joins them. */
export function reactionsOf(reaction: string | null): string[] {
  return reaction === null || reaction === '' ? [] : reaction.split(',');
}

/**
 * What is seen of a chat: its updates in the order of time, edits put in their place and marked,
 * reactions on their messages, the bot's answers as their envelopes hold them.
 *
 * @param records updates of one chat, in any order
 */
export function conversation(records: readonly RecentRecord[]): Entry[] {
  const sorted = [...records].sort(byTime);
  const entries: MutableEntry[] = [];
  const byMessage = new Map<number, MutableEntry>();
  const add = (entry: MutableEntry) => {
    entries.push(entry);
    if (entry.messageId !== null && !byMessage.has(entry.messageId)) {
      byMessage.set(entry.messageId, entry);
    }
  };

  const comingAndGoing = sorted.filter(
    ({ facts }) => facts.isService && facts.memberUserId !== null,
  );
  const isToldTwice = (record: RecentRecord) =>
    comingAndGoing.some(
      (line) =>
        line.facts.memberUserId === record.facts.memberUserId &&
        Math.abs(timeOf(line) - timeOf(record)) <= SAME_EVENT_MS,
    );

  // Numbers that people's messages carry: no answer has one of them.
  const taken = new Set(
    sorted.map(({ facts }) => (partOf(facts) === 'message' ? facts.messageId : null)),
  );
  /** What stands of each person on each message. */
  const standing = new Map<string, Entry['reactions']>();

  const react = (record: RecentRecord, entry: MutableEntry) => {
    const { facts, ref } = record;
    const reactor = `${facts.messageId ?? ''} ${facts.user?.id ?? facts.senderChat?.id ?? ''}`;
    const before = standing.get(reactor) ?? [];
    const now = reactionsOf(facts.reaction).map((emoji) => ({ emoji, record: ref }));
    entry.reactions = [...entry.reactions.filter((one) => !before.includes(one)), ...now];
    standing.set(reactor, now);
  };

  for (const record of sorted) {
    const { facts, ref, answer } = record;
    const known = facts.messageId === null ? undefined : byMessage.get(facts.messageId);
    if (partOf(facts) === 'message') {
      add(personEntry(record));
    } else if (partOf(facts) === 'edit') {
      const entry = known ?? personEntry(record);
      entry.text = facts.text ?? facts.caption ?? entry.text;
      entry.edit = { at: new Date(timeOf(record)).toISOString(), record: ref };
      if (!known) add(entry);
    } else if (facts.updateType === 'message_reaction' && known) {
      react(record, known);
    } else if (facts.updateType === 'message_reaction') {
      const emojis = reactionsOf(facts.reaction);
      add(
        serviceEntry(
          record,
          emojis.length > 0 ? `reacted ${emojis.join(' ')}` : 'took a reaction back',
        ),
      );
    } else if (facts.updateType === 'callback_query') {
      add(serviceEntry(record, tappedLabel(record)));
    } else if (facts.updateType === 'chat_member' || facts.updateType === 'my_chat_member') {
      if (!isToldTwice(record)) add(serviceEntry(record, membershipText(facts)));
    } else {
      add(serviceEntry(record, facts.updateType.replaceAll('_', ' ')));
    }
    if (answer?.call) {
      const entry = answerEntry(record, answer.call);
      if (taken.has(entry.messageId)) entry.messageId = null;
      add(entry);
    }
  }
  return entries;
}
