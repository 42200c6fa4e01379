import { timeAxis } from './axis.ts';
import {
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
import type { Drawing, Drawn } from './drawing.ts';
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
  const several = series.length > 1;
  const measure = columnOf(analysis, measuresOf(analysis)[0]);
  const label = labelLook(ink);
  return {
    note: noteOf(drawing, series, count),
    height: null,
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
      series: series.map((one, index) => ({
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
