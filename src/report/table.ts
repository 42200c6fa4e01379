import type { ChartColumn, ChartValue } from '../charts/drawing.ts';
import { escapeHtml } from '../charts/escapeHtml.ts';
import { formatNumber, formatValue, isNumeric } from '../charts/format.ts';
import { CHART_WORDS } from '../charts/words.ts';
import type { QueryResult } from '../analytics/result.ts';
import type { Language } from '../config/config.ts';
import { REPORT_WORDS } from './words.ts';

/** Signs of a customer's text that a cell shows. */
const MOST_SIGNS = 160;

/** What a table is made of. */
export interface TableRequest {
  readonly title: string;
  readonly columns: readonly ChartColumn[];
  readonly result: Pick<QueryResult, 'columns' | 'rows'>;
  /** Rows that it shows. */
  readonly most: number;
  readonly language: Language;
}

/** The first rows of a result as a table; all that people wrote in it is escaped. */
export function tableHtml({ title, columns, result, most, language }: TableRequest): string {
  const words = REPORT_WORDS[language];
  const { locale } = CHART_WORDS[language];
  const shown = result.columns.map((name) => columns.find((column) => column.name === name));
  const heads = shown.map(
    (column, index) =>
      `<th scope="col"${cellClass(column)}>${escapeHtml(column?.title[language] ?? result.columns[index] ?? '')}</th>`,
  );
  const rows = result.rows.slice(0, most).map((row) => {
    const cells = row.map(
      (value, index) => `<td${cellClass(shown[index])}>${cell(value, shown[index], language)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  const more =
    result.rows.length > most
      ? `<p class="note">${escapeHtml(
          words.rowsShown(formatNumber(most, locale), formatNumber(result.rows.length, locale)),
        )}</p>`
      : '';
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(words.table(title))}">` +
    `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>${more}`
  );
}

/** Amounts stand under each other; ids are names, and texts may be broken anywhere. */
function cellClass(column: ChartColumn | undefined): string {
  if (isNumeric(column) && column?.unit !== null) return ' class="number"';
  return column?.type === 'varchar' ? ' class="text"' : '';
}

function cell(value: ChartValue, column: ChartColumn | undefined, language: Language): string {
  const text = formatValue(value, column, language);
  return escapeHtml(typeof value === 'string' ? shorten(text, MOST_SIGNS) : text);
}

const graphemes = new Intl.Segmenter();

/** A text in one line, cut to so many signs as people count them. */
export function shorten(text: string, most: number): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  // Beyond, even one sign may be endless.
  const signs = Array.from(graphemes.segment(line.slice(0, most * 8)), ({ segment }) => segment);
  if (signs.length <= most && line.length <= most * 8) return line;
  return `${signs.slice(0, most - 1).join('')}…`;
}
