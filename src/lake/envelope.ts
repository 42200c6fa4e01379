/** Where a raw object's update came from. */
export type Source = 'telegram' | 'simulator' | 'sample' | 'import';

/** What became of a message: see `Answer`. */
export type Outcome = 'answered' | 'suggested' | 'fallback' | 'handoff' | 'none';

/** A Bot API method with its parameters, as it stands in a webhook's response. */
export interface BotCall {
  readonly method: string;
  readonly [parameter: string]: unknown;
}

/** A topic the bot considered, best first. */
export interface ScoredTopic {
  readonly intent: string;
  /** Similarity, 0 to 1. */
  readonly score: number;
}

/** What the bot decided and why. It records the decision, not that it was delivered. */
export interface Answer {
  /** The call that answers; null when nothing is said. */
  readonly call: BotCall | null;
  readonly outcome: Outcome;
  /** Topic or command (`/start`) that answered; null when none did. */
  readonly intent: string | null;
  /** Best score, of `intent` when a topic answered; null where nothing was matched (commands, taps). */
  readonly score: number | null;
  readonly candidates: readonly ScoredTopic[];
  /** Name and version of the matcher. */
  readonly engine: string;
  /** Hash of the knowledge base that was asked. */
  readonly knowledge: string;
  /** Decision time in milliseconds, without the write. */
  readonly ms: number;
}

/** A raw object, version 1: one line of JSON, whose `update` holds Telegram's bytes verbatim. */
export interface Envelope {
  readonly v: 1;
  readonly source: Source;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  readonly update: unknown;
  /** null when no answer was due. */
  readonly answer: Answer | null;
}

/**
 * Writes an envelope around an update without parsing it (that would round 64-bit numbers).
 *
 * @param updateJson the update's JSON text, verbatim; line breaks between tokens are legal JSON
 *   white space and become spaces, so that the envelope stays one line
 */
export function writeEnvelope(
  fields: Pick<Envelope, 'source' | 'received_at' | 'answer'>,
  updateJson: string,
): string {
  const update = updateJson.trim().replaceAll(/[\r\n]+/g, ' ');
  return `{"v":1,"source":${JSON.stringify(fields.source)},"received_at":${JSON.stringify(fields.received_at)},"update":${update},"answer":${JSON.stringify(fields.answer)}}\n`;
}
