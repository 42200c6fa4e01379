import type { Language } from '../config/config.ts';
import { fold } from './fold.ts';
import type { Knowledge } from './knowledge.ts';
import type { Match, Matcher } from './matcher.ts';

/** Lengths of the character sequences that words are cut into. */
const LENGTHS = [2, 3, 4] as const;

/** How much a whole word counts, compared with one of its sequences. */
const WORD_WEIGHT = 4;

/** How much more than the rarest feature one counts that no sample question has. */
const UNSEEN_WEIGHT = 1.5;

/** How often each feature occurs in a text. */
type Counts = ReadonlyMap<string, number>;

/** Weight of each feature; as a vector it has length 1. */
type Vector = ReadonlyMap<string, number>;

/** What a topic says in one language, as the matcher sees it. */
interface Candidate {
  readonly intent: string;
  readonly language: Language;
}

/** A vector of a candidate: one of its sample questions, or all of them together. */
interface Entry {
  readonly candidate: number;
  readonly isProfile: boolean;
}

/**
 * What a text consists of: its words, its pairs of neighbouring words, and of each word the character
 * sequences, its borders marked by spaces (`pix` gives ` p`, `pi`, `ix`, `x `, ` pi`, …), so that a
 * typing error leaves most of it as it was.
 */
function countFeatures(text: string): Counts {
  const counts = new Map<string, number>();
  const add = (feature: string, count: number) =>
    counts.set(feature, (counts.get(feature) ?? 0) + count);
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
  return counts;
}

/** Scales weights so that the vector's length is 1; no weights stay none. */
function normalise(weights: ReadonlyMap<string, number>): Vector {
  let squares = 0;
  for (const weight of weights.values()) squares += weight * weight;
  const length = Math.sqrt(squares);
  return new Map([...weights].map(([feature, weight]) => [feature, weight / length]));
}

/** The direction in which vectors point together. */
function sum(vectors: readonly Vector[]): Vector {
  const total = new Map<string, number>();
  for (const vector of vectors) {
    for (const [feature, weight] of vector) total.set(feature, (total.get(feature) ?? 0) + weight);
  }
  return normalise(total);
}

/**
 * How much a feature tells: most when one topic alone uses it (however often), less with each topic
 * that does. What no topic uses counts more still: so a question about something else scores low even
 * when it is phrased like a sample.
 */
function createRarity(topics: readonly (readonly Counts[])[]): (feature: string) => number {
  const holders = new Map<string, number>();
  for (const questions of topics) {
    const features = new Set(questions.flatMap((counts) => [...counts.keys()]));
    for (const feature of features) holders.set(feature, (holders.get(feature) ?? 0) + 1);
  }
  const all = 1 + topics.length;
  return (feature) => {
    const count = holders.get(feature);
    if (count === undefined) return UNSEEN_WEIGHT;
    // Never nothing: a question made of words that all topics use is still alike to itself.
    return 0.05 + Math.log(all / (1 + count)) / Math.log(all);
  };
}

/**
 * A matcher without learning or model: TF-IDF weights of words and character sequences, compared by
 * cosine. A topic's score joins two likenesses, to the sample question nearest to what was asked and
 * to all its sample questions together, as if either could be right by itself:
 * `1 - (1 - nearest) × (1 - together)`. A sample question itself scores 1.
 *
 * The thresholds come from __tests__/support/questions.ts; what they give is tested in
 * __tests__/unit/bot/ngramMatcher.test.ts.
 */
export function createNgramMatcher(knowledge: Knowledge): Matcher {
  const candidates: Candidate[] = [];
  const entries: Entry[] = [];
  /** For each feature the entries that have it. */
  const postings = new Map<string, { readonly entry: number; readonly weight: number }[]>();
  const enter = (entry: Entry, vector: Vector) => {
    const number = entries.push(entry) - 1;
    for (const [feature, weight] of vector) {
      const posting = postings.get(feature);
      if (posting) posting.push({ entry: number, weight });
      else postings.set(feature, [{ entry: number, weight }]);
    }
  };

  const speeches = [...knowledge.topics.values()].map((topic) =>
    (['pt', 'en'] as const).flatMap((language) => {
      const questions = topic.speech[language]?.questions.map(countFeatures);
      return questions ? [{ intent: topic.id, language, questions }] : [];
    }),
  );
  const rarityOf = createRarity(
    speeches.map((topic) => topic.flatMap(({ questions }) => questions)),
  );
  const vectorOf = (counts: Counts) =>
    normalise(
      new Map(
        [...counts].map(([feature, count]) => [feature, Math.sqrt(count) * rarityOf(feature)]),
      ),
    );
  for (const { intent, language, questions } of speeches.flat()) {
    const candidate = candidates.push({ intent, language }) - 1;
    const vectors = questions.map(vectorOf);
    for (const vector of vectors) enter({ candidate, isProfile: false }, vector);
    enter({ candidate, isProfile: true }, sum(vectors));
  }

  return {
    engine: 'ngram-1',
    sure: 0.52,
    possible: 0.3,
    match: (question, hint) => {
      const likeness = new Float64Array(entries.length);
      for (const [feature, weight] of vectorOf(countFeatures(question))) {
        for (const posting of postings.get(feature) ?? []) {
          likeness[posting.entry] = (likeness[posting.entry] ?? 0) + weight * posting.weight;
        }
      }
      const nearest = new Float64Array(candidates.length);
      const together = new Float64Array(candidates.length);
      entries.forEach(({ candidate, isProfile }, index) => {
        const part = isProfile ? together : nearest;
        part[candidate] = Math.max(part[candidate] ?? 0, likeness[index] ?? 0);
      });

      const best = new Map<string, Match>();
      candidates.forEach(({ intent, language }, index) => {
        const joined = 1 - (1 - (nearest[index] ?? 0)) * (1 - (together[index] ?? 0));
        // Rounded: the last digits say nothing, and so ties are ties.
        const score = Math.min(1, Math.round(joined * 1e4) / 1e4);
        const rival = best.get(intent);
        const wins =
          rival === undefined ||
          score > rival.score ||
          (score === rival.score && language === hint && rival.language !== hint);
        if (score > 0 && wins) best.set(intent, { intent, language, score });
      });
      return [...best.values()].sort((a, b) => b.score - a.score || (a.intent < b.intent ? -1 : 1));
    },
  };
}
