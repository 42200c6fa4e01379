import type { Chat, LakeId, Person } from './api.ts';
import { conversation, personOf } from './conversation.ts';
import type { RecentRecord } from './recentRecord.ts';
import { byTime, timeOf } from './recentRecord.ts';
import type { RecentRecords } from './recentRecords.ts';
import { SIMULATED_CHATS, type SimulatedChat } from './simulator/people.ts';

/** People offered in a group; more would not be found in a menu. */
const MAX_PEOPLE = 12;

/** Updates from which a chat's last line is read: enough to pass those that show nothing. */
const LAST_UPDATES = 20;

/** Whose chats a lake shows, and in which of them one may write. */
export interface ChatRules {
  readonly lake: LakeId;
  /** A real bot's lake holds what real people wrote, and nothing that we invent. */
  readonly hasRealBot: boolean;
}

function isInvented({ source }: RecentRecord): boolean {
  return source === 'simulator' || source === 'sample';
}

/** Those who wrote in a chat, who wrote last first; bots and other chats' voices left out. */
function peopleOf(records: readonly RecentRecord[]): Person[] {
  const people = new Map<number, Person>();
  for (const record of [...records].reverse()) {
    const { user } = record.facts;
    const person = personOf(record);
    if (user?.isBot === false && person && !people.has(user.id)) people.set(user.id, person);
    if (people.size === MAX_PEOPLE) break;
  }
  return [...people.values()];
}

/**
 * A chat that one can write in: of the simulator, or invented for the sample lake.
 *
 * @returns null when there is no such chat, or people other than us write in it
 */
export function findSimulatedChat(
  records: RecentRecords,
  chatId: number,
  rules: ChatRules,
): SimulatedChat | null {
  if (rules.hasRealBot && rules.lake === 'own') return null;
  const simulated = SIMULATED_CHATS.find(({ id }) => id === chatId);
  if (simulated) return simulated;
  const stored = [...records.ofChat(chatId)].sort(byTime);
  if (rules.lake === 'own' || stored.length === 0 || !stored.every(isInvented)) return null;
  const type = stored.findLast(({ facts }) => facts.chat)?.facts.chat?.type;
  if (type !== 'private' && type !== 'group' && type !== 'supergroup') return null;
  return { id: chatId, type, title: titleOf(stored), people: peopleOf(stored) };
}

function titleOf(records: readonly RecentRecord[]): string {
  const named = records.findLast(({ facts }) => facts.chat?.title ?? facts.user);
  return named?.facts.chat?.title ?? named?.facts.user?.firstName ?? 'Chat';
}

const CHAT_TYPES = ['channel', 'group', 'private', 'supergroup'] as const;

/** A chat as its records show it. */
export function describeChat(records: RecentRecords, chatId: number, rules: ChatRules): Chat {
  const stored = [...records.ofChat(chatId)].sort(byTime);
  const simulated = findSimulatedChat(records, chatId, rules);
  const last = stored.at(-1);
  const type = stored.findLast(({ facts }) => facts.chat)?.facts.chat?.type;
  const lines = conversation(stored.slice(-LAST_UPDATES));
  return {
    id: chatId,
    type: simulated?.type ?? CHAT_TYPES.find((known) => known === type) ?? 'private',
    title: simulated?.title ?? titleOf(stored),
    people: simulated?.people ?? [],
    lastText: lines.findLast(({ text }) => text !== null)?.text ?? null,
    lastAt: last ? new Date(timeOf(last)).toISOString() : null,
  };
}

/** The chats of a lake, those of the simulator among them, most recently active first. */
export function listChats(records: RecentRecords, rules: ChatRules): Chat[] {
  const isSimulating = rules.lake === 'sample' || !rules.hasRealBot;
  const ids = new Set([
    ...(isSimulating ? SIMULATED_CHATS.map(({ id }) => id) : []),
    ...records.chatIds(),
  ]);
  return [...ids]
    .map((id) => describeChat(records, id, rules))
    .sort((a, b) => (b.lastAt ?? '').localeCompare(a.lastAt ?? ''));
}
