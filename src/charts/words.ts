/** A language of charts and numbers. */
export type ChartLanguage = 'en' | 'pt';

/** What stands in and under charts. */
interface ChartWords {
  /** Tag by which numbers and days are written. */
  readonly locale: string;
  /** In place of a value that there is not. */
  readonly none: string;
  /** Name of the series that holds all the small ones. */
  readonly others: string;
  /** Name of the series that shows the period before. */
  readonly before: string;
  readonly seriesShown: (shown: number, all: number) => string;
  readonly seriesOthers: (shown: number, all: number) => string;
  /** From Monday on. */
  readonly weekdays: readonly string[];
  readonly yes: string;
  readonly no: string;
  /** Under a change of a share: so many percentage points. */
  readonly points: (value: string) => string;
}

export const CHART_WORDS: Readonly<Record<ChartLanguage, ChartWords>> = {
  en: {
    locale: 'en-GB',
    none: '–',
    others: 'others',
    before: 'period before',
    seriesShown: (shown, all) => `the ${shown} largest of ${all}`,
    seriesOthers: (shown, all) => `the ${shown} largest of ${all} and the others`,
    weekdays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    yes: 'yes',
    no: 'no',
    points: (value) => `${value} pts`,
  },
  pt: {
    locale: 'pt-BR',
    none: '–',
    others: 'outros',
    before: 'período anterior',
    seriesShown: (shown, all) => `os ${shown} maiores de ${all}`,
    seriesOthers: (shown, all) => `os ${shown} maiores de ${all} e os outros`,
    weekdays: ['seg', 'ter', 'qua', 'qui', 'sex', 'sáb', 'dom'],
    yes: 'sim',
    no: 'não',
    points: (value) => `${value} p.p.`,
  },
};
