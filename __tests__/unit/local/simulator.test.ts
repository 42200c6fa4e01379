import { describe, expect, test } from '@jest/globals';
import type { Update } from '@grammyjs/types';

import type { Action } from '../../../src/local/api.ts';
import { conversation } from '../../../src/local/conversation.ts';
import { createRecentRecords } from '../../../src/local/recentRecords.ts';
import { SIMULATED_CHATS, type SimulatedChat } from '../../../src/local/simulator/people.ts';
import { ActionError, createSimulator } from '../../../src/local/simulator/simulator.ts';
import { entitiesOf } from '../../../src/local/simulator/updates.ts';
import { parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import { record, saying } from './support.ts';

const NOON = Date.parse('2026-11-20T15:00:00Z');
const [ana, , , group] = SIMULATED_CHATS as readonly [
  SimulatedChat,
  SimulatedChat,
  SimulatedChat,
  SimulatedChat,
];
const anaId = ana.id;

/** A simulator whose webhook stores everything and answers messages and taps. */
function simulate() {
  const records = createRecentRecords(1000);
  const posted: Update[] = [];
  let now = NOON;
  const simulator = createSimulator({
    records,
    bot: { id: 42, username: 'loja_bot' },
    now: () => (now += 1000),
    post: (update) => {
      posted.push(update);
      const isAnswered = 'message' in update || 'callback_query' in update;
      records.add(
        record(
          update,
          isAnswered ? saying(`Answer to ${update.update_id}`, ['help']) : null,
          now + 250,
        ),
      );
      return Promise.resolve(200);
    },
  });
  const act = (chat: typeof ana, action: Action) => simulator.act(chat, action);
  return { act, posted, records };
}

const actions: readonly (readonly [
  string,
  Action,
  Partial<ReturnType<typeof parseUpdate>['facts']>,
])[] = [
  [
    'text',
    { personId: anaId, type: 'text', text: 'Oi' },
    { updateType: 'message', contentType: 'text', text: 'Oi', textLength: 2 },
  ],
  [
    'command',
    { personId: anaId, type: 'text', text: '/start@loja_bot abc' },
    { command: 'start', commandBot: 'loja_bot', startPayload: 'abc' },
  ],
  [
    'photo',
    { personId: anaId, type: 'photo', caption: 'Chegou assim' },
    { contentType: 'photo', caption: 'Chegou assim', text: null },
  ],
  [
    'photo without caption',
    { personId: anaId, type: 'photo' },
    { contentType: 'photo', caption: null, textLength: null },
  ],
  [
    'sticker',
    { personId: anaId, type: 'sticker', emoji: '👍' },
    { contentType: 'sticker', textLength: null },
  ],
  [
    'join',
    { personId: anaId, type: 'join' },
    { contentType: 'new_chat_members', isService: true, memberUserId: anaId },
  ],
  [
    'leave',
    { personId: anaId, type: 'leave' },
    { contentType: 'left_chat_member', isService: true, memberUserId: anaId },
  ],
];

describe('the simulator', () => {
  test.each(actions)('sends %s as Telegram does', async (_, action, facts) => {
    const { act, posted } = simulate();
    await act(group, action);
    const [update] = posted;
    const parsed = parseUpdate(JSON.stringify(update)).facts;
    expect(parsed).toMatchObject({
      ...facts,
      ownTime: (NOON + 1000) / 1000,
      messageId: 1,
      chat: { id: group.id, type: 'supergroup', title: group.title },
      user: {
        id: anaId,
        firstName: 'Ana',
        isBot: false,
        username: 'ana_souza',
        languageCode: 'pt-br',
      },
    });
  });

  test('tells administrators of joining and leaving, too', async () => {
    const { act, posted } = simulate();
    await act(group, { personId: anaId, type: 'join' });
    await act(group, { personId: anaId, type: 'leave' });
    const facts = posted.map((update) => parseUpdate(JSON.stringify(update)).facts);
    expect(facts.map(({ updateType }) => updateType)).toEqual([
      'message',
      'chat_member',
      'message',
      'chat_member',
    ]);
    expect(facts[1]).toMatchObject({ memberStatusOld: 'left', memberStatusNew: 'member' });
    expect(facts[3]).toMatchObject({ memberStatusOld: 'member', memberStatusNew: 'left' });
  });

  test('numbers updates and messages, keeping numbers free for answers', async () => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    await act(ana, { personId: anaId, type: 'tap', messageId: 2, data: 'help' });
    await act(ana, { personId: anaId, type: 'text', text: 'two' });
    const facts = posted.map((update) => parseUpdate(JSON.stringify(update)).facts);
    expect(facts.map(({ updateId }) => updateId - (facts[0]?.updateId ?? 0))).toEqual([0, 1, 2]);
    // 2 answers the first message, 3 the tap.
    expect(facts.map(({ messageId }) => messageId)).toEqual([1, 2, 4]);
  });

  test('two actions at once get two numbers', async () => {
    const { act, posted } = simulate();
    await Promise.all(
      ['a', 'b', 'c'].map((text) => act(ana, { personId: anaId, type: 'text', text })),
    );
    expect(new Set(posted.map(({ update_id }) => update_id)).size).toBe(3);
  });

  test('a tap carries the message with its buttons', async () => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    await act(ana, { personId: anaId, type: 'tap', messageId: 2, data: 'help' });
    expect(posted[1]).toMatchObject({
      callback_query: {
        data: 'help',
        message: {
          message_id: 2,
          from: { id: 42, is_bot: true },
          reply_markup: { inline_keyboard: [[{ callback_data: 'help' }]] },
        },
      },
    });
  });

  test('an edit changes text and entities, a caption where there was one', async () => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: '/help me' });
    await act(ana, { personId: anaId, type: 'edit', messageId: 1, text: 'help me' });
    await act(ana, { personId: anaId, type: 'photo', caption: 'a' });
    await act(ana, { personId: anaId, type: 'edit', messageId: 3, text: 'b' });
    const facts = posted.map((update) => parseUpdate(JSON.stringify(update)).facts);
    expect(facts[1]).toMatchObject({
      updateType: 'edited_message',
      text: 'help me',
      command: null,
    });
    expect(facts[1]?.editDate).toBe(facts[1]?.ownTime);
    expect(facts[1]?.date).toBe(facts[0]?.date);
    expect(JSON.stringify(posted[1])).not.toContain('entities');
    expect(facts[3]).toMatchObject({ contentType: 'photo', caption: 'b', text: null });
  });

  test('a reply holds the message replied to, but not what that one replies to', async () => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    await act(ana, { personId: anaId, type: 'text', text: 'two', replyToMessageId: 1 });
    await act(ana, { personId: anaId, type: 'text', text: 'three', replyToMessageId: 3 });
    await act(ana, { personId: anaId, type: 'text', text: 'four', replyToMessageId: 2 });
    const facts = posted.map((update) => parseUpdate(JSON.stringify(update)).facts);
    expect(facts.map(({ replyToMessageId }) => replyToMessageId)).toEqual([null, 1, 3, 2]);
    expect(facts.map(({ replyToUserId }) => replyToUserId)).toEqual([null, anaId, anaId, 42]);
    expect(JSON.stringify(posted[2]).match(/reply_to_message/g)).toHaveLength(1);
  });

  test('the same reaction twice takes it back', async () => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    for (const emoji of ['👍', '❤', '❤'])
      await act(ana, { personId: anaId, type: 'react', messageId: 2, emoji });
    expect(posted.slice(1).map((update) => update.message_reaction?.new_reaction.length)).toEqual([
      1, 1, 0,
    ]);
    expect(posted.slice(1).map((update) => update.message_reaction?.old_reaction.length)).toEqual([
      0, 1, 1,
    ]);
  });

  test.each<[string, Action]>([
    ['a stranger', { personId: 1, type: 'text', text: 'Oi' }],
    ['an edit of what is not there', { personId: anaId, type: 'edit', messageId: 77, text: 'x' }],
    ["an edit of the bot's message", { personId: anaId, type: 'edit', messageId: 2, text: 'x' }],
    ['a tap on no button', { personId: anaId, type: 'tap', messageId: 2, data: 'nothing' }],
    ['joining a private chat', { personId: anaId, type: 'join' }],
  ])('refuses %s', async (_, action) => {
    const { act, posted } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    await expect(act(ana, action)).rejects.toThrow(ActionError);
    expect(posted).toHaveLength(1);
    // And goes on.
    await act(ana, { personId: anaId, type: 'text', text: 'two' });
    expect(posted).toHaveLength(2);
  });

  test('goes on with its numbers after a restart', async () => {
    const before = simulate();
    await before.act(ana, { personId: anaId, type: 'text', text: 'one' });
    const after = simulate();
    for (const one of before.records.all()) after.records.add(one);
    await after.act(group, { personId: anaId, type: 'text', text: 'two' });
    const [first] = before.posted;
    const [second] = after.posted;
    expect(second?.update_id).toBe((first?.update_id ?? 0) + 1);
    expect(second?.message?.message_id).toBe(3);
  });
});

test('entities are found as Telegram finds them, in UTF-16 units', () => {
  expect(entitiesOf('👍 /help@loja_bot, @ana_souza https://loja.example/a e a@b.example')).toEqual([
    { type: 'bot_command', offset: 3, length: 14 },
    { type: 'mention', offset: 19, length: 10 },
    { type: 'url', offset: 30, length: 22 },
  ]);
});

describe('the conversation', () => {
  test('puts edits, reactions, answers and taps in their places', async () => {
    const { act, records } = simulate();
    await act(ana, { personId: anaId, type: 'text', text: 'one' });
    await act(ana, { personId: anaId, type: 'edit', messageId: 1, text: 'One' });
    await act(ana, { personId: anaId, type: 'react', messageId: 2, emoji: '👍' });
    await act(ana, { personId: anaId, type: 'tap', messageId: 2, data: 'help' });
    await act(ana, { personId: anaId, type: 'sticker', emoji: '🎉' });
    const entries = conversation(records.ofChat(ana.id));
    expect(
      entries.map(({ by, messageId, text, contentType }) => [by, messageId, text, contentType]),
    ).toEqual([
      ['person', 1, 'One', 'text'],
      ['bot', 2, expect.stringContaining('Answer'), 'text'],
      ['service', null, 'Button help', 'callback_query'],
      ['bot', 3, expect.stringContaining('Answer'), 'text'],
      ['person', 4, '🎉', 'sticker'],
      ['bot', 5, expect.stringContaining('Answer'), 'text'],
    ]);
    expect(entries[0]?.edit).toMatchObject({ at: '2026-11-20T15:00:02.000Z' });
    expect(entries[1]?.reactions.map(({ emoji }) => emoji)).toEqual(['👍']);
    expect(entries[1]?.buttons).toEqual([[{ text: 'Button help', data: 'help' }]]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });

  test('tells of joining and leaving once', async () => {
    const { act, records } = simulate();
    await act(group, { personId: anaId, type: 'leave' });
    await act(group, { personId: anaId, type: 'join' });
    const lines = conversation(records.ofChat(group.id)).filter(({ by }) => by === 'service');
    expect(lines.map(({ text }) => text)).toEqual(['left', 'joined']);
  });

  test('a real chat keeps the numbers of its answers to itself', () => {
    const update = {
      update_id: 1,
      message: {
        message_id: 5,
        date: 1,
        chat: { id: 7, type: 'private', first_name: 'A' },
        text: 'x',
      },
    };
    const entries = conversation([{ ...record(update, saying('y')), source: 'telegram' }]);
    expect(entries.map(({ messageId }) => messageId)).toEqual([5, null]);
  });

  test('an answer never takes the number of a message', () => {
    const message = (id: number) => ({
      update_id: id,
      message: {
        message_id: id,
        date: id,
        chat: { id: 7, type: 'private', first_name: 'A' },
        text: 'x',
      },
    });
    const entries = conversation([
      record(message(5), saying('y')),
      record(message(6), saying('z')),
    ]);
    expect(entries.map(({ messageId }) => messageId)).toEqual([5, null, 6, 7]);
  });

  test('shows damaged and unknown updates without failing', () => {
    const chat = { id: 7, type: 'private' };
    const entries = conversation([
      record({
        update_id: 1,
        message: { chat, message_id: 'x', new_chat_members: 3, reply_to_message: [] },
      }),
      record({ update_id: 2, edited_message: { chat, message_id: 9, text: 'late' } }),
      record({
        update_id: 3,
        message_reaction: { chat, message_id: 8, new_reaction: [{ type: 'emoji', emoji: '👍' }] },
      }),
      record({
        update_id: 4,
        callback_query: { id: 5, message: { chat, reply_markup: { inline_keyboard: [[4]] } } },
      }),
      record({ update_id: 5, my_chat_member: { chat, new_chat_member: { status: 'kicked' } } }),
      record({ update_id: 6, chat_boost: { chat } }),
    ]);
    expect(entries.map(({ by, text }) => [by, text])).toEqual([
      ['service', expect.any(String)],
      ['person', 'late'],
      ['service', 'reacted 👍'],
      ['service', null],
      ['service', 'was removed'],
      ['service', 'chat boost'],
    ]);
  });
});
