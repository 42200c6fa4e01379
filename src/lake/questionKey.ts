/**
 * Words of Portuguese and English that carry no topic, folded. Question words (quando, where, …)
 * and negations are not among them: "onde abre" and "quando abre" are two questions.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `
  a o as os um uma uns umas ao aos de do da dos das em no na nos nas num numa por pelo pela pelos
  pelas para pra pras pro pros com e ou mas se que eu tu ele ela eles elas nos voce voces vc vcs me
  te lhe lhes meu minha meus minhas teu tua seu sua seus suas nosso nossa este esta esse essa isso
  isto aquele aquela aquilo eh sao foi era ser estar estou estao sou tem tenho ter ha vai vou ja so
  la ai entao tambem muito mais favor gostaria queria quero posso pode podem poderia oi ola
  obrigado obrigada
  an the of to in on at by for from with and or but if that this these those it its i you he she
  we they my your his her our their me him us them is are am was were be been do does did have has
  had can could would will please pls just so there hi hello hey thanks thank like want
  `
    .trim()
    .split(/\s+/),
);

/** Greetings of two words, which mean something elsewhere ("abre à noite?"): by the first, the second. */
const GREETING_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['bom', ['dia']],
  ['boa', ['tarde', 'noite']],
  ['good', ['morning', 'afternoon', 'evening']],
]);

const GREETINGS = new RegExp(
  [...GREETING_WORDS].map(([first, others]) => `\\b${first} (?:${others.join('|')})\\b`).join('|'),
  'g',
);

/** Whom a question in a group is put to. */
const MENTIONS = /(?<!\S)@\w+/g;

/** What English contracts: "what's" asks what "what is" asks. */
const CONTRACTIONS = /['\u2019](?:d|ll|m|re|s|t|ve)\b/g;

/**
 * Accents of Latin, Greek and Cyrillic letters, once a letter is taken apart; and what only says how
 * an emoji is drawn, which Unicode takes for marks of letters as well.
 */
const ACCENTS = /[\u0300-\u036f\u20e3\ufe0e\ufe0f]/g;

/** Words and numbers of any script; everything between them is punctuation. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Folds letters: without case and accents. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase();
}

/** Words of a question, folded, as they are defined: of any script. */
function foldWords(text: string): readonly string[] {
  const question = fold(text)
    .replace(MENTIONS, '')
    .replace(GREETINGS, '')
    .replace(CONTRACTIONS, '');
  return question.match(WORD) ?? [];
}

/** What a character is to `latinWords`, which leaves texts with any `other` one to `foldWords`. */
const KIND = { other: 0, separator: 1, space: 2, letter: 3, foldedLetter: 4 } as const;

/** Kinds of the first characters of Unicode: of all with which Portuguese and English are written. */
const KINDS = Uint8Array.from({ length: 0x250 }, (_, code) => {
  const character = String.fromCharCode(code);
  const folded = fold(character);
  if (/^[a-z\d]$/.test(folded)) return folded === character ? KIND.foldedLetter : KIND.letter;
  if (folded === ' ') return KIND.space;
  // Mentions and contractions; and the underline, which to some of the expressions is a letter.
  return /^[^\p{L}\p{M}\p{N}@'_]$/u.test(folded) ? KIND.separator : KIND.other;
});

/** @param code UTF-16 */
function kindOf(code: number): number {
  // Halves of what stands between U+1F400 and U+1F7FF: emoji, no letters.
  if (code === 0xd83d || (code & 0xfc00) === 0xdc00) return KIND.separator;
  return KINDS[code] ?? KIND.other;
}

/** Words that were folded. */
const knownWords = new Map<string, string>();

/** Words that are remembered: more than the customers of a business use. */
const MOST_WORDS = 20_000;

function foldWord(word: string): string {
  let folded = knownWords.get(word);
  if (folded === undefined) {
    folded = fold(word);
    if (knownWords.size >= MOST_WORDS) knownWords.clear();
    knownWords.set(word, folded);
  }
  return folded;
}

/** The same as `foldWords` at a fraction of its cost; null for a text that it does not understand. */
function latinWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let start = -1;
  let isFolded = true;
  let separator: number = KIND.separator;
  let previous = '';
  let previousEnd = -1;
  for (let at = 0; at <= text.length; at++) {
    const kind = at < text.length ? kindOf(text.charCodeAt(at)) : KIND.separator;
    if (kind >= KIND.letter) {
      if (start === -1) start = at;
      if (kind === KIND.letter) isFolded = false;
      continue;
    }
    if (kind === KIND.other) return null;
    if (start !== -1) {
      const given = text.slice(start, at);
      const word = isFolded ? given : foldWord(given);
      const isBeside = separator === KIND.space && start === previousEnd + 1;
      if (isBeside && GREETING_WORDS.get(previous)?.includes(word)) {
        words.pop();
        previous = '';
      } else {
        words.push(word);
        previous = word;
      }
      previousEnd = at;
      start = -1;
      isFolded = true;
    }
    separator = kind;
  }
  return words;
}

/**
 * Folds a question so that near-duplicates share one key: case, accents, punctuation, mentions and
 * stop words (Portuguese and English) out, each word once, words sorted.
 *
 * @returns words separated by a space; null when none is left (emoji only, or only "oi, bom dia")
 */
export function questionKey(text: string): string | null {
  const all = latinWords(text) ?? foldWords(text);
  const words = new Set(all.filter((word) => !STOP_WORDS.has(word)));
  return words.size === 0 ? null : [...words].sort().join(' ');
}
