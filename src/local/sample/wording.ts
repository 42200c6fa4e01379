import type { Language } from '../../config/config.ts';
import { FILLERS } from './phrases.ts';
import type { Random } from './random.ts';

/** How carefully somebody types. */
export interface Hand {
  /** Chance of leaving accents out, 0 to 1. */
  readonly plain: number;
  /** Chance of a slip in a message, 0 to 1. */
  readonly slips: number;
  /** Chance of writing as people write on a phone (vc, pra, tb), 0 to 1. */
  readonly short: number;
}

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/\bvocês\b/g, 'vcs'],
  [/\bvocê\b/g, 'vc'],
  [/\bquanto\b/g, 'qto'],
  [/\bquando\b/g, 'qdo'],
  [/\bpara\b/g, 'pra'],
  [/\bque\b/g, 'q'],
  [/\bnão\b/g, 'nao'],
  [/\bporque\b/g, 'pq'],
];

/** Fills the braces of a phrase. */
export function fill(phrase: string, language: Language, random: Random): string {
  return phrase.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    random.pick(FILLERS[name]?.[language] ?? [name]),
  );
}

/** A phrase of the book as somebody types it. */
export function word(phrase: string, language: Language, hand: Hand, random: Random): string {
  let text = fill(phrase, language, random);
  if (language === 'pt' && random.chance(hand.short)) {
    text = SHORT.reduce((short, [long, written]) => short.replaceAll(long, written), text);
  }
  // Accents only: emoji keep their variation selectors.
  if (random.chance(hand.plain)) text = text.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
  if (random.chance(hand.slips)) text = slip(text, random);
  if (random.chance(0.3)) text = text.replace(/\?$/, '');
  return random.chance(0.5) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** A question with the small words that people put around it. */
export function wrap(question: string, language: Language, random: Random): string {
  const before = { pt: ['oi, ', 'bom dia! ', 'gente, ', 'ei, '], en: ['hi, ', 'hello! '] };
  const after = {
    pt: [' por favor', ' 🙏', '? obrigada', '??'],
    en: [' please', ' 🙏', '? thanks'],
  };
  const opened = random.chance(0.15) ? random.pick(before[language]) + question : question;
  return random.chance(0.12) ? opened.replace(/\?$/, '') + random.pick(after[language]) : opened;
}

/** Two letters of a longer word change places, or one is missing. */
function slip(text: string, random: Random): string {
  const letters = Array.from(text);
  const places = letters.flatMap((letter, index) =>
    /\p{L}/u.test(letter) && /\p{L}/u.test(letters[index + 1] ?? '') ? [index] : [],
  );
  if (places.length < 5) return text;
  const place = random.pick(places);
  const [first = '', second = ''] = letters.slice(place, place + 2);
  letters.splice(place, 2, ...(random.chance(0.5) ? [second, first] : [second]));
  return letters.join('');
}
