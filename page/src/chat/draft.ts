import type { Action, Entry } from '../../../src/local/api.ts';

/** What is being written in the composer. */
export interface Draft {
  readonly text: string;
  readonly photo: boolean;
  /** The message that is replied to or edited. */
  readonly about: { readonly kind: 'edit' | 'reply'; readonly entry: Entry } | null;
}

/** Nothing written yet. */
export const NEW_DRAFT: Draft = { text: '', photo: false, about: null };

type WithoutPerson<A> = A extends unknown ? Omit<A, 'personId'> : never;

/** An action, without who does it. */
export type ActionBody = WithoutPerson<Action>;

/** The action that sends a draft; null when there is nothing to send. */
export function actionOf({ text, photo, about }: Draft): ActionBody | null {
  const words = text.trim();
  const messageId = about?.entry.messageId ?? null;
  if (photo) return words === '' ? { type: 'photo' } : { type: 'photo', caption: words };
  if (words === '') return null;
  if (about?.kind === 'edit' && messageId !== null) return { type: 'edit', messageId, text: words };
  if (about?.kind === 'reply' && messageId !== null) {
    return { type: 'text', text: words, replyToMessageId: messageId };
  }
  return { type: 'text', text: words };
}
