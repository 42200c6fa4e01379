import type { Language } from '../config/config.ts';
import { fold } from './fold.ts';
import type { Knowledge } from './knowledge.ts';

/** What a topic says in one language, as the matcher sees it. */
interface Candidate {
  readonly intent: string;
  readonly language: Language;
  /** How many sample questions it has; those of all candidates are numbered one after the other. */
  readonly questions: number;
  /** Of the sum of its questions' vectors, each of length 1. */
  readonly length: number;
}

/** What a matcher knows of the sample questions. */
export interface NgramIndex {
  /** Topics in all. */
  readonly topics: number;
  readonly candidates: readonly Candidate[];
  /** Of each question's vector. */
  readonly lengths: readonly number[];
  /** All that the questions consist of, in order; places in this list are the features' numbers. */
  readonly features: readonly string[];
  /** How many topics use a feature, by its number. */
  readonly holders: Uint32Array;
  /** Where a feature's questions begin in the two lists below; they end where the next one's do. */
  readonly starts: Uint32Array;
  /** Numbers of questions. */
  readonly questions: Uint32Array;
  /** How often the feature occurs in that question. */
  readonly counts: Uint32Array;
}

/** Lengths of the character sequences that words are cut into. */
const LENGTHS = [2, 3, 4] as const;

/** How much a whole word counts, compared with one of its sequences. */
const WORD_WEIGHT = 4;

/**
 * What a text consists of and how often: its words, its pairs of neighbouring words, and of each word
 * the character sequences, its borders marked by spaces (`pix` gives ` p`, `pi`, `ix`, `x `, ` pi`, …),
 * so that a typing error leaves most of it as it was.
 */
export function featuresOf(text: string): Map<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, count: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + count);
  };
  const words = fold(text)
    .split(' ')
    .filter((word) => word !== '');
  words.forEach((word, index) => {
    const bounded = ` ${word} `;
    for (const length of LENGTHS) {
      for (let start = 0; start + length <= bounded.length; start++) {
        add(bounded.slice(start, start + length), 1);
      }
    }
    // Marked, so that neither is taken for a sequence.
    add(`=${word}`, WORD_WEIGHT);
    if (index > 0) add(`=${words[index - 1] ?? ''} ${word}`, 1);
  });
  return features;
}

/**
 * How much a feature tells: most when one topic alone uses it (however often), less with each topic
 * that does.
 */
export function rarityOf(holders: number, topics: number): number {
  const all = 1 + topics;
  // Never nothing: a question made of words that all topics use is still alike to itself.
  return 0.05 + Math.log(all / (1 + holders)) / Math.log(all);
}

/** Features of a question by their numbers, and how often each occurs. */
type Numbered = readonly (readonly [id: number, count: number])[];

/** For each feature the questions that have it, one after the other. */
function postingsOf(
  questions: readonly Numbered[],
  features: number,
): Pick<NgramIndex, 'counts' | 'questions' | 'starts'> {
  const starts = new Uint32Array(features + 1);
  for (const [id] of questions.flat()) starts[id + 1] = (starts[id + 1] ?? 0) + 1;
  for (let id = 0; id < features; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  const free = starts.slice();
  const numbers = new Uint32Array(starts[features] ?? 0);
  const counts = new Uint32Array(numbers.length);
  questions.forEach((question, number) => {
    for (const [id, count] of question) {
      const place = free[id] ?? 0;
      numbers[place] = number;
      counts[place] = count;
      free[id] = place + 1;
    }
  });
  return { starts, questions: numbers, counts };
}

/** Length of a vector. */
function lengthOf(weights: Iterable<number>): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return Math.sqrt(squares);
}

/** Takes the sample questions of a knowledge base apart. */
export function indexQuestions(knowledge: Knowledge): NgramIndex {
  const speeches = [...knowledge.topics.values()].flatMap(({ id: intent, speech }) =>
    (['pt', 'en'] as const).flatMap((language) => {
      const questions = speech[language]?.questions.map(featuresOf);
      return questions ? [{ intent, language, questions }] : [];
    }),
  );
  const users = new Map<string, Set<string>>();
  for (const { intent, questions } of speeches) {
    for (const feature of questions.flatMap((question) => [...question.keys()])) {
      const known = users.get(feature);
      if (known) known.add(intent);
      else users.set(feature, new Set([intent]));
    }
  }
  const topics = knowledge.topics.size;
  const features = [...users.keys()].sort();
  const holders = Uint32Array.from(features, (feature) => users.get(feature)?.size ?? 0);
  const ids = new Map(features.map((feature, id) => [feature, id]));
  const rarity = Float64Array.from(holders, (count) => rarityOf(count, topics));

  const numbered: Numbered[] = [];
  const lengths: number[] = [];
  const candidates = speeches.map(({ intent, language, questions }): Candidate => {
    const sums = new Map<number, number>();
    for (const question of questions) {
      const own = [...question].map(([feature, count]) => [ids.get(feature) ?? 0, count] as const);
      const weights = own.map(([id, count]) => Math.sqrt(count) * (rarity[id] ?? 0));
      const length = lengthOf(weights);
      own.forEach(([id], index) => {
        sums.set(id, (sums.get(id) ?? 0) + (weights[index] ?? 0) / length);
      });
      numbered.push(own);
      lengths.push(length);
    }
    const length = lengthOf(sums.values());
    return { intent, language, questions: questions.length, length };
  });
  return {
    ...{ topics, candidates, lengths, features, holders },
    ...postingsOf(numbered, features.length),
  };
}
