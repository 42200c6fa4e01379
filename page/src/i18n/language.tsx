import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { Language } from '../../../src/local/api.ts';
import { en } from './en.ts';
import type { Catalogue } from './en.ts';
import { pt } from './pt.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, pt };
const STORED = 'language';

interface LanguageChoice {
  readonly language: Language;
  readonly text: Catalogue;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

/** The language chosen before, else the first of the browser's that the page speaks, else none. */
function preferred(): Language | null {
  const wishes = [localStorage.getItem(STORED), ...navigator.languages];
  for (const wish of wishes) {
    const language = wish?.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'pt') return language;
  }
  return null;
}

/** Gives the page its words. @param fallback for browsers that speak neither language */
export function LanguageProvider(props: {
  readonly fallback: Language;
  readonly children: ReactNode;
}) {
  const [chosen, setChosen] = useState(preferred);
  const language = chosen ?? props.fallback;
  const value = useMemo(
    () => ({
      language,
      text: CATALOGUES[language],
      choose: (next: Language) => {
        localStorage.setItem(STORED, next);
        setChosen(next);
      },
    }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = CATALOGUES[language].locale;
  }, [language]);
  return <LanguageContext value={value}>{props.children}</LanguageContext>;
}

/** The language in use, its words, and how to change it. */
export function useLanguage(): LanguageChoice {
  const value = useContext(LanguageContext);
  if (!value) throw new Error('useLanguage stands outside of LanguageProvider');
  return value;
}

/** The words of the language in use. */
export function useText(): Catalogue {
  return useLanguage().text;
}
