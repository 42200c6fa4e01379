import type { Language } from '../config/config.ts';

/** A topic's likeness to a question, in the language of the sample question that is most alike. */
export interface Match {
  readonly intent: string;
  readonly language: Language;
  /** Similarity, 0 to 1. */
  readonly score: number;
}

/**
 * Finds the topics that a question may be about. Another engine is another implementation of this:
 * nothing else knows how matching is done.
 */
export interface Matcher {
  /** Name and version, for the record. */
  readonly engine: string;
  /** From this score on, the best match answers. */
  readonly sure: number;
  /** From this score on, matches are offered as buttons; below, the bot says it does not know. */
  readonly possible: number;
  /**
   * Every topic with a score above 0, best first, ties in the order of intent.
   *
   * @param hint the language to take where a question (`Pix?`) is as good in either
   */
  match(question: string, hint: Language): readonly Match[];
}
