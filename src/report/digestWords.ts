import type { Language } from '../config/config.ts';

/** What the digest, and the message with a report, say of their own. */
interface DigestWords {
  readonly newUsers: (count: number) => string;
  readonly times: (typical: string, slow: string) => string;
  readonly against: (days: number) => string;
  readonly noWeek: string;
  readonly mostAsked: string;
  readonly unanswered: string;
  readonly quote: (text: string) => string;
  readonly nothing: string;
  /** Under a report that was asked for. */
  readonly report: (from: string, to: string) => string;
  readonly emptyReport: string;
}

/** The digest's words in each language. */
export const DIGEST_WORDS: Readonly<Record<Language, DigestWords>> = {
  en: {
    newUsers: (count) => `, ${count} new`,
    times: (typical, slow) => `Decision time: ${typical} typical, ${slow} slow`,
    against: (days) =>
      days === 1 ? 'Against the day before.' : `Against the average of the ${days} days before.`,
    noWeek: 'There is no earlier day to compare with.',
    mostAsked: 'Most asked',
    unanswered: 'Without an answer',
    quote: (text) => `“${text}”`,
    nothing:
      'Nothing of this day is in the table: nobody wrote, or the day has not been closed. The report has the days before.',
    report: (from, to) => `Report, ${from} to ${to}. Open it in a browser; it prints well.`,
    emptyReport: 'Nothing is in the table of these days.',
  },
  pt: {
    newUsers: (count) => (count === 1 ? ', 1 nova' : `, ${count} novas`),
    times: (typical, slow) => `Tempo de decisão: ${typical} típico, ${slow} lento`,
    against: (days) =>
      days === 1
        ? 'Em relação ao dia anterior.'
        : `Em relação à média dos ${days} dias anteriores.`,
    noWeek: 'Não há dia anterior com que comparar.',
    mostAsked: 'Mais perguntados',
    unanswered: 'Sem resposta',
    quote: (text) => `“${text}”`,
    nothing:
      'Nada deste dia está na tabela: ninguém escreveu, ou o dia não foi fechado. O relatório tem os dias anteriores.',
    report: (from, to) => `Relatório, ${from} a ${to}. Abra num navegador; imprime bem.`,
    emptyReport: 'Nada destes dias está na tabela.',
  },
};
