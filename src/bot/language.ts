import type { Language } from '../config/config.ts';

/**
 * The language of a user's app, if the bot speaks it.
 *
 * @param code IETF tag as Telegram sends it, for instance `pt-br`
 */
function languageOf(code: string | null): Language | null {
  const primary = code?.toLowerCase().split('-')[0];
  return primary === 'pt' || primary === 'en' ? primary : null;
}

/**
 * The language to answer in, where no matched question tells it: the user's, else the shop's.
 *
 * @param code IETF tag of the user's app; null when unknown
 * @param fallback the configured language
 */
export function chooseLanguage(code: string | null, fallback: Language): Language {
  return languageOf(code) ?? fallback;
}
