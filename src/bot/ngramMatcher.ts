import type { Language } from '../config/config.ts';
import { fold } from './fold.ts';
import type { Knowledge } from './knowledge.ts';
import type { Match, Matcher } from './matcher.ts';

/** Lengths of the character sequences that words are cut into. */
const LENGTHS = [2, 3, 4] as const;

/** How often each feature occurs in a text. */
type Counts = ReadonlyMap<string, number>;

/** A sample question as a vector of length 1. */
interface Sample {
  readonly intent: string;
  readonly language: Language;
  readonly weights: ReadonlyMap<string, number>;
}

/**
 * The character sequences of each word, its borders marked by spaces: `pix` gives ` p`, `pi`, `ix`,
 * `x `, ` pi`, … So a typing error leaves most of a word's sequences as they were.
 */
function countFeatures(text: string): Counts {
  const counts = new Map<string, number>();
  const words = fold(text).split(' ');
  if (words[0] === '') return counts;
  for (const word of words) {
    const bounded = ` ${word} `;
    for (const length of LENGTHS) {
      for (let start = 0; start + length <= bounded.length; start++) {
        const feature = bounded.slice(start, start + length);
        counts.set(feature, (counts.get(feature) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** Scales weights so that the vector's length is 1. */
function normalise(weights: Map<string, number>): ReadonlyMap<string, number> {
  const length = Math.sqrt([...weights.values()].reduce((sum, weight) => sum + weight * weight, 0));
  for (const [feature, weight] of weights) weights.set(feature, weight / length);
  return weights;
}

/**
 * A matcher that compares character sequences: TF-IDF weights, cosine, and of each topic its most
 * alike sample question. What it has never seen weighs most, so that a question about something else
 * scores low even when it is phrased like a sample.
 */
export function createNgramMatcher(knowledge: Knowledge): Matcher {
  const questions = [...knowledge.topics.values()].flatMap((topic) =>
    (['pt', 'en'] as const).flatMap((language) =>
      (topic.speech[language]?.questions ?? []).map((question) => ({
        intent: topic.id,
        language,
        counts: countFeatures(question),
      })),
    ),
  );

  const holders = new Map<string, number>();
  for (const { counts } of questions) {
    for (const feature of counts.keys()) holders.set(feature, (holders.get(feature) ?? 0) + 1);
  }
  const weigh = (counts: Counts) =>
    normalise(
      new Map(
        [...counts].map(([feature, count]) => {
          const rarity = Math.log((1 + questions.length) / (1 + (holders.get(feature) ?? 0))) + 1;
          return [feature, (1 + Math.log(count)) * rarity];
        }),
      ),
    );

  const postings = new Map<string, { readonly sample: number; readonly weight: number }[]>();
  const samples: readonly Sample[] = questions.map(({ intent, language, counts }, sample) => {
    const weights = weigh(counts);
    for (const [feature, weight] of weights) {
      const posting = postings.get(feature);
      if (posting) posting.push({ sample, weight });
      else postings.set(feature, [{ sample, weight }]);
    }
    return { intent, language, weights };
  });

  return {
    engine: 'ngram-1',
    sure: 0.5,
    possible: 0.3,
    match: (question, hint) => {
      const scores = new Float64Array(samples.length);
      for (const [feature, weight] of weigh(countFeatures(question))) {
        for (const posting of postings.get(feature) ?? []) {
          scores[posting.sample] = (scores[posting.sample] ?? 0) + weight * posting.weight;
        }
      }
      const best = new Map<string, Match>();
      samples.forEach(({ intent, language }, index) => {
        // Rounded: the last digits say nothing, and so ties are ties.
        const score = Math.min(1, Math.round((scores[index] ?? 0) * 1e4) / 1e4);
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
