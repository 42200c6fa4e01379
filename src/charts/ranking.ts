import {
  BEFORE,
  INNER_LABELS,
  columnOf,
  indexOf,
  labelLook,
  legendLook,
  measuresOf,
  titleOf,
} from './drawing.ts';
import { tooltipLook } from './drawing.ts';
import type { ChartValue, Drawing, Drawn } from './drawing.ts';
import { formatValue } from './format.ts';
import { CHART_WORDS } from './words.ts';

/** More bars than these are a table. */
const MOST_BARS = 12;

/** Signs of a label that a bar's line has room for. */
const MOST_SIGNS = 34;

/** With those of the period before beneath them, fewer fit. */
const MOST_COMPARED = 9;

const BAR_HEIGHT = 26;
const COMPARED_HEIGHT = 30;

/**
 * The first rows of a result as horizontal bars under each other: label by `x`, length by `y`.
 * Where two rows have one label, each keeps its own bar.
 */
export function ranking(drawing: Drawing): Drawn {
  const { analysis, result, language, ink } = drawing;
  const words = CHART_WORDS[language];
  const { x } = analysis.chart;
  const label = indexOf(result, x);
  const measures = measuresOf(analysis);
  const isCompared = drawing.before !== undefined && measures.length === 1;
  const rows = result.rows.slice(0, isCompared ? MOST_COMPARED : MOST_BARS);
  const names = rows.map((row) => formatValue(row[label], columnOf(analysis, x), language));
  const before = isCompared ? beforeFor(drawing, rows, measures[0] ?? '') : null;
  const several = measures.length > 1 || before !== null;
  const small = labelLook(ink);
  return {
    note:
      rows.length < result.rows.length ? words.seriesShown(rows.length, result.rows.length) : null,
    height:
      rows.length * (before ? COMPARED_HEIGHT : several ? measures.length * 14 + 10 : BAR_HEIGHT) +
      (several ? 44 : 16),
    pointedAt: ({ seriesId, dataIndex }) => {
      const row = rows[dataIndex];
      if (row === undefined || seriesId === BEFORE) return null;
      return {
        values: Object.fromEntries(result.columns.map((name, index) => [name, row[index] ?? null])),
        number: seriesId,
      };
    },
    option: {
      grid: { left: 8, right: 56, top: 4, bottom: several ? 36 : 4, ...INNER_LABELS },
      legend: several ? legendLook(ink) : { show: false },
      xAxis: { type: 'value', show: false },
      yAxis: {
        type: 'category',
        inverse: true,
        // By place, not by name: namesakes stay two.
        data: rows.map((_, index) => String(index)),
        axisLabel: {
          ...small,
          color: ink.text,
          fontSize: 12,
          interval: 0,
          formatter: (index: string) => shorten(names[Number(index)] ?? ''),
        },
        axisLine: { show: false },
        axisTick: { show: false },
      },
      tooltip: {
        ...tooltipLook(ink),
        trigger: 'item',
      },
      series: [
        ...measures.map((measure, index) => {
          const at = indexOf(result, measure);
          const column = columnOf(analysis, measure);
          const write = (value: unknown) =>
            typeof value === 'number' ? formatValue(value, column, language) : words.none;
          return {
            id: measure,
            name: titleOf(drawing, measure),
            type: 'bar',
            // A name of its own lets the tooltip show the whole label, escaped by ECharts.
            data: rows.map((row, place) => ({
              value: typeof row[at] === 'number' ? row[at] : null,
              name: names[place],
            })),
            color: ink.series[index % ink.series.length],
            barMaxWidth: 16,
            itemStyle: { borderRadius: 2 },
            label: {
              show: true,
              position: 'right',
              color: ink.muted,
              fontSize: 11,
              formatter: ({ value }: { readonly value: unknown }) => write(value),
            },
            tooltip: { valueFormatter: write },
            emphasis: { focus: 'none' },
          };
        }),
        ...(before === null
          ? []
          : [
              {
                id: BEFORE,
                name: words.before,
                type: 'bar',
                data: before.map((value, place) => ({ value, name: names[place] })),
                color: ink.muted,
                barMaxWidth: 8,
                itemStyle: { opacity: 0.5, borderRadius: 2 },
                tooltip: {
                  valueFormatter: (value: unknown) =>
                    typeof value === 'number'
                      ? formatValue(value, columnOf(analysis, measures[0]), language)
                      : words.none,
                },
                emphasis: { focus: 'none' },
              },
            ]),
      ],
    },
  };
}

/**
 * What each row's number was in the period before: of the row with the same label and ids.
 *
 * @returns null without a period before
 */
function beforeFor(
  { analysis, before, result }: Drawing,
  rows: readonly (readonly ChartValue[])[],
  measure: string,
): readonly (number | null)[] | null {
  if (!before) return null;
  const value = indexOf(result, measure);
  const identity = analysis.columns
    .filter(
      ({ name, type, unit }) => name === analysis.chart.x || (unit === null && type === 'bigint'),
    )
    .map(({ name }) => indexOf(result, name));
  const key = (row: readonly ChartValue[]) => JSON.stringify(identity.map((at) => row[at] ?? null));
  const earlier = new Map(before.rows.map((row) => [key(row), row[value] ?? null]));
  return rows.map((row) => {
    const then = earlier.get(key(row));
    return typeof then === 'number' ? then : null;
  });
}

/** A label cut to what its line holds, by whole signs: an emoji of several code points is one. */
function shorten(text: string): string {
  const signs = Array.from(new Intl.Segmenter().segment(text.replaceAll(/\s+/g, ' ')));
  if (signs.length <= MOST_SIGNS) return text.replaceAll(/\s+/g, ' ');
  const kept = signs.slice(0, MOST_SIGNS - 1).map(({ segment }) => segment);
  return `${kept.join('')}…`;
}
