import type { UpdateFacts } from './facts.ts';

/** By whom an update is admitted or turned away. */
export interface Party {
  /** Of the chat, else of the user as if it were their private chat. */
  readonly id: number;
  readonly isPrivate: boolean;
}

/**
 * By whom an update is admitted: its chat, or else its user, or else the chat that acted in its own
 * name.
 *
 * @returns null for updates with neither (`poll`, and what the Bot API does not have yet)
 */
export function partyOf(facts: UpdateFacts): Party | null {
  const { chat, user } = facts;
  if (!chat && user) return { id: user.id, isPrivate: true };
  const where = chat ?? facts.senderChat;
  return where && { id: where.id, isPrivate: where.type === 'private' };
}
