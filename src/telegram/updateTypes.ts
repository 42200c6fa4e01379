import type { Update } from '@grammyjs/types';

/** A kind of update that the Bot API knows, by its field name in `Update`. */
export type UpdateType = Exclude<keyof Update, 'update_id'>;

/**
 * Every kind, in the Bot API's order. A record, so that the type check fails when a new version of
 * the Bot API brings a kind that is missing here, or drops one.
 */
const types = {
  message: true,
  edited_message: true,
  channel_post: true,
  edited_channel_post: true,
  business_connection: true,
  business_message: true,
  edited_business_message: true,
  deleted_business_messages: true,
  guest_message: true,
  stopped_message_generation: true,
  message_reaction: true,
  message_reaction_count: true,
  inline_query: true,
  chosen_inline_result: true,
  callback_query: true,
  shipping_query: true,
  pre_checkout_query: true,
  purchased_paid_media: true,
  poll: true,
  poll_answer: true,
  my_chat_member: true,
  chat_member: true,
  chat_join_request: true,
  chat_boost: true,
  removed_chat_boost: true,
  managed_bot: true,
  subscription: true,
} satisfies Record<UpdateType, true>;

/** The kinds of update in the Bot API's order; of several in one update the first decides. */
export const UPDATE_TYPES = Object.keys(types) as readonly UpdateType[];
