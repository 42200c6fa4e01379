import type { Update } from '@grammyjs/types';
import { CONTENT_TYPES, type ContentType } from '../../../src/telegram/content.ts';
import type { UpdateType } from '../../../src/telegram/updateTypes.ts';
import { CONTENTS } from './contents.ts';
import {
  CAROL,
  CAROLS_CHAT,
  CHANNEL,
  CHANNEL_BOT,
  GROUP,
  GROUP_ANONYMOUS_BOT,
  JAMES,
  MARIA,
  OUR_BOT,
  SUPERGROUP,
} from './people.ts';

/** Thursday 15 January 2026, 12:00:00 UTC (09:00 in São Paulo): the time of the fixtures. */
export const NOON = 1_768_478_400;

const business = { business_connection_id: 'BQ7x2Q8AAQ' };
const restricted = {
  is_member: true,
  can_send_messages: false,
  can_send_audios: false,
  can_send_documents: false,
  can_send_photos: false,
  can_send_videos: false,
  can_send_video_notes: false,
  can_send_voice_notes: false,
  can_send_polls: false,
  can_send_other_messages: false,
  can_add_web_page_previews: false,
  can_react_to_messages: false,
  can_change_info: false,
  can_invite_users: false,
  can_edit_tag: false,
  can_pin_messages: false,
  can_manage_topics: false,
};

/** An update of exactly the kind. */
type Of<Kind extends UpdateType> = Required<Pick<Update, Kind>> & Pick<Update, 'update_id'>;

/** One believable update of every kind of the Bot API, typed by it. */
export const UPDATES: { readonly [Kind in UpdateType]: Of<Kind> } = {
  message: {
    update_id: 439_432_601,
    message: {
      message_id: 501,
      from: CAROL,
      chat: CAROLS_CHAT,
      date: NOON,
      text: 'Olá! Vocês abrem no sábado? 😀',
    },
  },
  edited_message: {
    update_id: 439_432_602,
    edited_message: {
      message_id: 501,
      from: CAROL,
      chat: CAROLS_CHAT,
      date: NOON,
      edit_date: NOON + 95,
      text: 'Olá! Vocês abrem no sábado de manhã? 😀',
    },
  },
  channel_post: {
    update_id: 439_432_603,
    channel_post: {
      ...CONTENTS.photo,
      message_id: 61,
      sender_chat: CHANNEL,
      chat: CHANNEL,
      date: NOON + 120,
      author_signature: 'Maria',
    },
  },
  edited_channel_post: {
    update_id: 439_432_604,
    edited_channel_post: {
      message_id: 60,
      sender_chat: CHANNEL,
      chat: CHANNEL,
      date: NOON - 86_400,
      edit_date: NOON + 130,
      text: 'Sábado abrimos das 9h às 14h',
    },
  },
  business_connection: {
    update_id: 439_432_605,
    business_connection: {
      id: business.business_connection_id,
      user: MARIA,
      user_chat_id: MARIA.id,
      date: NOON - 864_000,
      rights: { can_reply: true },
      is_enabled: false,
    },
  },
  business_message: {
    update_id: 439_432_606,
    business_message: {
      ...business,
      message_id: 7_001,
      from: CAROL,
      chat: CAROLS_CHAT,
      date: NOON + 140,
      text: 'Tem caneca azul?',
    },
  },
  edited_business_message: {
    update_id: 439_432_607,
    edited_business_message: {
      ...business,
      message_id: 7_001,
      from: CAROL,
      chat: CAROLS_CHAT,
      date: NOON + 140,
      edit_date: NOON + 160,
      text: 'Tem caneca azul grande?',
    },
  },
  deleted_business_messages: {
    update_id: 439_432_608,
    deleted_business_messages: { ...business, chat: CAROLS_CHAT, message_ids: [7_001, 7_002] },
  },
  guest_message: {
    update_id: 439_432_609,
    guest_message: {
      message_id: 88,
      from: JAMES,
      chat: SUPERGROUP,
      date: NOON + 170,
      guest_query_id: 'AAEBgQ',
      text: '@loja_da_maria_bot do you ship abroad?',
      entities: [{ type: 'mention', offset: 0, length: 18 }],
    },
  },
  stopped_message_generation: {
    update_id: 439_432_610,
    stopped_message_generation: { chat: CAROLS_CHAT, message_thread_id: 3, draft_id: 9 },
  },
  message_reaction: {
    update_id: 439_432_611,
    message_reaction: {
      chat: SUPERGROUP,
      message_id: 480,
      user: CAROL,
      date: NOON + 200,
      old_reaction: [],
      new_reaction: [
        { type: 'emoji', emoji: '❤' },
        { type: 'custom_emoji', custom_emoji_id: '5368324170671202286' },
        { type: 'paid' },
      ],
    },
  },
  message_reaction_count: {
    update_id: 439_432_612,
    message_reaction_count: {
      chat: CHANNEL,
      message_id: 60,
      date: NOON + 210,
      reactions: [
        { type: { type: 'emoji', emoji: '🎉' }, total_count: 12 },
        { type: { type: 'emoji', emoji: '👍' }, total_count: 3 },
      ],
    },
  },
  inline_query: {
    update_id: 439_432_613,
    inline_query: { id: '31404567890097', from: JAMES, query: 'blue mug', offset: '' },
  },
  chosen_inline_result: {
    update_id: 439_432_614,
    chosen_inline_result: { result_id: '12', from: JAMES, query: 'blue mug' },
  },
  callback_query: {
    update_id: 439_432_615,
    callback_query: {
      id: '4382801927364551',
      from: CAROL,
      chat_instance: '-8811445566778899',
      data: 'topic:horario',
      message: {
        message_id: 502,
        from: OUR_BOT,
        chat: CAROLS_CHAT,
        date: NOON - 7_200,
        text: 'Sobre qual destes assuntos?',
        reply_markup: {
          inline_keyboard: [[{ text: 'Horário', callback_data: 'topic:horario' }]],
        },
      },
    },
  },
  shipping_query: {
    update_id: 439_432_616,
    shipping_query: {
      id: '77120001',
      from: CAROL,
      invoice_payload: 'pedido-1042',
      shipping_address: {
        country_code: 'BR',
        state: 'SP',
        city: 'São Paulo',
        street_line1: 'Rua das Flores, 12',
        street_line2: '',
        post_code: '01310-100',
      },
    },
  },
  pre_checkout_query: {
    update_id: 439_432_617,
    pre_checkout_query: {
      id: '77120002',
      from: CAROL,
      currency: 'BRL',
      total_amount: 3_990,
      invoice_payload: 'pedido-1042',
    },
  },
  purchased_paid_media: {
    update_id: 439_432_618,
    purchased_paid_media: { from: CAROL, paid_media_payload: 'catalogo-verao' },
  },
  poll: {
    update_id: 439_432_619,
    poll: { ...CONTENTS.poll.poll, is_closed: true, close_date: NOON - 60 },
  },
  poll_answer: {
    update_id: 439_432_620,
    poll_answer: {
      poll_id: CONTENTS.poll.poll.id,
      user: CAROL,
      option_ids: [0],
      option_persistent_ids: ['a'],
    },
  },
  my_chat_member: {
    update_id: 439_432_621,
    my_chat_member: {
      chat: CAROLS_CHAT,
      from: CAROL,
      date: NOON + 300,
      old_chat_member: { status: 'member', user: OUR_BOT },
      new_chat_member: { status: 'kicked', user: OUR_BOT, until_date: 0 },
    },
  },
  chat_member: {
    update_id: 439_432_622,
    chat_member: {
      chat: SUPERGROUP,
      from: MARIA,
      date: NOON + 310,
      old_chat_member: { status: 'left', user: JAMES },
      new_chat_member: {
        status: 'restricted',
        user: JAMES,
        until_date: NOON + 86_400,
        ...restricted,
      },
    },
  },
  chat_join_request: {
    update_id: 439_432_623,
    chat_join_request: {
      chat: SUPERGROUP,
      from: JAMES,
      user_chat_id: JAMES.id,
      date: NOON + 320,
      bio: 'Coffee and football',
    },
  },
  chat_boost: {
    update_id: 439_432_624,
    chat_boost: {
      chat: CHANNEL,
      boost: {
        boost_id: '4506e1b7e866e33fcbde78fe1746ec3a',
        add_date: NOON + 330,
        expiration_date: NOON + 2_592_000,
        source: { source: 'premium', user: CAROL },
      },
    },
  },
  removed_chat_boost: {
    update_id: 439_432_625,
    removed_chat_boost: {
      chat: CHANNEL,
      boost_id: '4506e1b7e866e33fcbde78fe1746ec3a',
      remove_date: NOON + 340,
      source: { source: 'giveaway', giveaway_message_id: 59, is_unclaimed: true },
    },
  },
  managed_bot: {
    update_id: 439_432_626,
    managed_bot: { user: MARIA, bot: OUR_BOT },
  },
  subscription: {
    update_id: 439_432_627,
    subscription: { user: CAROL, invoice_payload: 'clube-da-caneca', state: 'canceled' },
  },
};

/** An update with a message in a group; `part` is its content. */
function inGroup(
  updateId: number,
  part: object,
): Record<string, unknown> & Pick<Update, 'update_id'> {
  return {
    update_id: updateId,
    message: {
      message_id: updateId % 1_000_000,
      from: CAROL,
      chat: SUPERGROUP,
      date: NOON + (updateId % 3_600),
      ...part,
    },
  };
}

/** A message in a supergroup for every content type. */
export const UPDATES_BY_CONTENT = Object.fromEntries(
  CONTENT_TYPES.map((type, index) => [type, inGroup(439_500_000 + index, CONTENTS[type])]),
) as Readonly<Record<ContentType, ReturnType<typeof inGroup>>>;

/** Cases that a pipeline trips over, by name. */
export const SPECIAL_UPDATES = {
  unknownKind: { update_id: 439_600_001, telepathy: { from: CAROL, thought: '…' } },
  nothingButNumber: { update_id: 439_600_002 },
  unknownContent: inGroup(439_600_003, { hologram: { depth: 3 } }),
  severalKinds: {
    update_id: 439_600_004,
    callback_query: UPDATES.callback_query.callback_query,
    message: UPDATES.message.message,
  },
  zeroIds: {
    update_id: 0,
    message: {
      message_id: 0,
      from: { id: 0, is_bot: false, first_name: '' },
      chat: { id: 0, type: 'private', first_name: '' },
      date: NOON,
      text: '',
    },
  },
  anonymousAdministrator: inGroup(439_600_005, {
    from: GROUP_ANONYMOUS_BOT,
    sender_chat: SUPERGROUP,
    text: 'Bom dia a todos',
  }),
  channelInGroup: inGroup(439_600_006, {
    from: CHANNEL_BOT,
    sender_chat: CHANNEL,
    text: 'Novidade no canal!',
  }),
  anonymousReaction: {
    update_id: 439_600_007,
    message_reaction: {
      chat: SUPERGROUP,
      message_id: 480,
      actor_chat: SUPERGROUP,
      date: NOON,
      old_reaction: [{ type: 'emoji', emoji: '❤' }],
      new_reaction: [],
    },
  },
  anonymousVote: {
    update_id: 439_600_008,
    poll_answer: {
      poll_id: '1',
      user: CHANNEL_BOT,
      voter_chat: CHANNEL,
      option_ids: [],
      option_persistent_ids: [],
    },
  },
  inaccessibleMessage: {
    update_id: 439_600_009,
    callback_query: {
      id: '4382801927364552',
      from: CAROL,
      chat_instance: '1',
      data: 'topic:troca',
      message: { chat: CAROLS_CHAT, message_id: 12, date: 0 },
    },
  },
  reply: inGroup(439_600_010, {
    text: 'E no domingo?',
    reply_to_message: {
      message_id: 480,
      from: OUR_BOT,
      chat: SUPERGROUP,
      date: NOON - 30,
      text: 'Sábado das 9h às 14h',
    },
  }),
  inTopic: inGroup(439_600_011, {
    text: 'Meu pedido não chegou',
    message_thread_id: 512,
    is_topic_message: true,
    reply_to_message: {
      message_id: 512,
      from: OUR_BOT,
      chat: SUPERGROUP,
      date: NOON - 9_000,
      ...CONTENTS.forum_topic_created,
    },
  }),
  forwarded: inGroup(439_600_012, {
    text: 'Vejam isto',
    forward_origin: { type: 'hidden_user', sender_user_name: 'Ana', date: NOON - 99_999 },
  }),
  viaBot: inGroup(439_600_013, { text: 'Caneca azul', via_bot: OUR_BOT }),
  startWithPayload: {
    update_id: 439_600_014,
    message: {
      ...UPDATES.message.message,
      text: '/start insta-verao26',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    },
  },
  addressedCommand: inGroup(439_600_015, {
    text: '/Help@loja_da_maria_bot por favor',
    entities: [{ type: 'bot_command', offset: 0, length: 23 }],
  }),
  migrated: {
    update_id: 439_600_016,
    message: {
      message_id: 900,
      from: MARIA,
      chat: GROUP,
      date: NOON,
      ...CONTENTS.migrate_to_chat_id,
    },
  },
} as const satisfies Record<string, Readonly<Record<string, unknown>> & { update_id: number }>;
