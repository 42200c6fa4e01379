import type { EChartsCoreOption } from 'echarts/core';
import type { AnalysisResult, Language } from '../../../../src/local/api.ts';
import type { Catalogue } from '../../i18n/en.ts';
import type { Period } from '../../shared/period.ts';
import type { Analysis } from '../analysis.ts';
import type { Ink } from './ink.ts';

/** What a chart is drawn from. */
export interface Drawing {
  readonly analysis: Analysis;
  readonly result: AnalysisResult;
  readonly period: Period;
  /** The last day that is in the table. */
  readonly lastClosed: string;
  readonly text: Catalogue;
  readonly language: Language;
  readonly ink: Ink;
}

/** What ECharts draws, and a line to read beneath it. */
export interface Drawn {
  readonly option: EChartsCoreOption;
  readonly note: string | null;
}

/** Where a column stands in the result's rows. @throws when the result lacks it */
export function indexOf(result: AnalysisResult, column: string): number {
  const index = result.columns.indexOf(column);
  if (index === -1) throw new Error(`The result has no column "${column}".`);
  return index;
}

/** A column's title in the language of the page. */
export function titleOf({ analysis, language }: Drawing, column: string): string {
  return analysis.columns.find(({ name }) => name === column)?.title[language] ?? column;
}

/** The tooltip's look, shared by all charts. */
export function tooltipLook(ink: Ink): object {
  return {
    confine: true,
    backgroundColor: ink.surface,
    borderColor: ink.line,
    padding: [8, 12],
    textStyle: { color: ink.text, fontSize: 12 },
    transitionDuration: 0,
  };
}
