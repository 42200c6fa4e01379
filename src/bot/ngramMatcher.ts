import type { Knowledge } from './knowledge.ts';
import type { Match, Matcher } from './matcher.ts';
import { type NgramIndex, featuresOf, indexQuestions, rarityOf } from './ngramIndex.ts';

/**
 * How much more than the rarest feature one counts that no sample question has: so a question about
 * something else scores low even when it is phrased like a sample.
 */
const UNSEEN_WEIGHT = 1.5;

/** Place of a text in a sorted list; -1 when it is not there. */
function placeOf(text: string, sorted: readonly string[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === text ? low : -1;
}

/** How alike what was asked is to each sample question, 0 to 1: the cosine of their vectors. */
function likenessOf(asked: string, index: NgramIndex): Float64Array {
  const { topics, lengths, features, holders, starts, questions, counts } = index;
  const likeness = new Float64Array(lengths.length);
  let squares = 0;
  for (const [feature, count] of featuresOf(asked)) {
    const id = placeOf(feature, features);
    const rarity = id === -1 ? UNSEEN_WEIGHT : rarityOf(holders[id] ?? 0, topics);
    const weight = Math.sqrt(count) * rarity;
    squares += weight * weight;
    if (id === -1) continue;
    const end = starts[id + 1] ?? 0;
    for (let place = starts[id] ?? 0; place < end; place++) {
      const question = questions[place] ?? 0;
      const shared = weight * Math.sqrt(counts[place] ?? 0) * rarity;
      likeness[question] = (likeness[question] ?? 0) + shared;
    }
  }
  const length = Math.sqrt(squares);
  lengths.forEach((own, question) => {
    // What shares nothing may have no length.
    const shared = likeness[question] ?? 0;
    if (shared > 0) likeness[question] = shared / (length * own);
  });
  return likeness;
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
export function matchBy(index: NgramIndex): Matcher {
  return {
    engine: 'ngram-1',
    sure: 0.52,
    possible: 0.3,
    match: (question, hint) => {
      const likeness = likenessOf(question, index);
      const best = new Map<string, Match>();
      let first = 0;
      for (const { intent, language, questions, length } of index.candidates) {
        let nearest = 0;
        let sum = 0;
        for (const end = first + questions; first < end; first++) {
          const each = likeness[first] ?? 0;
          nearest = Math.max(nearest, each);
          sum += each;
        }
        // To the direction in which all its questions point together.
        const together = sum === 0 ? 0 : sum / length;
        const joined = 1 - (1 - nearest) * (1 - together);
        // Rounded: the last digits say nothing, and so ties are ties.
        const score = Math.min(1, Math.round(joined * 1e4) / 1e4);
        const rival = best.get(intent);
        const wins =
          rival === undefined ||
          score > rival.score ||
          (score === rival.score && language === hint && rival.language !== hint);
        if (score > 0 && wins) best.set(intent, { intent, language, score });
      }
      return [...best.values()].sort((a, b) => b.score - a.score || (a.intent < b.intent ? -1 : 1));
    },
  };
}

/** The matcher of a knowledge base, see {@link matchBy}. */
export function createNgramMatcher(knowledge: Knowledge): Matcher {
  return matchBy(indexQuestions(knowledge));
}
