/**
 * Words of Portuguese and English that carry no topic, folded. Question words (quando, where, …)
 * and negations are not among them: "onde abre" and "quando abre" are two questions.
 */
const STOP_WORDS: ReadonlySet<string> = new Set(
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

/** Greetings of several words, whose words mean something elsewhere ("abre à noite?"). */
const GREETINGS = /\b(?:bom dia|boa tarde|boa noite|good (?:morning|afternoon|evening))\b/g;

/** Whom a question in a group is put to. */
const MENTIONS = /(?<!\S)@\w+/g;

/** What English contracts: "what's" asks what "what is" asks. */
const CONTRACTIONS = /['\u2019](?:d|ll|m|re|s|t|ve)\b/g;

/** Accents of Latin, Greek and Cyrillic letters, once a letter is taken apart. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Words and numbers of any script; everything between them is punctuation. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * Folds a question so that near-duplicates share one key: case, accents, punctuation, mentions and
 * stop words (Portuguese and English) out, each word once, words sorted.
 *
 * @returns words separated by a space; null when none is left (emoji only, or only "oi, bom dia")
 */
export function questionKey(text: string): string | null {
  const folded = text.normalize('NFKD').replace(ACCENTS, '').toLowerCase();
  const question = folded.replace(MENTIONS, '').replace(GREETINGS, '').replace(CONTRACTIONS, '');
  const words = new Set(question.match(WORD)?.filter((word) => !STOP_WORDS.has(word)));
  return words.size === 0 ? null : [...words].sort().join(' ');
}
