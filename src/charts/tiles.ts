import { columnOf } from './drawing.ts';
import type { ChartAnalysis, ChartResult } from './drawing.ts';
import { formatNumber, formatPercent, formatValue } from './format.ts';
import { CHART_WORDS } from './words.ts';
import type { ChartLanguage } from './words.ts';

/** Columns of which less is better. */
const LESS_IS_BETTER = /^(fallback|unanswered|decision_time|duplicates|rejected|late)/;

/** Columns of which more is better; of all others a change is neither good nor bad. */
const MORE_IS_BETTER = /^(answered|message|user|question|session)/;

/** What became of a number since the period before. */
export interface Change {
  readonly direction: 'down' | 'same' | 'up';
  /** Without a sign: "12%", or of shares "3.1 pts". */
  readonly text: string;
  /** null where it is neither. */
  readonly isGood: boolean | null;
}

/** One number of a row, ready to be shown. */
export interface Tile {
  readonly name: string;
  readonly title: string;
  readonly value: number | null;
  /** As people read it; a dash where there is none. */
  readonly text: string;
  /** null where there is nothing to compare with. */
  readonly change: Change | null;
}

/**
 * The numbers of a result's one row, each with its change against the period before.
 *
 * @param before the same analysis over the period before; null without a comparison
 */
export function tilesOf(
  analysis: ChartAnalysis,
  result: ChartResult,
  before: ChartResult | null,
  language: ChartLanguage,
): readonly Tile[] {
  return analysis.chart.y.map((name) => {
    const column = columnOf(analysis, name);
    const value = numberIn(result, name);
    return {
      name,
      title: column?.title[language] ?? name,
      value,
      text: formatValue(value, column, language),
      change: changeOf(
        { name, unit: column?.unit ?? null },
        value,
        before === null ? null : numberIn(before, name),
        language,
      ),
    };
  });
}

/**
 * The change from one number to another: of shares in percentage points, of all others in per cent.
 * Less than what one decimal shows is none.
 *
 * @returns null when there is nothing to compare: one is missing, or all began at zero
 */
export function changeOf(
  column: { readonly name: string; readonly unit: string | null },
  now: number | null,
  before: number | null,
  language: ChartLanguage,
): Change | null {
  const { locale, points } = CHART_WORDS[language];
  const isShare = column.unit === 'share';
  if (now === null || before === null || (!isShare && before === 0)) return null;
  const difference = isShare ? now - before : now / before - 1;
  const size = Math.abs(difference);
  const text = isShare ? points(formatNumber(size * 100, locale)) : formatPercent(size, locale);
  if (size < 0.0005) return { direction: 'same', text, isGood: null };
  const isUp = difference > 0;
  return {
    direction: isUp ? 'up' : 'down',
    text,
    isGood: LESS_IS_BETTER.test(column.name)
      ? !isUp
      : MORE_IS_BETTER.test(column.name)
        ? isUp
        : null,
  };
}

function numberIn(result: ChartResult, column: string): number | null {
  const value = result.rows[0]?.[result.columns.indexOf(column)];
  return typeof value === 'number' ? value : null;
}
