import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONTENT_TYPES, isServiceContent } from '../../../src/telegram/content.ts';
import type { UpdateFacts } from '../../../src/telegram/facts.ts';
import { type RawUpdate, updateFacts } from '../../../src/telegram/updateFacts.ts';
import { UPDATE_TYPES } from '../../../src/telegram/updateTypes.ts';
import { arbitraryDamagedUpdate, arbitraryUpdate } from '../../support/updates/arbitraries.ts';
import { CONTENTS } from '../../support/updates/contents.ts';
import {
  NOON,
  SPECIAL_UPDATES,
  UPDATES,
  UPDATES_BY_CONTENT,
} from '../../support/updates/fixtures.ts';
import {
  CAROL,
  CAROLS_CHAT,
  CHANNEL,
  GROUP,
  JAMES,
  MARIA,
  OUR_BOT,
  SUPERGROUP,
} from '../../support/updates/people.ts';

/** The facts that are neither null nor false. */
function known(update: object): Partial<UpdateFacts> {
  const facts = updateFacts(update as RawUpdate);
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null && value !== false),
  );
}

const carol = {
  id: CAROL.id,
  isBot: false,
  firstName: 'Carol 🌻',
  username: 'carol_souza',
  languageCode: 'pt-br',
};
const james = {
  id: JAMES.id,
  isBot: false,
  firstName: 'James',
  username: 'james_in_sp',
  languageCode: 'en',
};
const maria = {
  id: MARIA.id,
  isBot: false,
  firstName: 'Maria',
  username: null,
  languageCode: null,
};
const carolsChat = { id: CAROLS_CHAT.id, type: 'private', title: null };
const supergroup = { id: SUPERGROUP.id, type: 'supergroup', title: 'Clientes da Loja' };
const channel = { id: CHANNEL.id, type: 'channel', title: 'Novidades da Loja' };
const business = 'BQ7x2Q8AAQ';

/** What is known of each fixture, beyond its number and kind. */
const EXPECTED: Record<keyof typeof UPDATES, Partial<UpdateFacts>> = {
  message: {
    ownTime: NOON,
    date: NOON,
    chat: carolsChat,
    user: carol,
    contentType: 'text',
    text: 'Olá! Vocês abrem no sábado? 😀',
    textLength: 29,
    messageId: 501,
  },
  edited_message: {
    ownTime: NOON + 95,
    date: NOON,
    editDate: NOON + 95,
    chat: carolsChat,
    user: carol,
    contentType: 'text',
    text: 'Olá! Vocês abrem no sábado de manhã? 😀',
    textLength: 38,
    messageId: 501,
  },
  channel_post: {
    ownTime: NOON + 120,
    date: NOON + 120,
    chat: channel,
    senderChat: channel,
    contentType: 'photo',
    caption: 'Chegou assim, com a alça solta 😕',
    textLength: 32,
    messageId: 61,
    mediaGroupId: '13877265431',
  },
  edited_channel_post: {
    ownTime: NOON + 130,
    date: NOON - 86_400,
    editDate: NOON + 130,
    chat: channel,
    senderChat: channel,
    contentType: 'text',
    text: 'Sábado abrimos das 9h às 14h',
    textLength: 28,
    messageId: 60,
  },
  business_connection: { user: maria, businessConnectionId: business },
  business_message: {
    ownTime: NOON + 140,
    date: NOON + 140,
    chat: carolsChat,
    user: carol,
    contentType: 'text',
    text: 'Tem caneca azul?',
    textLength: 16,
    messageId: 7_001,
    businessConnectionId: business,
  },
  edited_business_message: {
    ownTime: NOON + 160,
    date: NOON + 140,
    editDate: NOON + 160,
    chat: carolsChat,
    user: carol,
    contentType: 'text',
    text: 'Tem caneca azul grande?',
    textLength: 23,
    messageId: 7_001,
    businessConnectionId: business,
  },
  deleted_business_messages: { chat: carolsChat, businessConnectionId: business },
  guest_message: {
    ownTime: NOON + 170,
    date: NOON + 170,
    chat: supergroup,
    user: james,
    contentType: 'text',
    text: '@loja_da_maria_bot do you ship abroad?',
    textLength: 38,
    messageId: 88,
  },
  stopped_message_generation: { chat: carolsChat, messageThreadId: 3 },
  message_reaction: {
    ownTime: NOON + 200,
    date: NOON + 200,
    chat: supergroup,
    user: carol,
    messageId: 480,
    reaction: '❤,custom:5368324170671202286,paid',
  },
  message_reaction_count: {
    ownTime: NOON + 210,
    date: NOON + 210,
    chat: channel,
    messageId: 60,
    reaction: '🎉,👍',
  },
  inline_query: { user: james },
  chosen_inline_result: { user: james },
  callback_query: {
    chat: carolsChat,
    user: carol,
    messageId: 502,
    callbackQueryId: '4382801927364551',
    callbackData: 'topic:horario',
  },
  shipping_query: { user: carol },
  pre_checkout_query: { user: carol },
  purchased_paid_media: { user: carol },
  poll: {},
  poll_answer: { user: carol },
  my_chat_member: {
    ownTime: NOON + 300,
    date: NOON + 300,
    chat: carolsChat,
    user: carol,
    memberUserId: OUR_BOT.id,
    memberStatusOld: 'member',
    memberStatusNew: 'kicked',
  },
  chat_member: {
    ownTime: NOON + 310,
    date: NOON + 310,
    chat: supergroup,
    user: maria,
    memberUserId: JAMES.id,
    memberStatusOld: 'left',
    memberStatusNew: 'restricted',
  },
  chat_join_request: {
    ownTime: NOON + 320,
    date: NOON + 320,
    chat: supergroup,
    user: james,
  },
  chat_boost: { ownTime: NOON + 330, date: NOON + 330, chat: channel, user: carol },
  removed_chat_boost: { ownTime: NOON + 340, date: NOON + 340, chat: channel },
  managed_bot: { user: maria },
  subscription: { user: carol },
};

describe('the facts of every kind of update', () => {
  test.each(UPDATE_TYPES)('%s', (type) => {
    const update = UPDATES[type];
    expect(known(update)).toEqual({
      updateId: update.update_id,
      updateType: type,
      ...EXPECTED[type],
    });
  });
});

describe('the content of a message', () => {
  test.each(CONTENT_TYPES)('%s', (type) => {
    const facts = updateFacts(UPDATES_BY_CONTENT[type]);
    const { text = null, caption = null } = CONTENTS[type];
    expect(facts).toMatchObject({
      updateType: 'message',
      contentType: type,
      isService: isServiceContent(type),
      text,
      caption,
      textLength:
        text === null && caption === null ? null : Array.from(text ?? caption ?? '').length,
    });
  });

  test('one that the Bot API does not have is kept as unknown, and is no service message', () => {
    expect(known(SPECIAL_UPDATES.unknownContent)).toMatchObject({ contentType: 'unknown' });
    expect(updateFacts(SPECIAL_UPDATES.unknownContent).isService).toBe(false);
  });

  test('who left, who joined; several at once are nobody in particular', () => {
    expect(updateFacts(UPDATES_BY_CONTENT.left_chat_member).memberUserId).toBe(CAROL.id);
    expect(updateFacts(UPDATES_BY_CONTENT.new_chat_members).memberUserId).toBe(CAROL.id);
    const both = { update_id: 1, message: { new_chat_members: [CAROL, JAMES] } };
    expect(updateFacts(both).memberUserId).toBeNull();
  });

  test('a group that becomes a supergroup, on both sides', () => {
    expect(updateFacts(SPECIAL_UPDATES.migrated)).toMatchObject({
      chat: { id: GROUP.id },
      migrateToChatId: SUPERGROUP.id,
      migrateFromChatId: null,
    });
    expect(updateFacts(UPDATES_BY_CONTENT.migrate_from_chat_id)).toMatchObject({
      chat: { id: SUPERGROUP.id },
      migrateToChatId: null,
      migrateFromChatId: GROUP.id,
    });
  });
});

describe('kinds', () => {
  test('one that the Bot API does not have is unknown', () => {
    expect(known(SPECIAL_UPDATES.unknownKind)).toEqual({
      updateId: 439_600_001,
      updateType: 'unknown',
    });
    expect(known(SPECIAL_UPDATES.nothingButNumber)).toEqual({
      updateId: 439_600_002,
      updateType: 'unknown',
    });
  });

  test('of several, the first in the order of the Bot API decides', () => {
    expect(updateFacts(SPECIAL_UPDATES.severalKinds)).toMatchObject({
      updateType: 'message',
      text: UPDATES.message.message.text,
      callbackData: null,
    });
  });

  test('null is absent; a damaged payload is still of its kind', () => {
    const tap = UPDATES.callback_query.callback_query;
    expect(updateFacts({ update_id: 1, message: null, callback_query: tap }).updateType).toBe(
      'callback_query',
    );
    expect(known({ update_id: 1, message: 'hello' })).toEqual({
      updateId: 1,
      updateType: 'message',
      contentType: 'unknown',
    });
    expect(known({ update_id: 1, poll_answer: [] })).toEqual({
      updateId: 1,
      updateType: 'poll_answer',
    });
  });
});

describe('who speaks', () => {
  test.each([
    ['an anonymous administrator', SPECIAL_UPDATES.anonymousAdministrator, SUPERGROUP.id],
    ['a channel in a group', SPECIAL_UPDATES.channelInGroup, CHANNEL.id],
    ['an anonymous reaction', SPECIAL_UPDATES.anonymousReaction, SUPERGROUP.id],
    ['an anonymous vote', SPECIAL_UPDATES.anonymousVote, CHANNEL.id],
  ])('%s: the chat, not the stand-in user', (_, update, chatId) => {
    const facts = updateFacts(update);
    expect(facts.user).toBeNull();
    expect(facts.senderChat?.id).toBe(chatId);
  });

  test('a sender_chat without id is damaged and does not hide the user', () => {
    const message = { ...UPDATES.message.message, sender_chat: { id: 'x' } };
    expect(updateFacts({ update_id: 1, message }).user?.id).toBe(CAROL.id);
  });

  test('an id of 0 is an id', () => {
    expect(updateFacts(SPECIAL_UPDATES.zeroIds)).toMatchObject({
      updateId: 0,
      messageId: 0,
      chat: { id: 0 },
      user: { id: 0, firstName: '' },
      text: '',
      textLength: 0,
    });
  });
});

describe('time', () => {
  test('the message under a tapped button lends it no time', () => {
    expect(updateFacts(UPDATES.callback_query)).toMatchObject({ ownTime: null, date: null });
    expect(updateFacts(SPECIAL_UPDATES.inaccessibleMessage)).toMatchObject({
      ownTime: null,
      chat: { id: CAROL.id },
      messageId: 12,
      callbackData: 'topic:troca',
    });
  });

  test('a message without date has none, whatever is nested in it', () => {
    const message = { ...(SPECIAL_UPDATES.reply['message'] as object), date: undefined };
    expect(updateFacts({ update_id: 1, message })).toMatchObject({ ownTime: null, date: null });
  });

  test.each([0, -1, 1.5, '1768478400', 2 ** 32, 1e300, null, true, [NOON]])(
    'a date of %p is none',
    (date) => {
      const message = { ...UPDATES.message.message, date };
      expect(updateFacts({ update_id: 1, message })).toMatchObject({ ownTime: null, date: null });
    },
  );
});

describe('replies, forwards, bots', () => {
  test('whom and what it replies to', () => {
    expect(updateFacts(SPECIAL_UPDATES.reply)).toMatchObject({
      replyToMessageId: 480,
      replyToUserId: OUR_BOT.id,
    });
  });

  test('a message in a topic of a forum is no reply to whoever opened the topic', () => {
    expect(updateFacts(SPECIAL_UPDATES.inTopic)).toMatchObject({
      messageThreadId: 512,
      replyToMessageId: null,
      replyToUserId: null,
    });
  });

  test('a reply to an anonymous administrator is one to no user', () => {
    const message = {
      ...UPDATES.message.message,
      reply_to_message: SPECIAL_UPDATES.anonymousAdministrator['message'],
    };
    expect(updateFacts({ update_id: 1, message })).toMatchObject({
      replyToMessageId: 600_005,
      replyToUserId: null,
    });
  });

  test('a forward, as now and as before Bot API 7.0', () => {
    expect(updateFacts(SPECIAL_UPDATES.forwarded).isForward).toBe(true);
    const old = { ...UPDATES.message.message, forward_date: NOON };
    expect(updateFacts({ update_id: 1, message: old }).isForward).toBe(true);
    expect(updateFacts(UPDATES.message).isForward).toBe(false);
  });

  test('the inline bot', () => {
    expect(updateFacts(SPECIAL_UPDATES.viaBot).viaBotId).toBe(OUR_BOT.id);
  });
});

test('reactions that were all taken back are an empty list, damaged ones null', () => {
  expect(updateFacts(SPECIAL_UPDATES.anonymousReaction).reaction).toBe('');
  const of = (reactions: unknown) =>
    updateFacts({ update_id: 1, message_reaction: { new_reaction: reactions } }).reaction;
  expect(of(undefined)).toBeNull();
  expect(of('❤')).toBeNull();
  expect(of([null, { type: 'emoji' }, { type: 'emoji', emoji: '👍' }, { type: 'hum' }])).toBe(
    '👍,hum',
  );
});

describe('commands', () => {
  test('/start with the campaign of its link', () => {
    expect(updateFacts(SPECIAL_UPDATES.startWithPayload)).toMatchObject({
      command: 'start',
      commandBot: null,
      startPayload: 'insta-verao26',
    });
  });

  test('addressed to a bot', () => {
    expect(updateFacts(SPECIAL_UPDATES.addressedCommand)).toMatchObject({
      command: 'help',
      commandBot: 'loja_da_maria_bot',
      startPayload: null,
    });
  });
});

describe('updates of any shape', () => {
  test('a valid one is of its kind, and a message has a content', () => {
    fc.assert(
      fc.property(arbitraryUpdate(), (update) => {
        const facts = updateFacts(update);
        expect(facts.updateId).toBe(update.update_id);
        expect(update).toHaveProperty(facts.updateType);
        const inner = update[facts.updateType] as Record<string, unknown>;
        expect(facts.contentType === null || facts.contentType in inner).toBe(true);
        expect(facts.contentType).not.toBe('unknown');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a damaged one never throws, and every fact is of its type or null', () => {
    fc.assert(
      fc.property(arbitraryDamagedUpdate(), (update) => {
        const facts = updateFacts(update);
        expect(facts.updateId).toBe(update.update_id);
        expectRightTypes(facts);
      }),
      { numRuns: 3_000 },
    );
  });
});

const NUMBERS = [
  'ownTime',
  'date',
  'editDate',
  'textLength',
  'messageId',
  'messageThreadId',
  'replyToMessageId',
  'replyToUserId',
  'viaBotId',
  'memberUserId',
  'migrateToChatId',
  'migrateFromChatId',
] as const;
const STRINGS = [
  'text',
  'caption',
  'mediaGroupId',
  'businessConnectionId',
  'command',
  'commandBot',
  'startPayload',
  'callbackQueryId',
  'callbackData',
  'reaction',
  'memberStatusOld',
  'memberStatusNew',
] as const;

function expectRightTypes(facts: UpdateFacts): void {
  for (const name of NUMBERS) {
    expect(facts[name] === null || Number.isSafeInteger(facts[name])).toBe(true);
  }
  for (const name of STRINGS) {
    expect(facts[name] === null || typeof facts[name] === 'string').toBe(true);
  }
  for (const one of [facts.chat, facts.user, facts.senderChat]) {
    expect(one === null || Number.isSafeInteger(one.id)).toBe(true);
  }
  expect(typeof facts.isForward).toBe('boolean');
  expect(typeof facts.isService).toBe('boolean');
}
