import { CONTENT_TYPES, isServiceContent } from './content.ts';
import { readCommand } from './command.ts';
import type { ChatFacts, UpdateFacts, UserFacts } from './facts.ts';
import { type Fields, integer, list, object, string, time } from './fields.ts';
import { UPDATE_TYPES, type UpdateType } from './updateTypes.ts';

/** A JSON object that is an update: it has a number. Nothing else about it is certain. */
export interface RawUpdate {
  readonly update_id: number;
  readonly [field: string]: unknown;
}

/** What a kind of update tells beyond its number and kind. */
type Told = Omit<UpdateFacts, 'updateId' | 'updateType'>;

const NOTHING: Told = {
  ownTime: null,
  date: null,
  editDate: null,
  chat: null,
  user: null,
  senderChat: null,
  contentType: null,
  isService: false,
  text: null,
  caption: null,
  textLength: null,
  messageId: null,
  messageThreadId: null,
  replyToMessageId: null,
  replyToUserId: null,
  mediaGroupId: null,
  isForward: false,
  viaBotId: null,
  businessConnectionId: null,
  command: null,
  commandBot: null,
  startPayload: null,
  callbackQueryId: null,
  callbackData: null,
  reaction: null,
  memberUserId: null,
  memberStatusOld: null,
  memberStatusNew: null,
  migrateToChatId: null,
  migrateFromChatId: null,
};

function chat(value: unknown): ChatFacts | null {
  const fields = object(value);
  const id = integer(fields?.['id']);
  if (!fields || id === null) return null;
  return { id, type: string(fields['type']), title: string(fields['title']) };
}

function user(value: unknown): UserFacts | null {
  const fields = object(value);
  const id = integer(fields?.['id']);
  if (!fields || id === null) return null;
  return {
    id,
    isBot: typeof fields['is_bot'] === 'boolean' ? fields['is_bot'] : null,
    firstName: string(fields['first_name']),
    username: string(fields['username']),
    languageCode: string(fields['language_code']),
  };
}

/** Who acted: where a chat speaks in its own name, the user beside it is a stand-in. */
function sender(userField: unknown, chatField: unknown): Pick<Told, 'user' | 'senderChat'> {
  const senderChat = chat(chatField);
  return { senderChat, user: senderChat ? null : user(userField) };
}

/** Length in code points, as SQL's `length` counts. */
function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    // A high surrogate and the low one after it are one.
    if (
      (text.charCodeAt(at) & 0xfc00) === 0xd800 &&
      (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    ) {
      count--;
      at++;
    }
  }
  return count;
}

/**
 * The message that is replied to. In a forum, Telegram makes every message of a topic a reply to
 * the service message that opened the topic: that is no reply.
 */
function repliedTo(message: Fields): Fields | null {
  const replied = object(message['reply_to_message']);
  return replied && !('forum_topic_created' in replied) ? replied : null;
}

/** The one who left or joined; null when several joined at once. */
function movedMember(message: Fields): number | null {
  const joined = list(message['new_chat_members']);
  const moved = joined.length === 1 ? joined[0] : message['left_chat_member'];
  return user(moved)?.id ?? null;
}

function aboutMessage(message: Fields): Told {
  const date = time(message['date']);
  const editDate = time(message['edit_date']);
  const text = string(message['text']);
  const caption = string(message['caption']);
  const content = CONTENT_TYPES.find((type) => (message[type] ?? null) !== null) ?? 'unknown';
  const command = text?.startsWith('/') ? readCommand(text, message['entities']) : null;
  const replied = repliedTo(message);
  const { user: author, senderChat } = sender(message['from'], message['sender_chat']);
  return {
    ...NOTHING,
    user: author,
    senderChat,
    ownTime: editDate ?? date,
    date,
    editDate,
    chat: chat(message['chat']),
    contentType: content,
    isService: content !== 'unknown' && isServiceContent(content),
    text,
    caption,
    textLength: text === null && caption === null ? null : codePoints(text ?? caption ?? ''),
    messageId: integer(message['message_id']),
    messageThreadId: integer(message['message_thread_id']),
    replyToMessageId: integer(replied?.['message_id']),
    replyToUserId: sender(replied?.['from'], replied?.['sender_chat']).user?.id ?? null,
    mediaGroupId: string(message['media_group_id']),
    // forward_date: as it was until Bot API 7.0, and stands in older lakes.
    isForward: object(message['forward_origin']) !== null || time(message['forward_date']) !== null,
    viaBotId: user(message['via_bot'])?.id ?? null,
    businessConnectionId: string(message['business_connection_id']),
    command: command?.name ?? null,
    commandBot: command?.bot ?? null,
    startPayload: command?.name === 'start' && command.rest !== '' ? command.rest : null,
    memberUserId: movedMember(message),
    migrateToChatId: integer(message['migrate_to_chat_id']),
    migrateFromChatId: integer(message['migrate_from_chat_id']),
  };
}

/** A tapped button. Its message is the bot's own: where it stands, not when the tap happened. */
function aboutTap(query: Fields): Told {
  const message = object(query['message']);
  return {
    ...NOTHING,
    user: user(query['from']),
    chat: chat(message?.['chat']),
    messageId: integer(message?.['message_id']),
    messageThreadId: integer(message?.['message_thread_id']),
    businessConnectionId: string(message?.['business_connection_id']),
    callbackQueryId: string(query['id']),
    callbackData: string(query['data']),
  };
}

/** Name of a `ReactionType`: an emoji, `custom:<id>`, or what else its type says (`paid`). */
function reactionName(value: unknown): string | null {
  const reaction = object(value);
  switch (reaction?.['type']) {
    case 'emoji':
      return string(reaction['emoji']);
    case 'custom_emoji': {
      const id = string(reaction['custom_emoji_id']);
      return id === null ? null : `custom:${id}`;
    }
    default:
      return string(reaction?.['type']);
  }
}

function reactionNames(reactions: unknown): string | null {
  if (!Array.isArray(reactions)) return null;
  return reactions
    .map(reactionName)
    .filter((name) => name !== null)
    .join(',');
}

function aboutReaction(event: Fields): Told {
  return {
    ...aboutEvent(event),
    ...sender(event['user'], event['actor_chat']),
    messageId: integer(event['message_id']),
    reaction: reactionNames(event['new_reaction']),
  };
}

function aboutReactionCount(event: Fields): Told {
  const counts = event['reactions'];
  return {
    ...aboutEvent(event),
    messageId: integer(event['message_id']),
    reaction: Array.isArray(counts)
      ? reactionNames(counts.map((count) => object(count)?.['type']))
      : null,
  };
}

function aboutMember(event: Fields): Told {
  const before = object(event['old_chat_member']);
  const after = object(event['new_chat_member']);
  return {
    ...aboutEvent(event),
    memberUserId: (user(after?.['user']) ?? user(before?.['user']))?.id ?? null,
    memberStatusOld: string(before?.['status']),
    memberStatusNew: string(after?.['status']),
  };
}

function aboutBoost(event: Fields): Told {
  const boost = object(event['boost']);
  const date = time(boost?.['add_date']);
  const booster = object(boost?.['source'])?.['user'];
  return { ...NOTHING, chat: chat(event['chat']), user: user(booster), date, ownTime: date };
}

function aboutLostBoost(event: Fields): Told {
  const date = time(event['remove_date']);
  const booster = object(event['source'])?.['user'];
  return { ...NOTHING, chat: chat(event['chat']), user: user(booster), date, ownTime: date };
}

/** An event in a chat, with its time. */
function aboutEvent(event: Fields): Told {
  const date = time(event['date']);
  return {
    ...NOTHING,
    chat: chat(event['chat']),
    user: user(event['from']),
    date,
    ownTime: date,
  };
}

/** A query or a change that has a user and no time of its own. */
function aboutUser(event: Fields): Told {
  return { ...NOTHING, user: user(event['from'] ?? event['user']) };
}

function aboutChat(event: Fields): Told {
  return {
    ...NOTHING,
    chat: chat(event['chat']),
    messageThreadId: integer(event['message_thread_id']),
    businessConnectionId: string(event['business_connection_id']),
  };
}

const readers: Record<UpdateType, (payload: Fields) => Told> = {
  message: aboutMessage,
  edited_message: aboutMessage,
  channel_post: aboutMessage,
  edited_channel_post: aboutMessage,
  // Its date is when the connection was first made, not when it changed: no time of its own.
  business_connection: (event) => ({
    ...aboutUser(event),
    businessConnectionId: string(event['id']),
  }),
  business_message: aboutMessage,
  edited_business_message: aboutMessage,
  deleted_business_messages: aboutChat,
  guest_message: aboutMessage,
  stopped_message_generation: aboutChat,
  message_reaction: aboutReaction,
  message_reaction_count: aboutReactionCount,
  inline_query: aboutUser,
  chosen_inline_result: aboutUser,
  callback_query: aboutTap,
  shipping_query: aboutUser,
  pre_checkout_query: aboutUser,
  purchased_paid_media: aboutUser,
  poll: () => NOTHING,
  poll_answer: (answer) => ({ ...NOTHING, ...sender(answer['user'], answer['voter_chat']) }),
  my_chat_member: aboutMember,
  chat_member: aboutMember,
  chat_join_request: aboutEvent,
  chat_boost: aboutBoost,
  removed_chat_boost: aboutLostBoost,
  managed_bot: aboutUser,
  subscription: aboutUser,
};

/**
 * Reads the facts of an update of any kind, known or not, whole or damaged. Never throws: a field
 * that is absent or of a wrong type is null, a kind that the Bot API does not have is `unknown`.
 * Of several known kinds in one update the first in the Bot API's order decides.
 */
export function updateFacts(update: RawUpdate): UpdateFacts {
  const updateType = UPDATE_TYPES.find((type) => (update[type] ?? null) !== null) ?? 'unknown';
  const told =
    updateType === 'unknown' ? NOTHING : readers[updateType](object(update[updateType]) ?? {});
  // Every update passes here: V8 copies as a whole what is spread first (as in aboutMessage), anything
  // else field by field.
  return { ...told, updateId: update.update_id, updateType };
}
