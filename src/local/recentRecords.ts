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
  /** When the last one was received, Unix milliseconds; null when there is none. */
  lastReceivedAt(): number | null;
  /** How many lie under a prefix of the raw layer. */
  countUnder(prefix: string): number;
}

/** The records, found in every way that is asked for. */
interface Index {
  readonly records: RecentRecord[];
  readonly byRef: Map<string, RecentRecord>;
  readonly byUpdateId: Map<number, RecentRecord>;
  readonly byChat: Map<number, RecentRecord[]>;
}

function keyOf({ key, line }: RecordRef): string {
  return `${key}#${line}`;
}

function emptyIndex(): Index {
  return { records: [], byRef: new Map(), byUpdateId: new Map(), byChat: new Map() };
}

function addTo({ records, byRef, byUpdateId, byChat }: Index, record: RecentRecord): void {
  byRef.set(keyOf(record.ref), record);
  byUpdateId.set(record.facts.updateId, record);
  records.push(record);
  const chatId = conversationId(record);
  if (chatId === null) return;
  const ofChat = byChat.get(chatId);
  if (ofChat) ofChat.push(record);
  else byChat.set(chatId, [record]);
}

/** @param limit how many are remembered at most; then the older half is forgotten */
export function createRecentRecords(limit: number): RecentRecords {
  let index = emptyIndex();
  let lastReceivedAt: number | null = null;
  return {
    add(record) {
      if (index.byRef.has(keyOf(record.ref))) return;
      lastReceivedAt = Math.max(lastReceivedAt ?? record.receivedAt, record.receivedAt);
      if (index.records.length >= limit) {
        const newer = index.records.slice(-Math.floor(limit / 2));
        index = emptyIndex();
        for (const kept of newer) addTo(index, kept);
      }
      addTo(index, record);
    },
    all: () => index.records,
    lastReceivedAt: () => lastReceivedAt,
    ofChat: (chatId) => index.byChat.get(chatId) ?? [],
    chatIds: () => [...index.byChat.keys()],
    get: (ref) => index.byRef.get(keyOf(ref)),
    byUpdateId: (updateId) => index.byUpdateId.get(updateId),
    countUnder: (prefix) => index.records.filter(({ ref }) => ref.key.startsWith(prefix)).length,
  };
}
