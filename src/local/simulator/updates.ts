import { createHash } from 'node:crypto';

import type {
  Chat as TelegramChat,
  ChatMember,
  Message,
  MessageEntity,
  PhotoSize,
  Update,
  User,
} from '@grammyjs/types';

import type { Person } from '../api.ts';
import type { SimulatedChat } from './people.ts';

/** Who does something where, under which numbers: what every update has. */
export interface Occasion {
  readonly updateId: number;
  readonly chat: SimulatedChat;
  readonly person: Person;
  /** Unix seconds. */
  readonly time: number;
}

/** A message that Telegram's servers have numbered. */
export interface MessageOccasion extends Occasion {
  readonly messageId: number;
}

export function userOf(person: Person): User {
  return {
    id: person.id,
    is_bot: false,
    first_name: person.firstName,
    ...(person.username !== null && { username: person.username }),
    ...(person.languageCode !== null && { language_code: person.languageCode }),
  };
}

export function chatOf({ chat }: Pick<Occasion, 'chat'>): TelegramChat {
  if (chat.type !== 'private') return { id: chat.id, type: chat.type, title: chat.title };
  const [person] = chat.people;
  return {
    id: chat.id,
    type: 'private',
    first_name: chat.title,
    ...(person?.username && { username: person.username }),
  };
}

// Telegram's servers mark these while a message passes through; offsets count UTF-16 units.
const ENTITIES: readonly {
  readonly type: 'bot_command' | 'mention' | 'url';
  readonly like: RegExp;
}[] = [
  { type: 'bot_command', like: /(?<![\w/])\/[a-z]\w{0,31}(?:@\w{4,32})?(?!\w)/giu },
  { type: 'mention', like: /(?<![\w/])@[a-z]\w{3,31}(?!\w)/giu },
  { type: 'url', like: /https?:\/\/[^\s<>"]+/giu },
];

/** Commands, mentions and links of a text, in the order of the text. */
export function entitiesOf(text: string): MessageEntity[] {
  return ENTITIES.flatMap(({ type, like }) =>
    [...text.matchAll(like)].map((hit): MessageEntity => ({
      type,
      offset: hit.index,
      length: hit[0].length,
    })),
  ).sort((a, b) => a.offset - b.offset);
}

function textFields(text: string): { text: string; entities?: MessageEntity[] } {
  const entities = entitiesOf(text);
  return { text, ...(entities.length > 0 && { entities }) };
}

function captionFields(caption: string): { caption: string; caption_entities?: MessageEntity[] } {
  const entities = entitiesOf(caption);
  return { caption, ...(entities.length > 0 && { caption_entities: entities }) };
}

function head(occasion: MessageOccasion) {
  return {
    message_id: occasion.messageId,
    from: userOf(occasion.person),
    chat: chatOf(occasion),
    date: occasion.time,
  };
}

function messageUpdate(occasion: MessageOccasion, content: object): Update {
  // The union of 70 kinds of message cannot be narrowed from a spread; tests parse each one.
  return { update_id: occasion.updateId, message: { ...head(occasion), ...content } } as Update;
}

/** A text message. @param repliesTo the message replied to, as Telegram embeds it: without its own */
export function textUpdate(occasion: MessageOccasion, text: string, repliesTo?: Message): Update {
  return messageUpdate(occasion, {
    ...(repliesTo && { reply_to_message: repliesTo }),
    ...textFields(text),
  });
}

/** Ids that look like Telegram's and differ from file to file; nobody else can read either. */
function fileIds(seed: string): { file_id: string; file_unique_id: string } {
  const digest = createHash('sha512').update(seed).digest('base64url');
  return {
    file_id: `AgACAgEAAxkBAAI${digest.slice(0, 60)}`,
    file_unique_id: `AQAD${digest.slice(60, 72)}`,
  };
}

// What Telegram makes of a photo of 4:3: the longer side is 90, 320, 800 and 1280 pixels.
const PHOTO_SIZES = [
  { width: 90, height: 67, file_size: 1_436 },
  { width: 320, height: 240, file_size: 19_882 },
  { width: 800, height: 600, file_size: 84_510 },
  { width: 1280, height: 960, file_size: 163_207 },
] as const;

/** A photo in Telegram's four sizes, with or without a caption. */
export function photoUpdate(occasion: MessageOccasion, caption?: string): Update {
  const photo: PhotoSize[] = PHOTO_SIZES.map((size) => ({
    ...fileIds(`photo ${occasion.updateId} ${size.width}`),
    ...size,
  }));
  return messageUpdate(occasion, { photo, ...(caption !== undefined && captionFields(caption)) });
}

/** A static sticker. */
export function stickerUpdate(occasion: MessageOccasion, emoji: string): Update {
  return messageUpdate(occasion, {
    sticker: {
      ...fileIds(`sticker ${emoji}`),
      type: 'regular',
      width: 512,
      height: 512,
      is_animated: false,
      is_video: false,
      emoji,
      set_name: 'HotCherry',
      file_size: 20_458,
    },
  });
}

/** A message again, with another text (another caption, where it had one). */
export function editUpdate(occasion: Occasion, original: Message, text: string): Update {
  // An undefined field is left out of the JSON: an edit may take the last mention away.
  const content =
    original.text === undefined
      ? { caption_entities: undefined, ...captionFields(text) }
      : { entities: undefined, ...textFields(text) };
  return {
    update_id: occasion.updateId,
    edited_message: { ...original, edit_date: occasion.time, ...content },
  } as Update;
}

/** A tap on an inline button. @param queryId Telegram's number of the tap, opaque to bots */
export function tapUpdate(
  occasion: Occasion,
  queryId: string,
  message: Message,
  data: string,
): Update {
  return {
    update_id: occasion.updateId,
    callback_query: {
      id: queryId,
      from: userOf(occasion.person),
      message,
      chat_instance: createHash('sha256')
        .update(`chat ${occasion.chat.id}`)
        .digest('hex')
        .slice(0, 16),
      data,
    },
  };
}

/** A reaction that is set, changed or (new: null) taken back. */
export function reactionUpdate(
  occasion: Occasion,
  messageId: number,
  reaction: { readonly old: string | null; readonly new: string | null },
): Update {
  const list = (emoji: string | null) => (emoji === null ? [] : [{ type: 'emoji', emoji }]);
  return {
    update_id: occasion.updateId,
    message_reaction: {
      chat: chatOf(occasion),
      message_id: messageId,
      user: userOf(occasion.person),
      date: occasion.time,
      old_reaction: list(reaction.old),
      new_reaction: list(reaction.new),
    },
  } as Update;
}

/** The service line of a group that somebody joined or left. */
export function membershipMessage(occasion: MessageOccasion, change: 'join' | 'leave'): Update {
  const user = userOf(occasion.person);
  return messageUpdate(
    occasion,
    change === 'join'
      ? { new_chat_participant: user, new_chat_member: user, new_chat_members: [user] }
      : { left_chat_participant: user, left_chat_member: user },
  );
}

/** The same change as administrators are told of it, bots among them. */
export function membershipUpdate(occasion: Occasion, change: 'join' | 'leave'): Update {
  const user = userOf(occasion.person);
  const member: ChatMember = { user, status: 'member' };
  const left: ChatMember = { user, status: 'left' };
  const [before, after] = change === 'join' ? [left, member] : [member, left];
  return {
    update_id: occasion.updateId,
    chat_member: {
      chat: chatOf(occasion),
      from: user,
      date: occasion.time,
      old_chat_member: before,
      new_chat_member: after,
    },
  };
}
