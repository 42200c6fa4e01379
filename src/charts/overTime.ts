import { addToDay, differenceInDays } from '../lake/days.ts';
import { timeAxis } from './axis.ts';
import {
  BEFORE,
  INNER_LABELS,
  columnOf,
  indexOf,
  isAmount,
  labelLook,
  legendLook,
  measuresOf,
  titleOf,
  tooltipLook,
} from './drawing.ts';
import type { ChartValue, Drawing, Drawn, PointedAt } from './drawing.ts';
import { formatValue } from './format.ts';
import { OTHERS, seriesOf } from './series.ts';
import type { Series } from './series.ts';
import { CHART_WORDS } from './words.ts';

/** Values of which a line shows dots however many days there are: fewer have no length. */
const LEAST_DAYS = 7;

/** Days of which each can have its dot; beyond, dots hide the line. */
const MOST_DOTS = 31;

/**
 * Numbers for each day, week or month of the period: as lines, as bars, or as bars of several parts.
 * The series are the columns that `y` lists, or the values that `series` splits one column into.
 */
export function overTime(drawing: Drawing): Drawn {
  const { analysis, result, period, language, ink } = drawing;
  const { kind, x } = analysis.chart;
  const words = CHART_WORDS[language];
  const at = indexOf(result, x);
  const first = result.rows
    .map((row) => String(row[at]))
    .reduce((a, b) => (a < b ? a : b), period.to);
  const axis = timeAxis(columnOf(analysis, x), period, first);
  const { series, count } = seriesFor(drawing, axis.days);
  const before = beforeFor(drawing, axis.days, series);
  const several = series.length > 1 || before !== null;
  const measure = columnOf(analysis, measuresOf(analysis)[0]);
  const label = labelLook(ink);
  return {
    note: noteOf(drawing, series, count),
    height: null,
    pointedAt: ({ seriesId, dataIndex }) => {
      const day = axis.days[dataIndex];
      if (day === undefined || seriesId === BEFORE) return null;
      if (seriesId === null) return { values: { [x ?? '']: day }, number: null };
      const values = valuesOf(drawing, seriesId);
      return values && { ...values, values: { ...values.values, [x ?? '']: day } };
    },
    option: {
      grid: { left: 8, right: 16, top: 16, bottom: several ? 36 : 8, ...INNER_LABELS },
      legend: several ? legendLook(ink) : { show: false },
      xAxis: {
        type: 'category',
        data: axis.days.map((day) => axis.name(day, words.locale)),
        axisLabel: {
          ...label,
          hideOverlap: true,
          // The outermost labels would stick out of the card.
          ...(kind === 'line' ? { alignMinLabel: 'left', alignMaxLabel: 'right' } : {}),
          formatter: (_: string, index: number) =>
            axis.label(axis.days[index] ?? period.to, words.locale),
        },
        axisLine: { lineStyle: { color: ink.line } },
        axisTick: { show: false },
        boundaryGap: kind !== 'line',
      },
      yAxis: {
        type: 'value',
        ...(isAmount(measure) ? { minInterval: 1 } : {}),
        axisLabel: {
          ...label,
          formatter: (value: number) => formatValue(value, measure, language),
        },
        splitLine: { lineStyle: { color: ink.line } },
      },
      tooltip: {
        ...tooltipLook(ink),
        trigger: 'axis',
        order: 'valueDesc',
        axisPointer: {
          type: kind === 'line' ? 'line' : 'shadow',
          lineStyle: { color: ink.muted },
          shadowStyle: { color: ink.muted, opacity: 0.08 },
        },
      },
      series: [
        ...series.map((one, index) => ({
          id: one.key,
          name: nameOf(drawing, one, series),
          data: one.values,
          color: one.key === OTHERS ? ink.series.at(-1) : ink.series[index % ink.series.length],
          tooltip: {
            valueFormatter: (value: unknown) =>
              typeof value === 'number' ? formatValue(value, measure, language) : words.none,
          },
          ...(kind === 'line'
            ? line(several, isShort(one), axis.days.length <= MOST_DOTS)
            : bar(kind === 'stacked-bar')),
        })),
        ...(before === null
          ? []
          : [
              {
                id: BEFORE,
                name: words.before,
                data: before,
                color: ink.muted,
                tooltip: {
                  valueFormatter: (value: unknown) =>
                    typeof value === 'number' ? formatValue(value, measure, language) : words.none,
                },
                ...beforeLook(kind),
              },
            ]),
      ],
    },
  };
}

/** The series of a drawing over days: one per column of `y`, or one per value of `series`. */
function seriesFor(
  drawing: Drawing,
  days: readonly string[],
): { readonly series: readonly Series[]; readonly count: number } {
  const { analysis, result, lastClosed, ink } = drawing;
  const { kind, x, series: split } = analysis.chart;
  const common = { result, days, x: indexOf(result, x), lastClosed, most: ink.series.length - 1 };
  const measures = measuresOf(analysis);
  if (split !== undefined) {
    return seriesOf({
      ...common,
      y: indexOf(result, measures[0]),
      split: indexOf(result, split),
      identity: identityOf(drawing, split),
      // Parts of a whole can be added up; averages cannot, and a day without messages has none.
      additive: kind === 'stacked-bar',
    });
  }
  const each = measures.map((measure): Series => {
    const [one] = seriesOf({
      ...common,
      y: indexOf(result, measure),
      split: null,
      identity: [],
      additive: isAmount(columnOf(analysis, measure)),
    }).series;
    return { key: measure, label: null, values: one?.values ?? days.map(() => null) };
  });
  return { series: each, count: each.length };
}

/**
 * Numbers of the period before, each where its day's counterpart stands: of one series over days
 * only, since more would hide each other.
 */
function beforeFor(
  drawing: Drawing,
  days: readonly string[],
  series: readonly Series[],
): readonly (number | null)[] | null {
  const { analysis, result, period, before } = drawing;
  const { x, series: split } = analysis.chart;
  const isOverDays = columnOf(analysis, x)?.unit === 'day';
  if (!before || !isOverDays || split !== undefined || series.length !== 1) return null;
  const length = differenceInDays(before.from, period.from);
  const { series: earlier } = seriesFor(
    { ...drawing, result: { ...result, rows: before.rows }, lastClosed: before.to },
    days.map((day) => addToDay(day, -length)),
  );
  const values = earlier[0]?.values ?? [];
  return values.some((value) => value !== null) ? values : null;
}

function beforeLook(kind: Drawing['analysis']['chart']['kind']): object {
  return kind === 'line'
    ? {
        type: 'line',
        z: 1,
        showSymbol: false,
        connectNulls: true,
        lineStyle: { width: 1.5, type: 'dashed' },
      }
    : { type: 'bar', z: 1, barMaxWidth: 32, itemStyle: { opacity: 0.4 } };
}

/** What a series stands for: a column, or the values that tell it apart. */
function valuesOf(drawing: Drawing, key: string): PointedAt | null {
  const { analysis, result } = drawing;
  const { series: split } = analysis.chart;
  if (split === undefined) return { values: {}, number: key };
  const identity = identityOf(drawing, split);
  const row = result.rows.find(
    (candidate) => identity.map((at) => String(candidate[at] ?? '')).join('\n') === key,
  );
  if (row === undefined) return null;
  const values: Record<string, ChartValue> = {};
  for (const at of identity) values[result.columns[at] ?? ''] = row[at] ?? null;
  return { values, number: measuresOf(analysis)[0] ?? null };
}

/** The column that splits, and beside it every column without a unit: ids that tell namesakes apart. */
function identityOf({ analysis, result }: Drawing, split: string): readonly number[] {
  return analysis.columns
    .filter(({ name, unit }) => name === split || (unit === null && name !== analysis.chart.x))
    .map(({ name }) => indexOf(result, name));
}

function nameOf(drawing: Drawing, one: Series, series: readonly Series[]): string {
  const words = CHART_WORDS[drawing.language];
  if (one.key === OTHERS) return words.others;
  if (drawing.analysis.chart.series === undefined) return titleOf(drawing, one.key);
  const label = one.label ?? words.none;
  // ECharts tells series apart by name: namesakes get the first of what else they differ in.
  const isShared = series.some(({ key, label: other }) => key !== one.key && other === one.label);
  return isShared ? `${label} (${one.key.split('\n')[0] ?? ''})` : label;
}

/** Whether a line is too short to be seen without dots: on its first day it has no length. */
function isShort({ values }: Series): boolean {
  return values.filter((value) => value !== null).length < LEAST_DAYS;
}

function line(several: boolean, short: boolean, roomy: boolean): object {
  const dots = short || roomy;
  return {
    type: 'line',
    symbol: 'circle',
    symbolSize: short ? 9 : 5,
    showSymbol: dots,
    showAllSymbol: dots,
    connectNulls: true,
    lineStyle: { width: several ? 1.5 : 2 },
    ...(several ? {} : { areaStyle: { opacity: 0.12 } }),
    emphasis: { focus: several ? 'series' : 'none' },
  };
}

function bar(stacked: boolean): object {
  return {
    type: 'bar',
    ...(stacked ? { stack: 'all' } : {}),
    barMaxWidth: 32,
    barCategoryGap: '24%',
    emphasis: { focus: 'series' },
  };
}

function noteOf({ language }: Drawing, series: readonly Series[], count: number): string | null {
  const words = CHART_WORDS[language];
  const hasOthers = series.some(({ key }) => key === OTHERS);
  const shown = hasOthers ? series.length - 1 : series.length;
  if (shown >= count) return null;
  return hasOthers ? words.seriesOthers(shown, count) : words.seriesShown(shown, count);
}
