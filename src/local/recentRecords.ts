import type { RecordRef } from './api.ts';
import { conversationId, type RecentRecord } from './recentRecord.ts';

/** The newest updates of a lake, in memory, so that no screen waits for the disk. */
export interface RecentRecords {
  add(record: RecentRecord): void;
  /** In the order they were added. */
  all(): readonly RecentRecord[];
  ofChat(chatId: number): readonly RecentRecord[];
  chatIds(): readonly number[];
  get(ref: RecordRef): RecentRecord | undefined;
  /** The one added last, should several have the number. */
  byUpdateId(updateId: number): RecentRecord | undefined;
  /** How many lie under a prefix of the raw layer. */
  countUnder(prefix: string): number;
}

function keyOf({ key, line }: RecordRef): string {
  return `${key}#${line}`;
}

export function createRecentRecords(): RecentRecords {
  const records: RecentRecord[] = [];
  const chats = new Map<number, RecentRecord[]>();
  const byRef = new Map<string, RecentRecord>();
  const byUpdateId = new Map<number, RecentRecord>();
  return {
    add(record) {
      const key = keyOf(record.ref);
      if (byRef.has(key)) return;
      byRef.set(key, record);
      byUpdateId.set(record.facts.updateId, record);
      records.push(record);
      const chatId = conversationId(record);
      if (chatId === null) return;
      const ofChat = chats.get(chatId);
      if (ofChat) ofChat.push(record);
      else chats.set(chatId, [record]);
    },
    all: () => records,
    ofChat: (chatId) => chats.get(chatId) ?? [],
    chatIds: () => [...chats.keys()],
    get: (ref) => byRef.get(keyOf(ref)),
    byUpdateId: (updateId) => byUpdateId.get(updateId),
    countUnder: (prefix) => records.filter(({ ref }) => ref.key.startsWith(prefix)).length,
  };
}
