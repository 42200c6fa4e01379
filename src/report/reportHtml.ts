import type { QueryResult } from '../analytics/result.ts';
import { draw } from '../charts/draw.ts';
import { escapeHtml } from '../charts/escapeHtml.ts';
import { formatFullDay } from '../charts/format.ts';
import { tilesOf } from '../charts/tiles.ts';
import type { Change } from '../charts/tiles.ts';
import { CHART_WORDS } from '../charts/words.ts';
import type { Language } from '../config/config.ts';
import { differenceInDays, previousDay } from '../lake/days.ts';
import { chartSvg } from './chartSvg.ts';
import type { Collected, Part, ReportRequest } from './collect.ts';
import { NAMED_INK } from './ink.ts';
import { STYLE } from './style.ts';
import { tableHtml } from './table.ts';
import { REPORT_WORDS } from './words.ts';

/** Rows of a table beneath a chart that shows the same numbers. */
const ROWS_BENEATH = 5;

/** Rows of a table that is all there is. */
const ROWS_ALONE = 25;

/** Nothing is loaded, nothing is run: not even what somebody managed to write into it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const SECTIONS = ['activity', 'people', 'questions', 'bot', 'quality'] as const;

/** What the file says besides what was collected. */
export interface ReportLook extends Pick<ReportRequest, 'chats' | 'now' | 'topicTitle' | 'zone'> {
  readonly language: Language;
  /** Whose report it is: the bot's name, or the project's. */
  readonly subject: string;
}

/**
 * The report as one HTML file: no scripts, nothing from elsewhere. All that people wrote (names,
 * titles, questions) is escaped.
 */
export function reportHtml(collected: Collected, look: ReportLook): string {
  const { language, subject, zone, now, chats = [] } = look;
  const words = REPORT_WORDS[language];
  const { locale } = CHART_WORDS[language];
  const { period, isEmpty } = collected;
  const day = (text: string) => formatFullDay(text, locale);
  const length = differenceInDays(period.from, period.to) + 1;
  const days = words.period(day(period.from), day(period.to), length);
  const title = `${words.title}: ${subject}`;
  const made = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(now);
  const sections = isEmpty
    ? []
    : SECTIONS.flatMap((section) => sectionHtml(section, collected, look));
  const notices = [
    ...(isEmpty ? [`${words.empty}. ${words.emptyHint}`] : closedNotice(collected, look)),
    ...(chats.length > 0 ? [words.onlyChats(chats.join(', '))] : []),
  ];
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${title}, ${days}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="period">${escapeHtml(days)}</p>
<p class="muted">${escapeHtml(`${words.zone(zone)} · ${words.made(made)}`)}</p>
${notices.map((text) => `<p class="notice">${escapeHtml(text)}</p>`).join('\n')}
${contents(sections, words.contents)}
</header>
<main>
${sections.map(({ html }) => html).join('\n')}
</main>
<footer>
<h2>${escapeHtml(words.howTo)}</h2>
<ul>${words.howToLines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>
</footer>
</body>
</html>
`;
}

function contents(
  sections: readonly { readonly id: string; readonly title: string }[],
  label: string,
): string {
  if (sections.length < 2) return '';
  const links = sections.map(
    ({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav aria-label="${escapeHtml(label)}"><ul>${links.join('')}</ul></nav>`;
}

/** What is to be said when the last days of the period are not in the table. */
function closedNotice({ period, lastClosed }: Collected, { language }: ReportLook): string[] {
  const words = REPORT_WORDS[language];
  if (lastClosed === null) return [words.neverClosed];
  if (lastClosed >= period.to) return [];
  return [words.closedUntil(formatFullDay(lastClosed, CHART_WORDS[language].locale))];
}

function sectionHtml(
  section: (typeof SECTIONS)[number],
  collected: Collected,
  look: ReportLook,
): { readonly id: string; readonly title: string; readonly html: string }[] {
  const parts = collected.parts.filter(({ analysis }) => analysis.section === section);
  if (parts.length === 0) return [];
  const title = REPORT_WORDS[look.language].sections[section];
  // Numbers first: they say what all the rest is about.
  const tiles = parts.filter(({ analysis }) => analysis.chart.kind === 'tiles');
  const others = parts.filter(({ analysis }) => analysis.chart.kind !== 'tiles');
  const html = [
    `<section aria-labelledby="${section}">`,
    `<h2 id="${section}">${escapeHtml(title)}</h2>`,
    ...tiles.map((part) => tilesHtml(part, collected, look)),
    ...others.map((part) => partHtml(part, collected, look)),
    '</section>',
  ].join('\n');
  return [{ id: section, title, html }];
}

function tilesHtml(part: Part, { before }: Collected, look: ReportLook): string {
  const { language } = look;
  const words = REPORT_WORDS[language];
  if (part.result === null) return partShell(part, look, failure(part, language), true);
  const { locale } = CHART_WORDS[language];
  const numbers = tilesOf(part.analysis, part.result, part.before, language);
  // What holds for all of them is said once.
  const isFirst = numbers.every(({ change }) => change === null);
  const tiles = numbers.map(
    ({ title, text, change }) =>
      `<div class="tile"><dt>${escapeHtml(title)}</dt><dd><div class="value">${escapeHtml(text)}</div>` +
      `${isFirst ? '' : `<div class="change">${changeHtml(change, language)}</div>`}</dd></div>`,
  );
  const against = (isFirst ? words.nothingBefore : words.before)(
    formatFullDay(before.from, locale),
    formatFullDay(before.to, locale),
  );
  return `<dl class="tiles">${tiles.join('')}</dl><p class="note against">${escapeHtml(against)}</p>`;
}

function changeHtml(change: Change | null, language: Language): string {
  const words = REPORT_WORDS[language];
  if (change === null) return escapeHtml(words.noBefore);
  const { direction, text, isGood } = change;
  if (direction === 'same') return escapeHtml(words.same);
  const sign = direction === 'up' ? '▲' : '▼';
  const spoken = direction === 'up' ? words.up : words.down;
  const tone = isGood === null ? '' : isGood ? ' class="good"' : ' class="bad"';
  return `<span${tone}><span aria-hidden="true">${sign}</span><span class="hidden">${escapeHtml(spoken)}</span> ${escapeHtml(text)}</span>`;
}

function partHtml(part: Part, collected: Collected, look: ReportLook): string {
  const { analysis } = part;
  const { language } = look;
  const words = REPORT_WORDS[language];
  const title = analysis.title[language];
  if (part.result === null) return partShell(part, look, failure(part, language), true);
  const result = withTopicTitles(part.result, look);
  if (result.rows.length === 0) {
    return partShell(part, look, `<p class="note">${escapeHtml(words.nothing)}</p>`, true);
  }
  const { period, lastClosed } = collected;
  const drawn = draw({
    analysis,
    result,
    period,
    lastClosed: lastClosed ?? previousDay(period.from),
    language,
    ink: NAMED_INK,
  });
  const figure =
    drawn === null
      ? ''
      : `<figure tabindex="0">${chartSvg(drawn, words.chart(title))}` +
        (drawn.note === null
          ? ''
          : `<figcaption class="note">${escapeHtml(drawn.note)}</figcaption>`) +
        '</figure>';
  // The cells of a heat map are read in it, not in a list of them.
  const table =
    analysis.chart.kind === 'heatmap'
      ? ''
      : tableHtml({
          title,
          columns: analysis.columns,
          result,
          most: drawn === null ? ROWS_ALONE : ROWS_BENEATH,
          language,
        });
  return partShell(part, look, figure + table, drawn !== null);
}

function partShell(
  { analysis, isWide }: Part,
  { language }: ReportLook,
  content: string,
  isShort: boolean,
): string {
  const wide = isWide ? `<p class="note">${escapeHtml(REPORT_WORDS[language].allChats)}</p>` : '';
  return (
    `<article${isShort ? ' class="short"' : ''}><h3>${escapeHtml(analysis.title[language])}</h3>` +
    `<p class="question">${escapeHtml(analysis.question[language])}</p>${content}${wide}</article>`
  );
}

function failure({ error }: Part, language: Language): string {
  return `<p class="note">${escapeHtml(REPORT_WORDS[language].failed(error ?? ''))}</p>`;
}

/** A result whose topics have their titles instead of their names. */
function withTopicTitles(result: QueryResult, { topicTitle, language }: ReportLook): QueryResult {
  const at = result.columns.indexOf('answer_intent');
  if (at === -1 || topicTitle === undefined) return result;
  const rows = result.rows.map((row) =>
    row.map((value, index) =>
      index === at && typeof value === 'string' ? (topicTitle(value)?.[language] ?? value) : value,
    ),
  );
  return { ...result, rows };
}
