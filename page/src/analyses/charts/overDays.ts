import { formatDay, formatFullDay, formatNumber } from '../../shared/format.ts';
import { daysOf, shift } from '../../shared/period.ts';
import type { Period } from '../../shared/period.ts';
import { indexOf, titleOf, tooltipLook } from './drawing.ts';
import type { Drawing, Drawn } from './drawing.ts';
import { OTHERS, seriesOf } from './series.ts';
import type { Series } from './series.ts';

/** Days that a chart shows at least, however young the lake is. */
const LEAST_DAYS = 7;

/** Days of which each can have its dot; beyond, dots hide the line. */
const MOST_DOTS = 31;

/** An amount for each day of the period: as a line, as bars, or as bars of several parts. */
export function overDays(drawing: Drawing): Drawn {
  const { analysis, result, period, lastClosed, text, ink } = drawing;
  const { kind, x, y, series: split } = analysis.chart;
  const days = daysOf(withoutLead(period, firstDay(drawing)));
  const stacked = kind === 'stacked-bar';
  const { series, count } = seriesOf({
    result,
    days,
    x: indexOf(result, x),
    y: indexOf(result, y),
    split: split === undefined ? null : indexOf(result, split),
    // Parts of a whole can be added up; averages cannot, and a day without messages has none.
    additive: stacked || split === undefined,
    lastClosed,
    most: ink.series.length - 1,
  });
  const name = (one: Series) => {
    if (one.key === OTHERS) return text.analyses.others;
    if (split === undefined) return titleOf(drawing, y);
    const label = one.label ?? text.analyses.none;
    // ECharts tells series apart by name: namesakes get the first of what else they differ in.
    const isShared = series.some(({ key, label: other }) => key !== one.key && other === one.label);
    return isShared ? `${label} (${one.key.split('\n')[0] ?? ''})` : label;
  };
  const label = { color: ink.muted, fontSize: 11 };
  const several = series.length > 1;
  return {
    note: noteOf(drawing, series, count),
    option: {
      grid: { left: 8, right: 8, top: 16, bottom: several ? 36 : 8, containLabel: true },
      legend: several
        ? {
            type: 'scroll',
            bottom: 0,
            icon: 'roundRect',
            itemWidth: 10,
            itemHeight: 10,
            textStyle: { ...label, fontSize: 12 },
            pageTextStyle: label,
            pageIconColor: ink.muted,
            pageIconInactiveColor: ink.line,
          }
        : { show: false },
      xAxis: {
        type: 'category',
        data: days.map((day) => formatFullDay(day, text.locale)),
        axisLabel: {
          ...label,
          hideOverlap: true,
          // The outermost labels would stick out of the card.
          ...(kind === 'line' ? { alignMinLabel: 'left', alignMaxLabel: 'right' } : {}),
          formatter: (_: string, index: number) => formatDay(days[index] ?? '', text.locale),
        },
        axisLine: { lineStyle: { color: ink.line } },
        axisTick: { show: false },
        boundaryGap: kind !== 'line',
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { ...label, formatter: (value: number) => formatNumber(value, text.locale) },
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
        name: name(one),
        data: one.values,
        color: one.key === OTHERS ? ink.series.at(-1) : ink.series[index],
        tooltip: {
          valueFormatter: (value: unknown) =>
            typeof value === 'number' ? formatNumber(value, text.locale) : text.analyses.none,
        },
        ...(kind === 'line' ? line(several, isShort(one), days.length <= MOST_DOTS) : bar(stacked)),
      })),
    },
  };
}

/** The first day that the result has anything of. */
function firstDay({ analysis, result, period }: Drawing): string {
  const x = indexOf(result, analysis.chart.x);
  return result.rows.map((row) => String(row[x])).reduce((a, b) => (a < b ? a : b), period.to);
}

/** A period from the first day on: what lies before is not zero but not there. */
function withoutLead({ from, to }: Period, first: string): Period {
  const week = shift(to, 1 - LEAST_DAYS);
  const start = first < week ? first : week;
  return { from: start > from ? start : from, to };
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

function noteOf({ text }: Drawing, series: readonly Series[], count: number): string | null {
  const hasOthers = series.some(({ key }) => key === OTHERS);
  const shown = hasOthers ? series.length - 1 : series.length;
  if (shown >= count) return null;
  return hasOthers
    ? text.analyses.seriesOthers(shown, count)
    : text.analyses.seriesShown(shown, count);
}
