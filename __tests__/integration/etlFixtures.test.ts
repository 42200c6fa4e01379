import { beforeAll, describe, expect, test } from '@jest/globals';

import type { DayRun } from '../../functions/etl/dayRun.ts';
import { runDay } from '../../functions/etl/runDay.ts';
import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { CONTENT_TYPES, isServiceContent } from '../../src/telegram/content.ts';
import { UPDATE_TYPES } from '../../src/telegram/updateTypes.ts';
import { RUN, DAY, envelope, memoryLake, putRaw, rowsOf } from '../support/lakes.ts';
import { CONTENTS } from '../support/updates/contents.ts';
import { NOON, SPECIAL_UPDATES, UPDATES, UPDATES_BY_CONTENT } from '../support/updates/fixtures.ts';
import {
  CAROLS_CHAT,
  CHANNEL,
  GROUP,
  JAMES,
  OUR_BOT,
  SUPERGROUP,
} from '../support/updates/people.ts';

type Row = Readonly<Record<string, unknown>>;

const RECEIVED = '2026-01-15T15:10:00.250Z';

/** What every row has that tells nothing. */
const BLANK: Row = {
  ...Object.fromEntries(TELEGRAM_COLUMNS.map(({ name }) => [name, null])),
  is_service: false,
  is_forward: false,
  source: 'telegram',
  received_at: new Date(RECEIVED),
  // São Paulo's wall clock, three hours behind.
  local_time: new Date('2026-01-15T12:10:00.250Z'),
};

/** `local_time` of an event so many seconds after the fixtures' noon (UTC). */
function at(seconds: number): Row {
  return { local_time: new Date(Date.UTC(2026, 0, 15, 9, 0, seconds)) };
}

/** Columns of a message or event at such a time. */
function dated(seconds: number): Row {
  return { date: BigInt(NOON + seconds), ...at(seconds) };
}

const BY_CAROL: Row = {
  user_id: 7_311_985_206n,
  user_is_bot: false,
  user_first_name: 'Carol 🌻',
  user_username: 'carol_souza',
  user_language_code: 'pt-br',
};
const BY_JAMES: Row = {
  user_id: 5_964_236_329n,
  user_is_bot: false,
  user_first_name: 'James',
  user_username: 'james_in_sp',
  user_language_code: 'en',
};
const BY_MARIA: Row = { user_id: 401_225_318n, user_is_bot: false, user_first_name: 'Maria' };
const PRIVATE: Row = { chat_id: BigInt(CAROLS_CHAT.id), chat_type: 'private' };
const IN_SUPERGROUP: Row = {
  chat_id: BigInt(SUPERGROUP.id),
  chat_type: 'supergroup',
  chat_title: SUPERGROUP.title,
};
const IN_CHANNEL: Row = {
  chat_id: BigInt(CHANNEL.id),
  chat_type: 'channel',
  chat_title: CHANNEL.title,
};

/** What each kind of update becomes, beyond {@link BLANK}, its number and its kind. */
const EXPECTED: Readonly<Record<keyof typeof UPDATES, Row>> = {
  message: {
    ...BY_CAROL,
    ...PRIVATE,
    ...dated(0),
    message_id: 501n,
    content_type: 'text',
    text: 'Olá! Vocês abrem no sábado? 😀',
    text_length: 29n,
    question_key: 'abrem sabado',
  },
  edited_message: {
    ...BY_CAROL,
    ...PRIVATE,
    ...at(95),
    date: BigInt(NOON),
    edit_date: BigInt(NOON + 95),
    message_id: 501n,
    content_type: 'text',
    text: 'Olá! Vocês abrem no sábado de manhã? 😀',
    text_length: 38n,
    question_key: 'abrem manha sabado',
  },
  channel_post: {
    ...IN_CHANNEL,
    ...dated(120),
    sender_chat_id: BigInt(CHANNEL.id),
    message_id: 61n,
    content_type: 'photo',
    caption: CONTENTS.photo.caption,
    text_length: 32n,
    media_group_id: CONTENTS.photo.media_group_id,
    question_key: 'alca assim chegou solta',
  },
  edited_channel_post: {
    ...IN_CHANNEL,
    ...at(130),
    date: BigInt(NOON - 86_400),
    edit_date: BigInt(NOON + 130),
    sender_chat_id: BigInt(CHANNEL.id),
    message_id: 60n,
    content_type: 'text',
    text: 'Sábado abrimos das 9h às 14h',
    text_length: 28n,
    question_key: '14h 9h abrimos sabado',
  },
  business_connection: BY_MARIA,
  business_message: {
    ...BY_CAROL,
    ...PRIVATE,
    ...dated(140),
    message_id: 7_001n,
    content_type: 'text',
    text: 'Tem caneca azul?',
    text_length: 16n,
    question_key: 'azul caneca',
  },
  edited_business_message: {
    ...BY_CAROL,
    ...PRIVATE,
    ...at(160),
    date: BigInt(NOON + 140),
    edit_date: BigInt(NOON + 160),
    message_id: 7_001n,
    content_type: 'text',
    text: 'Tem caneca azul grande?',
    text_length: 23n,
    question_key: 'azul caneca grande',
  },
  deleted_business_messages: PRIVATE,
  guest_message: {
    ...BY_JAMES,
    ...IN_SUPERGROUP,
    ...dated(170),
    message_id: 88n,
    content_type: 'text',
    text: '@loja_da_maria_bot do you ship abroad?',
    text_length: 38n,
    question_key: 'abroad ship',
  },
  stopped_message_generation: { ...PRIVATE, message_thread_id: 3n },
  message_reaction: {
    ...BY_CAROL,
    ...IN_SUPERGROUP,
    ...dated(200),
    message_id: 480n,
    reaction: '❤,custom:5368324170671202286,paid',
  },
  message_reaction_count: {
    ...IN_CHANNEL,
    ...dated(210),
    message_id: 60n,
    reaction: '🎉,👍',
  },
  inline_query: BY_JAMES,
  chosen_inline_result: BY_JAMES,
  callback_query: {
    ...BY_CAROL,
    ...PRIVATE,
    message_id: 502n,
    callback_data: 'topic:horario',
  },
  shipping_query: BY_CAROL,
  pre_checkout_query: BY_CAROL,
  purchased_paid_media: BY_CAROL,
  poll: {},
  poll_answer: BY_CAROL,
  my_chat_member: {
    ...BY_CAROL,
    ...PRIVATE,
    ...dated(300),
    member_user_id: BigInt(OUR_BOT.id),
    member_status_old: 'member',
    member_status_new: 'kicked',
  },
  chat_member: {
    ...BY_MARIA,
    ...IN_SUPERGROUP,
    ...dated(310),
    member_user_id: BigInt(JAMES.id),
    member_status_old: 'left',
    member_status_new: 'restricted',
  },
  chat_join_request: { ...BY_JAMES, ...IN_SUPERGROUP, ...dated(320) },
  chat_boost: { ...BY_CAROL, ...IN_CHANNEL, ...dated(330) },
  removed_chat_boost: { ...IN_CHANNEL, ...dated(340) },
  managed_bot: BY_MARIA,
  subscription: BY_CAROL,
};

const ALL = [
  ...Object.values(UPDATES),
  ...Object.values(UPDATES_BY_CONTENT),
  ...Object.values(SPECIAL_UPDATES),
];

const rows = new Map<number, Row>();
let summary: DayRun | undefined;

function rowOf({ update_id }: { readonly update_id: number }): Row {
  return rows.get(update_id) ?? {};
}

beforeAll(async () => {
  const lake = memoryLake();
  for (const update of ALL) {
    await putRaw(lake, `${update.update_id}.json`, envelope(update, RECEIVED));
  }
  summary = await runDay(lake, DAY, RUN);
  for (const row of await rowsOf(lake)) rows.set(Number(row['update_id']), row);
});

test('every update has its row', () => {
  const { length } = ALL;
  expect(summary).toMatchObject({ stored: length, rows: length, duplicates: 0, rejected: 0 });
  expect([...rows.keys()]).toEqual(ALL.map(({ update_id }) => update_id).sort((a, b) => a - b));
});

test.each(UPDATE_TYPES)('%s reaches every column of its row', (type) => {
  const { update_id } = UPDATES[type];
  expect(rowOf(UPDATES[type])).toEqual({
    ...BLANK,
    update_id: BigInt(update_id),
    update_type: type,
    ...EXPECTED[type],
  });
});

test.each(CONTENT_TYPES)('a message with %s is a message of that content', (type) => {
  const update = UPDATES_BY_CONTENT[type];
  expect(rowOf(update)).toMatchObject({
    ...BY_CAROL,
    ...IN_SUPERGROUP,
    update_type: 'message',
    content_type: type,
    is_service: isServiceContent(type),
    message_id: BigInt(update.update_id % 1_000_000),
    date: BigInt(NOON + (update.update_id % 3_600)),
  });
});

describe('cases that a pipeline trips over', () => {
  test.each<[keyof typeof SPECIAL_UPDATES, Row]>([
    ['unknownKind', { update_type: 'unknown', content_type: null, user_id: null }],
    ['nothingButNumber', { update_type: 'unknown', chat_id: null }],
    ['unknownContent', { update_type: 'message', content_type: 'unknown', is_service: false }],
    ['severalKinds', { update_type: 'message', message_id: 501n, callback_data: null }],
    [
      'zeroIds',
      { update_id: 0n, message_id: 0n, user_id: 0n, chat_id: 0n, text: '', text_length: 0n },
    ],
    ['anonymousAdministrator', { user_id: null, sender_chat_id: BigInt(SUPERGROUP.id) }],
    ['channelInGroup', { user_id: null, sender_chat_id: BigInt(CHANNEL.id) }],
    ['anonymousReaction', { user_id: null, sender_chat_id: BigInt(SUPERGROUP.id), reaction: '' }],
    ['anonymousVote', { user_id: null, sender_chat_id: BigInt(CHANNEL.id) }],
    ['inaccessibleMessage', { date: null, message_id: 12n, callback_data: 'topic:troca' }],
    ['reply', { reply_to_message_id: 480n, text: 'E no domingo?' }],
    ['inTopic', { reply_to_message_id: null, message_thread_id: 512n }],
    ['forwarded', { is_forward: true }],
    ['viaBot', { via_bot_id: BigInt(OUR_BOT.id) }],
    ['startWithPayload', { command: 'start', start_payload: 'insta-verao26', question_key: null }],
    ['addressedCommand', { command: 'help', start_payload: null }],
    ['migrated', { chat_id: BigInt(GROUP.id), migrate_to_chat_id: expect.any(BigInt) }],
  ])('%s', (name, expected) => {
    expect(rowOf(SPECIAL_UPDATES[name])).toMatchObject(expected);
  });
});

test('what the bot decided stands in the row', async () => {
  const lake = memoryLake();
  const answer = {
    call: { method: 'sendMessage', chat_id: 1, text: 'Abrimos das 9h às 18h. 🙂' },
    outcome: 'answered',
    intent: 'horario',
    score: 0.8125,
    candidates: [],
    engine: 'ngram',
    knowledge: 'abc',
    ms: 0.25,
  };
  const json = envelope(UPDATES.message).replace(
    '"answer":null',
    `"answer":${JSON.stringify(answer)}`,
  );
  await putRaw(lake, '1.json', json);
  await runDay(lake, DAY, RUN);
  expect(await rowsOf(lake)).toMatchObject([
    {
      answer_intent: 'horario',
      answer_score: 0.8125,
      answer_outcome: 'answered',
      answer_text: 'Abrimos das 9h às 18h. 🙂',
      answer_ms: 0.25,
    },
  ]);
});
