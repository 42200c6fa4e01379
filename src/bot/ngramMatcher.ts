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

/** Features of a text, by their numbers, each once. */
interface Features {
  readonly ids: readonly number[];
  /** How often each occurs, or what it weighs: as a vector, these have length 1. */
  readonly amounts: readonly number[];
}

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
function eachFeature(text: string, add: (feature: string, count: number) => void): void {
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
}

/** Adds amounts by number and takes out their sums; made once, since it is as long as all numbers. */
class Adder {
  readonly #sums: number[] = [];
  #ids: number[] = [];

  add(id: number, amount: number): void {
    const sum = this.#sums[id];
    if (sum === undefined || sum === 0) this.#ids.push(id);
    this.#sums[id] = (sum ?? 0) + amount;
  }

  take(): Features {
    const ids = this.#ids;
    const amounts = ids.map((id) => this.#sums[id] ?? 0);
    for (const id of ids) this.#sums[id] = 0;
    this.#ids = [];
    return { ids, amounts };
  }
}

/** Scales amounts so that the vector's length is 1; no amounts stay none. */
function normalise({ ids, amounts }: Features): Features {
  let squares = 0;
  for (const amount of amounts) squares += amount * amount;
  const length = Math.sqrt(squares);
  return { ids, amounts: amounts.map((amount) => amount / length) };
}

/**
 * How much each feature tells, by number: most when one topic alone uses it (however often), less
 * with each topic that does. What no topic uses counts more still, {@link UNSEEN_WEIGHT}: so a
 * question about something else scores low even when it is phrased like a sample.
 *
 * @param topics the features of each topic's questions
 */
function rarities(topics: readonly (readonly Features[])[]): number[] {
  const holders: number[] = [];
  const lastTopic: number[] = [];
  topics.forEach((questions, topic) => {
    for (const { ids } of questions) {
      for (const id of ids) {
        if (lastTopic[id] === topic) continue;
        lastTopic[id] = topic;
        holders[id] = (holders[id] ?? 0) + 1;
      }
    }
  });
  const all = 1 + topics.length;
  // Never nothing: a question made of words that all topics use is still alike to itself.
  return holders.map((count) => 0.05 + Math.log(all / (1 + count)) / Math.log(all));
}

/** For each feature's number the entries that have it, one after the other. */
interface Postings {
  /** Where a feature's begin; they end where the next one's do. */
  readonly starts: Uint32Array;
  readonly entries: Uint32Array;
  readonly weights: Float64Array;
}

function postingsOf(vectors: readonly Features[], features: number): Postings {
  const starts = new Uint32Array(features + 1);
  for (const { ids } of vectors) for (const id of ids) starts[id + 1] = (starts[id + 1] ?? 0) + 1;
  for (let id = 0; id < features; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  const free = starts.slice();
  const entries = new Uint32Array(starts[features] ?? 0);
  const weights = new Float64Array(entries.length);
  vectors.forEach(({ ids, amounts }, entry) => {
    ids.forEach((id, index) => {
      const place = free[id] ?? 0;
      entries[place] = entry;
      weights[place] = amounts[index] ?? 0;
      free[id] = place + 1;
    });
  });
  return { starts, entries, weights };
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
  const vectors: Features[] = [];
  const enter = (entry: Entry, vector: Features) => {
    entries.push(entry);
    vectors.push(vector);
  };

  // All is kept by number, in flat arrays: a map for each question takes twice as long to make,
  // and a Lambda function that starts keeps somebody waiting.
  const numbers = new Map<string, number>();
  const numberOf = (feature: string): number => {
    let id = numbers.get(feature);
    if (id === undefined) numbers.set(feature, (id = numbers.size));
    return id;
  };
  const adder = new Adder();
  const featuresOf = (text: string): Features => {
    eachFeature(text, (feature, count) => {
      adder.add(numberOf(feature), count);
    });
    return adder.take();
  };

  const speeches = [...knowledge.topics.values()].map((topic) =>
    (['pt', 'en'] as const).flatMap((language) => {
      const questions = topic.speech[language]?.questions.map(featuresOf);
      return questions ? [{ intent: topic.id, language, questions }] : [];
    }),
  );
  const rarity = rarities(speeches.map((topic) => topic.flatMap(({ questions }) => questions)));
  const weigh = ({ ids, amounts }: Features): Features =>
    normalise({
      ids,
      amounts: amounts.map(
        (count, index) => Math.sqrt(count) * (rarity[ids[index] ?? -1] ?? UNSEEN_WEIGHT),
      ),
    });
  for (const { intent, language, questions } of speeches.flat()) {
    const candidate = candidates.push({ intent, language }) - 1;
    for (const question of questions) {
      const vector = weigh(question);
      enter({ candidate, isProfile: false }, vector);
      vector.ids.forEach((id, index) => {
        adder.add(id, vector.amounts[index] ?? 0);
      });
    }
    // The direction in which all point together.
    enter({ candidate, isProfile: true }, normalise(adder.take()));
  }
  const postings = postingsOf(vectors, numbers.size);

  /** A question's vector; features that no sample has share no number with any. */
  const vectorOf = (question: string): Features => {
    const counts = new Map<string, number>();
    eachFeature(question, (feature, count) => {
      counts.set(feature, (counts.get(feature) ?? 0) + count);
    });
    const ids = [...counts.keys()].map((feature) => numbers.get(feature) ?? numbers.size);
    return weigh({ ids, amounts: [...counts.values()] });
  };

  return {
    engine: 'ngram-1',
    sure: 0.52,
    possible: 0.3,
    match: (question, hint) => {
      const likeness = new Float64Array(entries.length);
      const { ids, amounts } = vectorOf(question);
      ids.forEach((id, index) => {
        const end = postings.starts[id + 1] ?? 0;
        for (let place = postings.starts[id] ?? 0; place < end; place++) {
          const entry = postings.entries[place] ?? 0;
          likeness[entry] =
            (likeness[entry] ?? 0) + (amounts[index] ?? 0) * (postings.weights[place] ?? 0);
        }
      });
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
