import type { EChartsCoreOption } from 'echarts/core';

import type { Ink } from './ink.ts';
import type { ChartLanguage } from './words.ts';

/** A value of a result: days are `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MM:SS[.sss]`. */
export type ChartValue = boolean | number | string | null;

/** A column of an analysis, as far as charts need it. */
export interface ChartColumn {
  readonly name: string;
  /** Athena's type. */
  readonly type: string;
  readonly title: Readonly<Record<ChartLanguage, string>>;
  readonly unit: string | null;
}

/** How an analysis is best drawn. */
export interface ChartSpec {
  readonly kind: 'bar' | 'heatmap' | 'line' | 'ranking' | 'stacked-bar' | 'table' | 'tiles';
  /** Column along the axis, the labels of a ranking; absent in tiles and in a table. */
  readonly x?: string;
  /** Columns drawn: one or more numbers; in a heat map the one column of its rows. */
  readonly y: readonly string[];
  /** Column that splits the data into series, or the heat map's value. */
  readonly series?: string;
}

/** An analysis, as far as charts need it. */
export interface ChartAnalysis {
  readonly title: Readonly<Record<ChartLanguage, string>>;
  readonly columns: readonly ChartColumn[];
  readonly chart: ChartSpec;
}

/** A result, as far as charts need it. */
export interface ChartResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ChartValue[])[];
}

/** What a chart is drawn from. */
export interface Drawing {
  readonly analysis: ChartAnalysis;
  readonly result: ChartResult;
  /** Days that were asked for, both included. */
  readonly period: { readonly from: string; readonly to: string };
  /** The last day that is in the table. */
  readonly lastClosed: string;
  /** The same analysis over the days right before, to be drawn beside it where that can be read. */
  readonly before?: ChartBefore | undefined;
  readonly language: ChartLanguage;
  readonly ink: Ink;
}

/** A result over the period of equal length before. */
export interface ChartBefore {
  readonly from: string;
  readonly to: string;
  readonly rows: ChartResult['rows'];
}

/** Where in a chart somebody points, in ECharts' words. */
export interface ChartPoint {
  /** null: somewhere in the column of an axis, on no series. */
  readonly seriesId: string | null;
  readonly dataIndex: number;
}

/** The number that is pointed at: its place in the result. */
export interface PointedAt {
  /** Values of the result's columns that say which rows it is made of. */
  readonly values: Readonly<Record<string, ChartValue>>;
  /** The column it stands in; null where it is in none (a sum of several). */
  readonly number: string | null;
}

/** What ECharts draws, and a line to read beneath it. */
export interface Drawn {
  readonly option: EChartsCoreOption;
  readonly note: string | null;
  /** Pixels that the drawing needs to be read; null where any height will do. */
  readonly height: number | null;
  /** What is pointed at; null where it is nothing of the result (what is added up as others). */
  readonly pointedAt: (point: ChartPoint) => PointedAt | null;
}

/** Id of the series that shows the period before. */
export const BEFORE = 'before';

/** The columns of numbers that a chart shows. */
export function measuresOf({ chart: { kind, y, series } }: ChartAnalysis): readonly string[] {
  return kind !== 'heatmap' ? y : series === undefined ? [] : [series];
}

/** Where a column stands in the result's rows. @throws when the result lacks it */
export function indexOf(result: ChartResult, column: string | undefined): number {
  const index = result.columns.indexOf(column ?? '');
  if (index === -1) throw new Error(`The result has no column "${column ?? ''}".`);
  return index;
}

/** What the analysis declares of a column. */
export function columnOf(
  { columns }: ChartAnalysis,
  name: string | undefined,
): ChartColumn | undefined {
  return columns.find((column) => column.name === name);
}

/** A column's title in the language of the drawing. */
export function titleOf({ analysis, language }: Drawing, name: string): string {
  return columnOf(analysis, name)?.title[language] ?? name;
}

/** Whether numbers of a column can be added up: amounts can; shares, times and averages cannot. */
export function isAmount(column: ChartColumn | undefined): boolean {
  return (
    /^(bigint|integer)$/.test(column?.type ?? '') &&
    !/^(ms|seconds|characters|share)$/.test(column?.unit ?? '')
  );
}

/** Keeps the labels of axes inside the drawing, whatever their width. */
export const INNER_LABELS = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const;

/** Small print of axes. */
export function labelLook(ink: Ink) {
  return { color: ink.muted, fontSize: 11 };
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

/** The legend's look, below charts of several series. */
export function legendLook(ink: Ink): object {
  const label = labelLook(ink);
  return {
    type: 'scroll',
    bottom: 0,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    textStyle: { ...label, fontSize: 12 },
    pageTextStyle: label,
    pageIconColor: ink.muted,
    pageIconInactiveColor: ink.line,
  };
}
