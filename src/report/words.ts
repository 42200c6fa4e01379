import type { Header } from '../analytics/header.ts';
import type { Language } from '../config/config.ts';

/** What the report says of its own; titles, questions and columns stand in the files of `sql/`. */
interface ReportWords {
  readonly title: string;
  readonly period: (from: string, to: string, days: number) => string;
  readonly zone: (zone: string) => string;
  readonly made: (when: string) => string;
  readonly contents: string;
  readonly sections: Readonly<Record<Header['section'], string>>;
  readonly before: (from: string, to: string) => string;
  /** The lake knows nothing of the days before. */
  readonly nothingBefore: (from: string, to: string) => string;
  /** … of one number, where others have a change. */
  readonly noBefore: string;
  readonly same: string;
  readonly up: string;
  readonly down: string;
  /** Nothing is in the table for any of the days. */
  readonly empty: string;
  readonly emptyHint: string;
  /** In place of one analysis's chart and table. */
  readonly nothing: string;
  /** Later days of the period are not in the table. */
  readonly closedUntil: (day: string) => string;
  readonly neverClosed: string;
  readonly onlyChats: (chats: string) => string;
  readonly allChats: string;
  readonly failed: (reason: string) => string;
  readonly table: (title: string) => string;
  readonly chart: (title: string) => string;
  readonly rowsShown: (shown: string, all: string) => string;
  readonly howTo: string;
  readonly howToLines: readonly string[];
}

/** The report's words in each language. */
export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  en: {
    title: 'Report',
    period: (from, to, days) => (days === 1 ? from : `${from} to ${to} (${days} days)`),
    zone: (zone) => `Days and hours in ${zone}`,
    made: (when) => `made ${when}`,
    contents: 'Contents',
    sections: {
      activity: 'What happened',
      people: 'Who writes',
      questions: 'What they ask',
      bot: 'How the bot does',
      quality: 'How complete the data is',
    },
    before: (from, to) => (from === to ? `against ${from}` : `against ${from} to ${to}`),
    nothingBefore: (from, to) =>
      from === to ? `nothing is known of ${from}` : `nothing is known of ${from} to ${to}`,
    noBefore: 'nothing to compare with',
    same: 'same as before',
    up: 'up',
    down: 'down',
    empty: 'Nothing in this period',
    emptyHint:
      'The table holds no message and no answer of these days: nobody wrote, or the days have not been closed. Choose other days, or close them: chatbot etl --from … --to …',
    nothing: 'Nothing of this in the period.',
    closedUntil: (day) => `The last day in the table is ${day}; later days are not counted yet.`,
    neverClosed: 'No day of this period has been closed.',
    onlyChats: (chats) => `Only these chats: ${chats}.`,
    allChats: 'Counts all chats.',
    failed: (reason) => `This could not be asked: ${reason}`,
    table: (title) => `Table: ${title}`,
    chart: (title) => `Chart: ${title}`,
    rowsShown: (shown, all) => `first ${shown} of ${all} rows`,
    howTo: 'How to read this',
    howToLines: [
      'A message is what a person or a channel posted: edits, service messages, reactions and messages of bots are none; each item of an album is one.',
      'A question is what the bot had an answer, a suggestion or an excuse for. Answered: it was sure of the topic, or it was a command or a tap. Not understood: it said that it does not know.',
      'Shares are of all questions of the same days. A typical time is the median, a slow one the 95th percentile, both by nearest rank: times that did occur.',
      'Days begin at midnight of the zone named above. Each change is against the period of the same length right before.',
    ],
  },
  pt: {
    title: 'Relatório',
    period: (from, to, days) => (days === 1 ? from : `${from} a ${to} (${days} dias)`),
    zone: (zone) => `Dias e horas em ${zone}`,
    made: (when) => `feito em ${when}`,
    contents: 'Conteúdo',
    sections: {
      activity: 'O que aconteceu',
      people: 'Quem escreve',
      questions: 'O que perguntam',
      bot: 'Como o bot se sai',
      quality: 'Quão completos são os dados',
    },
    before: (from, to) => (from === to ? `em relação a ${from}` : `em relação a ${from} a ${to}`),
    nothingBefore: (from, to) =>
      from === to ? `nada se sabe de ${from}` : `nada se sabe de ${from} a ${to}`,
    noBefore: 'nada com que comparar',
    same: 'igual a antes',
    up: 'subiu',
    down: 'caiu',
    empty: 'Nada neste período',
    emptyHint:
      'A tabela não tem mensagem nem resposta destes dias: ninguém escreveu, ou os dias não foram fechados. Escolha outros dias, ou feche-os: chatbot etl --from … --to …',
    nothing: 'Nada disso no período.',
    closedUntil: (day) => `O último dia na tabela é ${day}; os seguintes ainda não contam.`,
    neverClosed: 'Nenhum dia deste período foi fechado.',
    onlyChats: (chats) => `Só estas conversas: ${chats}.`,
    allChats: 'Conta todas as conversas.',
    failed: (reason) => `Não foi possível perguntar isto: ${reason}`,
    table: (title) => `Tabela: ${title}`,
    chart: (title) => `Gráfico: ${title}`,
    rowsShown: (shown, all) => `as primeiras ${shown} de ${all} linhas`,
    howTo: 'Como ler isto',
    howToLines: [
      'Mensagem é o que uma pessoa ou um canal publicou: edições, avisos do Telegram, reações e mensagens de bots não contam; cada item de um álbum conta.',
      'Pergunta é aquilo para que o bot teve resposta, sugestão ou desculpa. Respondida: ele tinha certeza do assunto, ou era um comando ou um toque. Não entendida: ele disse que não sabe.',
      'As porcentagens são de todas as perguntas dos mesmos dias. Tempo típico é a mediana, tempo lento o percentil 95, ambos pela posição mais próxima: tempos que de fato ocorreram.',
      'Os dias começam à meia-noite da zona indicada acima. Cada mudança é em relação ao período de mesma duração imediatamente anterior.',
    ],
  },
};
