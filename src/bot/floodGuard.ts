/** The minute that the limit speaks of, in milliseconds. */
const WINDOW = 60_000;

/** How many chats are remembered; the one silent longest is forgotten first. */
const MAX_CHATS = 10_000;

/** Says whether a chat may be answered now, and remembers that it was. */
export type FloodGuard = (chatId: number, now: number) => boolean;

/**
 * A sliding window over the answers given to each chat, in memory: a Lambda that starts afresh starts
 * with an empty one.
 *
 * @param perMinute answers that a chat gets within 60 s
 * @returns `true` while there is room; times are Unix milliseconds
 */
export function createFloodGuard(perMinute: number): FloodGuard {
  const answeredAt = new Map<number, readonly number[]>();
  return (chatId, now) => {
    // Absolute: imports and samples may come in any order, and the future is no flood either.
    const recent = (answeredAt.get(chatId) ?? []).filter((time) => Math.abs(now - time) < WINDOW);
    const free = recent.length < perMinute;
    answeredAt.delete(chatId);
    answeredAt.set(chatId, free ? [...recent, now] : recent);
    if (answeredAt.size > MAX_CHATS) {
      for (const oldest of answeredAt.keys()) {
        answeredAt.delete(oldest);
        break;
      }
    }
    return free;
  };
}
