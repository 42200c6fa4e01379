import type { Answer, Source } from '../../../src/lake/envelope.ts';

/*
 * Updates as Telegram sends them, as far as the seeded events have them. Types of their own, so that
 * neither the generator nor the reference leans on what is tested.
 */

export interface Person {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface Chat {
  readonly id: number;
  readonly type: 'channel' | 'group' | 'private' | 'supergroup';
  readonly title?: string;
  readonly first_name?: string;
}

export interface Message {
  readonly message_id: number;
  readonly date: number;
  readonly chat: Chat;
  readonly from?: Person;
  readonly sender_chat?: Chat;
  readonly edit_date?: number;
  readonly text?: string;
  readonly caption?: string;
  readonly new_chat_members?: readonly Person[];
  readonly left_chat_member?: Person;
  /** What else it holds: photo, sticker, pinned_message, … */
  readonly [field: string]: unknown;
}

export interface Reaction {
  readonly type: 'custom_emoji' | 'emoji' | 'paid';
  readonly emoji?: string;
  readonly custom_emoji_id?: string;
}

export type Status = 'administrator' | 'creator' | 'kicked' | 'left' | 'member' | 'restricted';

export interface MemberChange {
  readonly chat: Chat;
  readonly from: Person;
  readonly date: number;
  readonly old_chat_member: { readonly user: Person; readonly status: Status };
  readonly new_chat_member: { readonly user: Person; readonly status: Status };
}

/** One update; exactly one of its kinds is there. */
export interface Kinds {
  readonly message?: Message;
  readonly edited_message?: Message;
  readonly channel_post?: Message;
  readonly edited_channel_post?: Message;
  readonly business_message?: Message;
  readonly edited_business_message?: Message;
  readonly callback_query?: {
    readonly id: string;
    readonly from: Person;
    readonly message?: Message;
    readonly data?: string;
  };
  readonly message_reaction?: {
    readonly chat: Chat;
    readonly message_id: number;
    readonly user?: Person;
    readonly actor_chat?: Chat;
    readonly date: number;
    readonly old_reaction: readonly Reaction[];
    readonly new_reaction: readonly Reaction[];
  };
  readonly message_reaction_count?: {
    readonly chat: Chat;
    readonly message_id: number;
    readonly date: number;
    readonly reactions: readonly { readonly type: Reaction; readonly total_count: number }[];
  };
  readonly my_chat_member?: MemberChange;
  readonly chat_member?: MemberChange;
  readonly chat_join_request?: {
    readonly chat: Chat;
    readonly from: Person;
    readonly user_chat_id: number;
    readonly date: number;
  };
  readonly inline_query?: {
    readonly id: string;
    readonly from: Person;
    readonly query: string;
    readonly offset: string;
  };
  readonly poll?: Readonly<Record<string, unknown>>;
  readonly poll_answer?: {
    readonly poll_id: string;
    readonly user: Person;
    readonly option_ids: readonly number[];
  };
  /** A kind that no Bot API has. */
  readonly dream_shared?: { readonly from: Person };
}

export type SeededUpdate = Kinds & { readonly update_id: number };

/** One update with what the webhook recorded of it. */
export interface SeededEvent {
  readonly update: SeededUpdate;
  /** When it was received first, Unix milliseconds. */
  readonly receivedAt: number;
  readonly source: Source;
  readonly answer: Answer | null;
  /** When it was received again (a retry, a delivery that Telegram repeated), Unix milliseconds. */
  readonly again: readonly number[];
  /** Stored as the course's pipelines did: the update alone, under the day at UTC-3 of its arrival. */
  readonly isBare: boolean;
}
