import type { Message } from '@grammyjs/types';

/**
 * What each field of the Bot API's `Message` is: the content of a message that somebody wrote, the
 * content of a service message (Telegram wrote it: somebody joined, a title changed, …), or an
 * attribute that stands beside a content.
 *
 * The order is the Bot API's. Where one content carries another for backward compatibility the
 * specific one comes first: animation before document, live_photo before photo, venue before
 * location. A record, so that the type check fails when a new version of the Bot API brings a
 * field that is not classified here, or drops one.
 */
export const MESSAGE_FIELDS = {
  message_id: 'attribute',
  message_thread_id: 'attribute',
  direct_messages_topic: 'attribute',
  from: 'attribute',
  sender_chat: 'attribute',
  sender_boost_count: 'attribute',
  sender_business_bot: 'attribute',
  sender_tag: 'attribute',
  receiver_user: 'attribute',
  ephemeral_message_id: 'attribute',
  date: 'attribute',
  guest_query_id: 'attribute',
  business_connection_id: 'attribute',
  chat: 'attribute',
  forward_origin: 'attribute',
  is_topic_message: 'attribute',
  is_automatic_forward: 'attribute',
  reply_to_message: 'attribute',
  external_reply: 'attribute',
  quote: 'attribute',
  reply_to_story: 'attribute',
  reply_to_checklist_task_id: 'attribute',
  reply_to_poll_option_id: 'attribute',
  via_bot: 'attribute',
  guest_bot_caller_user: 'attribute',
  guest_bot_caller_chat: 'attribute',
  edit_date: 'attribute',
  has_protected_content: 'attribute',
  is_from_offline: 'attribute',
  is_paid_post: 'attribute',
  media_group_id: 'attribute',
  author_signature: 'attribute',
  paid_star_count: 'attribute',
  text: 'message',
  entities: 'attribute',
  link_preview_options: 'attribute',
  suggested_post_info: 'attribute',
  effect_id: 'attribute',
  rich_message: 'message',
  animation: 'message',
  audio: 'message',
  document: 'message',
  live_photo: 'message',
  paid_media: 'message',
  photo: 'message',
  sticker: 'message',
  story: 'message',
  video: 'message',
  video_note: 'message',
  voice: 'message',
  caption: 'attribute',
  caption_entities: 'attribute',
  show_caption_above_media: 'attribute',
  has_media_spoiler: 'attribute',
  checklist: 'message',
  contact: 'message',
  dice: 'message',
  game: 'message',
  poll: 'message',
  venue: 'message',
  location: 'message',
  new_chat_members: 'service',
  community_chat_joined: 'service',
  left_chat_member: 'service',
  chat_owner_left: 'service',
  chat_owner_changed: 'service',
  new_chat_title: 'service',
  new_chat_photo: 'service',
  delete_chat_photo: 'service',
  group_chat_created: 'service',
  supergroup_chat_created: 'service',
  channel_chat_created: 'service',
  message_auto_delete_timer_changed: 'service',
  migrate_to_chat_id: 'service',
  migrate_from_chat_id: 'service',
  pinned_message: 'service',
  invoice: 'message',
  successful_payment: 'service',
  refunded_payment: 'service',
  users_shared: 'service',
  chat_shared: 'service',
  gift: 'service',
  unique_gift: 'service',
  gift_upgrade_sent: 'service',
  connected_website: 'service',
  write_access_allowed: 'service',
  passport_data: 'service',
  proximity_alert_triggered: 'service',
  boost_added: 'service',
  chat_background_set: 'service',
  checklist_tasks_done: 'service',
  checklist_tasks_added: 'service',
  community_chat_added: 'service',
  community_chat_removed: 'service',
  direct_message_price_changed: 'service',
  forum_topic_created: 'service',
  forum_topic_edited: 'service',
  forum_topic_closed: 'service',
  forum_topic_reopened: 'service',
  general_forum_topic_hidden: 'service',
  general_forum_topic_unhidden: 'service',
  giveaway_created: 'service',
  giveaway: 'message',
  giveaway_winners: 'message',
  giveaway_completed: 'service',
  managed_bot_created: 'service',
  paid_message_price_changed: 'service',
  poll_option_added: 'service',
  poll_option_deleted: 'service',
  suggested_post_approved: 'service',
  suggested_post_approval_failed: 'service',
  suggested_post_declined: 'service',
  suggested_post_paid: 'service',
  suggested_post_refunded: 'service',
  video_chat_scheduled: 'service',
  video_chat_started: 'service',
  video_chat_ended: 'service',
  video_chat_participants_invited: 'service',
  web_app_data: 'service',
  reply_markup: 'attribute',
} as const satisfies Record<keyof Message, 'attribute' | 'message' | 'service'>;

type Fields = typeof MESSAGE_FIELDS;

/** What a message holds, by the Bot API's field name. */
export type ContentType = {
  [Field in keyof Fields]: Fields[Field] extends 'attribute' ? never : Field;
}[keyof Fields];

/** Every content type; of several in one message the first decides. */
export const CONTENT_TYPES: readonly ContentType[] = (
  Object.keys(MESSAGE_FIELDS) as (keyof Fields)[]
).filter((field): field is ContentType => MESSAGE_FIELDS[field] !== 'attribute');

/** Whether Telegram writes such messages by itself when something happens in a chat. */
export function isServiceContent(type: ContentType): boolean {
  return MESSAGE_FIELDS[type] === 'service';
}
