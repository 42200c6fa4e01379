import { describe, expect, test } from '@jest/globals';

import { StandInError, personOf } from '../../../../src/lake/erase/person.ts';
import { redactUpdate } from '../../../../src/lake/erase/redact.ts';
import type { RawUpdate } from '../../../../src/telegram/updateFacts.ts';
import {
  CAROL,
  CAROLS_CHAT,
  GROUP_ANONYMOUS_BOT,
  JAMES,
  MARIA,
  SUPERGROUP,
} from '../../../support/updates/people.ts';

const NOON = 1_768_489_200;

/** A message of James's in the group. */
function message(fields: object): RawUpdate {
  return {
    update_id: 1,
    message: { message_id: 10, date: NOON, from: JAMES, chat: SUPERGROUP, text: 'ok', ...fields },
  };
}

function redact(update: RawUpdate, known: { usernames?: string[]; fullNames?: string[] } = {}) {
  const person = personOf(CAROL.id);
  for (const name of known.usernames ?? []) person.usernames.add(name);
  for (const name of known.fullNames ?? []) person.fullNames.add(name);
  const result = redactUpdate(update, person);
  return { ...result, person };
}

const ofCarol = { message_id: 9, date: NOON, from: CAROL, chat: SUPERGROUP, text: 'segredo' };

describe('updates that go whole', () => {
  test.each<[string, RawUpdate]>([
    ['a message', message({ from: CAROL })],
    ['what the shop writes in her private chat', message({ from: MARIA, chat: CAROLS_CHAT })],
    [
      'a message of a channel that stands in her name',
      message({ from: CAROL, sender_chat: SUPERGROUP }),
    ],
    [
      'her words forwarded by James',
      message({ forward_origin: { type: 'user', sender_user: CAROL, date: NOON } }),
    ],
    [
      'the same, as Telegram wrote it before 2024',
      message({ forward_from: CAROL, forward_date: NOON }),
    ],
    ['that James removed her', message({ left_chat_member: CAROL })],
    [
      'a tap',
      { update_id: 1, callback_query: { id: '1', from: CAROL, chat_instance: '2', data: 'x' } },
    ],
    [
      'a reaction',
      {
        update_id: 1,
        message_reaction: {
          chat: SUPERGROUP,
          message_id: 3,
          user: CAROL,
          date: NOON,
          old_reaction: [],
          new_reaction: [],
        },
      },
    ],
    ['a vote', { update_id: 1, poll_answer: { poll_id: '1', user: CAROL, option_ids: [0] } }],
    [
      'her membership, changed by James',
      {
        update_id: 1,
        chat_member: {
          chat: SUPERGROUP,
          from: JAMES,
          date: NOON,
          old_chat_member: { user: CAROL, status: 'member' },
          new_chat_member: { user: CAROL, status: 'kicked', until_date: 0 },
        },
      },
    ],
    [
      'a boost',
      {
        update_id: 1,
        chat_boost: {
          chat: SUPERGROUP,
          boost: {
            boost_id: 'b',
            add_date: NOON,
            expiration_date: NOON,
            source: { source: 'premium', user: CAROL },
          },
        },
      },
    ],
    [
      'a business connection',
      {
        update_id: 1,
        business_connection: {
          id: 'b',
          user: CAROL,
          user_chat_id: CAROL.id,
          date: NOON,
          is_enabled: true,
        },
      },
    ],
    ['a kind of update that nobody knows yet', { update_id: 1, telepathy: { user: CAROL } }],
  ])('%s', (_, update) => {
    expect(redact(update)).toMatchObject({ fate: 'gone' });
  });

  test('tell the names that she bears', () => {
    const { person } = redact(message({ from: CAROL }));
    expect(person.usernames).toEqual(new Set(['carol_souza']));
    expect(person.fullNames).toEqual(new Set(['Carol 🌻 Souza']));
  });
});

describe('what is taken out of others’ updates', () => {
  const left = (fields: object, known?: Parameters<typeof redact>[1]) => {
    const result = redact(message(fields), known);
    expect(result.fate).toBe('redacted');
    const update = 'left' in result ? result.left : null;
    expect(JSON.stringify(update)).not.toMatch(/7311985206|carol|souza|segredo/i);
    return (update as unknown as { message: Record<string, unknown> }).message;
  };

  test('a message that is replied to, with the quote; its number stays', () => {
    const { reply_to_message, quote, text } = left({
      reply_to_message: ofCarol,
      quote: { text: 'segredo', position: 0 },
    });
    expect(reply_to_message).toEqual({ message_id: 9 });
    expect(quote).toBeUndefined();
    expect(text).toBe('ok');
  });

  test('a message of another chat that is replied to', () => {
    const kept = left({
      external_reply: {
        origin: { type: 'user', sender_user: CAROL, date: NOON },
        chat: SUPERGROUP,
      },
      quote: { text: 'segredo', position: 0 },
    });
    expect(kept).not.toHaveProperty('external_reply');
    expect(kept).not.toHaveProperty('quote');
  });

  test('a message that is replied to and was forwarded from her', () => {
    const forwarded = {
      ...ofCarol,
      from: MARIA,
      forward_origin: { type: 'user', sender_user: CAROL, date: NOON },
    };
    expect(left({ reply_to_message: forwarded })['reply_to_message']).toEqual({ message_id: 9 });
  });

  test('a pinned message', () => {
    expect(left({ pinned_message: ofCarol })['pinned_message']).toEqual({ message_id: 9 });
  });

  test('one of several who joined', () => {
    expect(left({ new_chat_members: [CAROL, MARIA] })['new_chat_members']).toEqual([MARIA]);
  });

  test('a shared contact, and shared users', () => {
    expect(
      left({ contact: { phone_number: '1', first_name: 'Carol', user_id: CAROL.id } }),
    ).not.toHaveProperty('contact');
    const shared = left({
      users_shared: {
        request_id: 1,
        users: [{ user_id: CAROL.id, first_name: 'Carol' }, { user_id: 5 }],
        user_ids: [CAROL.id, 5],
      },
    });
    expect(shared['users_shared']).toEqual({
      request_id: 1,
      users: [{ user_id: 5 }],
      user_ids: [5],
    });
  });

  test('a mention by a link to the account: the words are masked, offsets stay', () => {
    const bold = { type: 'bold', offset: 12, length: 3 };
    const mention = { type: 'text_mention', offset: 3, length: 8, user: CAROL };
    expect(left({ text: 'Oi Carol 🌻 bem', entities: [mention, bold] })).toMatchObject({
      text: 'Oi ******** bem',
      entities: [bold],
    });
  });

  test('mentions by @name, by number and by address', () => {
    const known = { usernames: ['carol_souza'] };
    expect(
      left(
        {
          text: '@Carol_Souza t.me/carol_souza tg://user?id=7311985206 @carol_souzaX'.replace(
            '@carol_souzaX',
            '@other',
          ),
        },
        known,
      )['text'],
    ).toMatch(/^\*+ \*+ tg:\/\/user\?id=\*+ @other$/);
    expect(redact(message({ text: '@carol_souza2 17311985206' }), known).fate).toBe('untouched');
  });

  test('her name over a forward whose author is hidden', () => {
    const origin = { type: 'hidden_user', sender_user_name: 'Carol 🌻 Souza', date: NOON };
    const kept = left({ forward_origin: origin }, { fullNames: ['Carol 🌻 Souza'] });
    expect(kept['forward_origin']).toMatchObject({ sender_user_name: '*'.repeat(14) });
  });

  test('in what a button hangs under', () => {
    const result = redact({
      update_id: 1,
      callback_query: {
        ...{ id: '1', from: JAMES, chat_instance: '2', data: 'x' },
        message: { message_id: 11, date: NOON, chat: SUPERGROUP, reply_to_message: ofCarol },
      },
    });
    expect(result).toMatchObject({
      left: {
        callback_query: { message: { message_id: 11, reply_to_message: { message_id: 9 } } },
      },
    });
  });
});

describe('what stays', () => {
  test.each<[string, RawUpdate]>([
    ['others’ messages', message({})],
    ['what others say of her in plain words', message({ text: 'a Carol disse que vem' })],
    [
      'a group whose number is the same below zero',
      message({ text: `t -${CAROL.id}`, chat: { ...SUPERGROUP, id: -CAROL.id } }),
    ],
    [
      'a number of another kind that is the same',
      message({ message_id: CAROL.id, date: CAROL.id }),
    ],
  ])('%s', (_, update) => {
    expect(redact(update)).toMatchObject({ fate: 'untouched' });
  });
});

test('a short number is masked in links alone: anywhere else it counts something, or is part of an id', () => {
  const early = personOf(402);
  const counted = message({
    text: 'quero 402 vasos, pedido 402',
    photo: [{ file_id: 'AgACAgQAAx402-zz', file_unique_id: 'AQADr402' }],
  });
  expect(redactUpdate(counted, early).fate).toBe('untouched');
  expect(
    redactUpdate(message({ text: '402 vasos para tg://user?id=402 e tg://user?id=4021' }), early),
  ).toMatchObject({
    left: { message: { text: '402 vasos para tg://user?id=*** e tg://user?id=4021' } },
  });
  expect(redactUpdate(message({ from: { ...CAROL, id: 402 } }), early).fate).toBe('gone');
});

test('accounts that stand for others are not erased', () => {
  expect(() => personOf(GROUP_ANONYMOUS_BOT.id)).toThrow(StandInError);
});
