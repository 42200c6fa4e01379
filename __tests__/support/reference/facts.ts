import type { Answer } from '../../../src/lake/envelope.ts';
import type { Delivery } from '../seeded/deliveries.ts';
import type {
  Chat,
  MemberChange,
  Message,
  Person,
  SeededEvent,
  SeededUpdate,
} from '../seeded/update.ts';
import { wallClockOf } from './clock.ts';

/** What the analyses need of one update, straight from it. */
export interface Fact {
  readonly update: SeededUpdate;
  /** Folder that it lies in: the day that it counts under. */
  readonly day: string;
  /** When it happened on the lake's wall clock, milliseconds. */
  readonly clock: number;
  /** The message's or the event's date, Unix seconds. */
  readonly date: number | null;
  readonly person: Person | null;
  readonly chat: Chat | null;
  /** The message that is new here; null for edits and for all that is no message. */
  readonly arrived: Message | null;
  /** The message, new or edited. */
  readonly message: Message | null;
  readonly content: string | null;
  readonly isService: boolean;
  /** Text or caption. */
  readonly written: string | null;
  readonly command: string | null;
  readonly payload: string | null;
  readonly answer: Answer | null;
}

/** Contents that the seeded events have; one that comes with another stands before it. */
const CONTENTS = [
  ...['text', 'animation', 'document', 'photo', 'sticker', 'voice', 'venue', 'location', 'contact'],
  'dice',
];
const SERVICES = [
  ...['new_chat_members', 'left_chat_member', 'new_chat_title', 'pinned_message'],
  ...['migrate_to_chat_id', 'migrate_from_chat_id'],
];

/** Changes of membership, of somebody or of the bot. */
export function memberChange(update: SeededUpdate): MemberChange | undefined {
  return update.chat_member ?? update.my_chat_member;
}

function personOf(update: SeededUpdate, message: Message | null): Person | null {
  if (message) return message.sender_chat ? null : (message.from ?? null);
  const { message_reaction: reaction } = update;
  if (reaction) return reaction.actor_chat ? null : (reaction.user ?? null);
  const actor =
    update.callback_query ??
    memberChange(update) ??
    update.chat_join_request ??
    update.inline_query;
  // Of a kind that nobody knows nothing is known.
  return actor?.from ?? update.poll_answer?.user ?? null;
}

function factOf(event: SeededEvent, day: string, toClock: (time: number) => number): Fact {
  const { update, answer, receivedAt } = event;
  const arrived = update.message ?? update.channel_post ?? update.business_message ?? null;
  const edited =
    update.edited_message ?? update.edited_channel_post ?? update.edited_business_message ?? null;
  const message = arrived ?? edited;
  const happened =
    message ??
    update.message_reaction ??
    update.message_reaction_count ??
    memberChange(update) ??
    update.chat_join_request ??
    null;
  const time = message?.edit_date ?? happened?.date ?? null;
  const service = message ? SERVICES.find((name) => name in message) : undefined;
  const content = message ? CONTENTS.find((name) => name in message) : undefined;
  const [, command, payload = ''] = /^\/(\w+)(?:@\w+)?(?: +(.*))?$/.exec(message?.text ?? '') ?? [];
  return {
    update,
    day,
    clock: toClock(time === null ? receivedAt : time * 1000),
    date: happened?.date ?? null,
    person: personOf(update, message),
    chat: happened?.chat ?? update.callback_query?.message?.chat ?? null,
    arrived,
    message,
    content: message ? (service ?? content ?? 'unknown') : null,
    isService: service !== undefined,
    written: message?.text ?? message?.caption ?? null,
    command: command?.toLowerCase() ?? null,
    payload: command?.toLowerCase() === 'start' && payload !== '' ? payload : null,
    answer,
  };
}

/** One fact for each update, under the day on which it was delivered first, by number. */
export function factsOf(deliveries: readonly Delivery[], zone: string): readonly Fact[] {
  const toClock = wallClockOf(zone);
  const seen = new Set<SeededEvent>();
  return deliveries.flatMap(({ event, day }) => {
    if (event === null || seen.has(event)) return [];
    seen.add(event);
    return [factOf(event, day, toClock)];
  });
}

/** What every analysis counts: messages that people wrote, as they arrived. */
export function isMessage({ arrived, isService, person }: Fact): boolean {
  return arrived !== null && !isService && person?.is_bot !== true;
}

/** Whether the bot was asked something, and knew an answer or not. */
export function isQuestion({ answer }: Fact): boolean {
  return answer !== null && answer.outcome !== 'none';
}
