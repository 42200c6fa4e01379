import { eventTime } from '../lake/days.ts';
import type { RawRecord } from '../lake/rawRecords.ts';
import { partyOf } from '../telegram/admission.ts';
import type { UpdateFacts } from '../telegram/facts.ts';
import { type Fields, object } from '../telegram/fields.ts';
import type { RecordRef } from './api.ts';

/** One update of the raw layer and where it lies. */
export interface RecentRecord extends RawRecord {
  readonly ref: RecordRef;
}

/** When it happened, Unix milliseconds: its own time, else when it was received. */
export function timeOf({ facts, receivedAt }: RecentRecord): number {
  return eventTime(facts.ownTime, receivedAt);
}

/** The conversation it belongs to: its chat, or the private one with whoever acted. */
export function conversationId({ facts }: RecentRecord): number | null {
  return partyOf(facts)?.id ?? null;
}

/** Telegram's times have no more than seconds; those of taps, taken here, have. */
function second(record: RecentRecord): number {
  return Math.floor(timeOf(record) / 1000);
}

/** The order of a conversation: by time, within a second by Telegram's number. */
export function byTime(a: RecentRecord, b: RecentRecord): number {
  return second(a) - second(b) || a.facts.updateId - b.facts.updateId;
}

/** What becomes of an update in a conversation. */
export type Part = 'edit' | 'event' | 'message';

/** Whether an update brings a message, changes one, or tells of something else. */
export function partOf({ updateType }: UpdateFacts): Part {
  if (updateType.startsWith('edited_')) return 'edit';
  return updateType === 'channel_post' || /^(?:business_|guest_)?message$/.test(updateType)
    ? 'message'
    : 'event';
}

/** The message that an update brings or changes; null when it does neither. */
export function messageOf({ update, facts }: RecentRecord): Fields | null {
  return partOf(facts) === 'event' ? null : object(update[facts.updateType]);
}
