import type { Message } from '@grammyjs/types';
import type { ContentType } from '../../../src/telegram/content.ts';
import { CAROL, CHANNEL, GROUP, MARIA, OUR_BOT, SUPERGROUP } from './people.ts';

/** A message with the content, and whatever attributes usually stand beside it. */
type With<Content extends ContentType> = Partial<Message> & Required<Pick<Message, Content>>;

const file = { file_id: 'AgACAgEAAxkBAAIBZ2', file_unique_id: 'AQADq6cxG2' };
const photo = [
  { ...file, width: 90, height: 67, file_size: 1_216 },
  { ...file, file_id: 'AgACAgEAAxkBAAIBZ3', width: 1_280, height: 960, file_size: 143_336 },
];
const document = {
  ...file,
  file_name: 'comprovante-pix.pdf',
  mime_type: 'application/pdf',
  file_size: 52_481,
};
const animation = { ...file, width: 320, height: 240, duration: 3, mime_type: 'video/mp4' };
const video = { ...file, width: 1_280, height: 720, duration: 12, mime_type: 'video/mp4' };
const sticker = {
  ...file,
  type: 'regular' as const,
  width: 512,
  height: 512,
  is_animated: false,
  is_video: false,
  emoji: '👍',
  set_name: 'LojaDaMaria',
};
const location = { latitude: -23.561414, longitude: -46.655881 };
const poll = {
  id: '5467811234567890123',
  question: 'Qual cor vocês preferem?',
  options: [
    { persistent_id: 'a', text: 'Azul', voter_count: 3 },
    { persistent_id: 'b', text: 'Verde', voter_count: 1 },
  ],
  total_voter_count: 4,
  is_closed: false,
  is_anonymous: false,
  type: 'regular' as const,
  allows_multiple_answers: false,
  allows_revoting: true,
  members_only: false,
};
const gift = {
  gift: { id: '5170145012310081615', sticker, star_count: 15 },
  convert_star_count: 13,
  text: 'Obrigada pelo carinho!',
};
const price = { currency: 'XTR' as const, amount: 50 };
const earlier = {
  message_id: 480,
  date: 1_767_950_000,
  chat: SUPERGROUP,
  from: CAROL,
} satisfies Message;

/**
 * A believable message part for every content type of the Bot API: the content, and what Telegram
 * sends beside it (a venue's location, an animation's document, captions).
 */
export const CONTENTS: { readonly [Content in ContentType]: With<Content> } = {
  text: { text: 'Olá! Vocês abrem no sábado? 😀' },
  rich_message: {
    rich_message: {
      blocks: [
        { type: 'heading', text: 'Pedido 1042', size: 2 },
        { type: 'paragraph', text: 'Uma caneca e duas camisetas.' },
      ],
    },
  },
  animation: { animation, document: { ...animation }, caption: 'kkkk 😂' },
  audio: { audio: { ...file, duration: 243, mime_type: 'audio/mpeg', title: 'Jingle da loja' } },
  document: { document, caption: 'Segue o comprovante' },
  live_photo: {
    live_photo: { ...file, width: 1_280, height: 960, duration: 3 },
    photo,
    caption: 'Chegou!',
  },
  paid_media: { paid_media: { star_count: 25, paid_media: [{ type: 'photo', photo }] } },
  photo: { photo, caption: 'Chegou assim, com a alça solta 😕', media_group_id: '13877265431' },
  sticker: { sticker },
  story: { story: { chat: CHANNEL, id: 2 } },
  video: { video, caption: 'Olhem como ficou', has_media_spoiler: true },
  video_note: { video_note: { ...file, length: 240, duration: 7 } },
  voice: { voice: { ...file, duration: 5, mime_type: 'audio/ogg', file_size: 23_000 } },
  checklist: {
    checklist: {
      title: 'Para a feira',
      tasks: [
        { id: 1, text: 'Embalagens' },
        { id: 2, text: 'Maquininha' },
      ],
    },
  },
  contact: {
    contact: { phone_number: '+5511955550123', first_name: 'Carol', user_id: CAROL.id },
  },
  dice: { dice: { emoji: '🎲', value: 4 } },
  game: {
    game: {
      title: 'Caça ao cupom',
      description: 'Ache o cupom',
      photo,
      text: '',
      text_entities: [],
      animation,
    },
  },
  poll: { poll },
  venue: {
    venue: { location, title: 'Loja da Maria', address: 'Rua das Flores, 12, São Paulo' },
    location,
  },
  location: { location: { ...location, live_period: 900, heading: 90 } },
  new_chat_members: { new_chat_members: [CAROL] },
  community_chat_joined: { community_chat_joined: { community: { id: 77, name: 'Bairro' } } },
  left_chat_member: { left_chat_member: CAROL },
  chat_owner_left: { chat_owner_left: { new_owner: CAROL } },
  chat_owner_changed: { chat_owner_changed: { new_owner: CAROL } },
  new_chat_title: { new_chat_title: 'Clientes da Loja da Maria 🌻' },
  new_chat_photo: { new_chat_photo: photo },
  delete_chat_photo: { delete_chat_photo: true },
  group_chat_created: { group_chat_created: true },
  supergroup_chat_created: { supergroup_chat_created: true },
  channel_chat_created: { channel_chat_created: true },
  message_auto_delete_timer_changed: {
    message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 },
  },
  migrate_to_chat_id: { migrate_to_chat_id: SUPERGROUP.id },
  migrate_from_chat_id: { migrate_from_chat_id: GROUP.id },
  pinned_message: { pinned_message: { ...earlier, text: 'Sábado abrimos até as 14h' } },
  invoice: {
    invoice: {
      title: 'Caneca',
      description: 'Caneca de cerâmica, 300 ml',
      start_parameter: 'caneca',
      currency: 'BRL',
      total_amount: 3_990,
    },
  },
  successful_payment: {
    successful_payment: {
      currency: 'BRL',
      total_amount: 3_990,
      invoice_payload: 'pedido-1042',
      telegram_payment_charge_id: 'tg-1042',
      provider_payment_charge_id: 'pix-1042',
    },
  },
  refunded_payment: {
    refunded_payment: {
      currency: 'XTR',
      total_amount: 25,
      invoice_payload: 'pedido-1043',
      telegram_payment_charge_id: 'tg-1043',
    },
  },
  users_shared: { users_shared: { request_id: 1, users: [{ user_id: CAROL.id }] } },
  chat_shared: { chat_shared: { request_id: 2, chat_id: SUPERGROUP.id } },
  gift: { gift },
  unique_gift: {
    unique_gift: {
      gift: {
        gift_id: '5170145012310081615',
        base_name: 'Girassol',
        name: 'Girassol-7',
        number: 7,
        model: { name: 'Dourado', sticker, rarity_per_mille: 12 },
        symbol: { name: 'Estrela', sticker, rarity_per_mille: 5 },
        backdrop: {
          name: 'Céu',
          colors: { center_color: 1, edge_color: 2, symbol_color: 3, text_color: 4 },
          rarity_per_mille: 20,
        },
      },
      origin: 'transfer',
    },
  },
  gift_upgrade_sent: { gift_upgrade_sent: { ...gift, is_upgrade_separate: true } },
  connected_website: { connected_website: 'loja.example' },
  write_access_allowed: { write_access_allowed: { from_request: true } },
  passport_data: {
    passport_data: {
      data: [{ type: 'email', email: 'carol@example.com', hash: 'aGFzaA==' }],
      credentials: { data: 'ZGF0YQ==', hash: 'aGFzaA==', secret: 'c2VjcmV0' },
    },
  },
  proximity_alert_triggered: {
    proximity_alert_triggered: { traveler: CAROL, watcher: MARIA, distance: 120 },
  },
  boost_added: { boost_added: { boost_count: 1 } },
  chat_background_set: {
    chat_background_set: { type: { type: 'chat_theme', theme_name: '🌻' } },
  },
  checklist_tasks_done: { checklist_tasks_done: { marked_as_done_task_ids: [1] } },
  checklist_tasks_added: { checklist_tasks_added: { tasks: [{ id: 3, text: 'Troco' }] } },
  community_chat_added: { community_chat_added: { community: { id: 77, name: 'Bairro' } } },
  community_chat_removed: { community_chat_removed: {} },
  direct_message_price_changed: {
    direct_message_price_changed: {
      are_direct_messages_enabled: true,
      direct_message_star_count: 5,
    },
  },
  forum_topic_created: {
    forum_topic_created: { name: 'Entregas', icon_color: 7_322_096 },
    message_thread_id: 512,
    is_topic_message: true,
  },
  forum_topic_edited: { forum_topic_edited: { name: 'Entregas e prazos' } },
  forum_topic_closed: { forum_topic_closed: {} },
  forum_topic_reopened: { forum_topic_reopened: {} },
  general_forum_topic_hidden: { general_forum_topic_hidden: {} },
  general_forum_topic_unhidden: { general_forum_topic_unhidden: {} },
  giveaway_created: { giveaway_created: {} },
  giveaway: {
    giveaway: { chats: [CHANNEL], winners_selection_date: 1_768_500_000, winner_count: 3 },
  },
  giveaway_winners: {
    giveaway_winners: {
      chat: CHANNEL,
      giveaway_message_id: 60,
      winners_selection_date: 1_768_500_000,
      winner_count: 1,
      winners: [CAROL],
    },
  },
  giveaway_completed: { giveaway_completed: { winner_count: 3 } },
  managed_bot_created: { managed_bot_created: { bot: OUR_BOT } },
  paid_message_price_changed: { paid_message_price_changed: { paid_message_star_count: 2 } },
  poll_option_added: {
    poll_option_added: { option_persistent_id: 'c', option_text: 'Amarelo' },
  },
  poll_option_deleted: {
    poll_option_deleted: { option_persistent_id: 'c', option_text: 'Amarelo' },
  },
  suggested_post_approved: { suggested_post_approved: { send_date: 1_768_300_000, price } },
  suggested_post_approval_failed: { suggested_post_approval_failed: { price } },
  suggested_post_declined: { suggested_post_declined: { comment: 'Fora do assunto' } },
  suggested_post_paid: { suggested_post_paid: { currency: 'XTR', star_amount: { amount: 50 } } },
  suggested_post_refunded: { suggested_post_refunded: { reason: 'post_deleted' } },
  video_chat_scheduled: { video_chat_scheduled: { start_date: 1_768_250_000 } },
  video_chat_started: { video_chat_started: {} },
  video_chat_ended: { video_chat_ended: { duration: 1_820 } },
  video_chat_participants_invited: { video_chat_participants_invited: { users: [CAROL] } },
  web_app_data: { web_app_data: { data: '{"cor":"azul"}', button_text: 'Escolher cor' } },
};
