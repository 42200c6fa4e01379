import { INNER_LABELS, columnOf, indexOf, isAmount, labelLook, tooltipLook } from './drawing.ts';
import type { ChartColumn, ChartValue, Drawing, Drawn } from './drawing.ts';
import { escapeHtml } from './escapeHtml.ts';
import { formatDay, formatValue } from './format.ts';
import { CHART_WORDS } from './words.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/**
 * A number for each pair of values of two columns, as shades. Hours and weekdays are all there;
 * other axes hold what the result has. What a result tells apart further (weeks) is added up where
 * it is an amount.
 */
export function heatmap(drawing: Drawing): Drawn {
  const { analysis, result, language, ink } = drawing;
  const { chart } = analysis;
  const words = CHART_WORDS[language];
  const value = indexOf(result, chart.series);
  const measure = columnOf(analysis, chart.series);
  const across = axisOf(drawing, chart.x);
  const down = axisOf(drawing, chart.y[0]);
  // Of an hour without messages the amount is known: none.
  const isComplete = across.isComplete && down.isComplete && isAmount(measure);
  const cells = new Map<string, number>();
  if (isComplete) {
    for (const [at] of across.values.entries()) {
      for (const [line] of down.values.entries()) cells.set(`${at} ${line}`, 0);
    }
  }
  for (const row of result.rows) {
    const at = across.values.indexOf(row[across.index] ?? null);
    const line = down.values.indexOf(row[down.index] ?? null);
    const amount = row[value];
    if (at === -1 || line === -1 || typeof amount !== 'number') continue;
    const key = `${at} ${line}`;
    cells.set(key, (isAmount(measure) ? (cells.get(key) ?? 0) : 0) + amount);
  }
  const data = [...cells].map(([key, amount]) => [...key.split(' ').map(Number), amount]);
  const most = Math.max(0, ...cells.values());
  const write = (amount: number) => formatValue(amount, measure, language);
  const label = labelLook(ink);
  const plain = { axisLine: { show: false }, axisTick: { show: false } };
  return {
    note: null,
    height: Math.max(240, down.values.length * 26 + 72) + (across.name === null ? 0 : 20),
    pointedAt: ({ dataIndex }) => {
      const [at = -1, line = -1] = data[dataIndex] ?? [];
      const [first, second] = [across.values[at], down.values[line]];
      if (first === undefined || second === undefined) return null;
      return {
        values: { [chart.x ?? '']: first, [chart.y[0] ?? '']: second },
        number: chart.series ?? null,
      };
    },
    option: {
      grid: { left: 8, right: 8, top: 8, bottom: across.name === null ? 40 : 60, ...INNER_LABELS },
      xAxis: {
        type: 'category',
        data: across.labels,
        ...(across.name !== null && axisName(across.name, label)),
        axisLabel: { ...label, ...(across.isHour ? { interval: 2 } : {}), hideOverlap: true },
        ...plain,
      },
      yAxis: {
        type: 'category',
        data: down.labels,
        inverse: true,
        axisLabel: { ...label, interval: 0, hideOverlap: true },
        ...plain,
      },
      visualMap: {
        type: 'piecewise',
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemWidth: 12,
        itemHeight: 12,
        itemGap: 12,
        textStyle: label,
        hoverLink: false,
        selectedMode: false,
        pieces: steps(most, isAmount(measure), ink.ramp.length).map(({ over, upTo }, index) => ({
          ...(index === 0 ? { gte: over } : { gt: over }),
          lte: upTo,
          color: ink.ramp[index],
          label: index === 0 && over === upTo ? write(over) : `${write(over)}–${write(upTo)}`,
        })),
      },
      tooltip: {
        ...tooltipLook(ink),
        formatter: ({ data: [at, line, amount] }: { readonly data: readonly number[] }) =>
          `${escapeHtml(down.labels[line ?? 0] ?? '')}, ${escapeHtml(
            across.isHour ? `${at ?? ''} h` : (across.labels[at ?? 0] ?? ''),
          )}: <b>${escapeHtml(amount === undefined ? words.none : write(amount))}</b>`,
      },
      series: [
        {
          id: 'heat',
          type: 'heatmap',
          data,
          itemStyle: { borderColor: ink.surface, borderWidth: 2, borderRadius: 3 },
          emphasis: { itemStyle: { borderColor: ink.text, borderWidth: 1 } },
        },
      ],
    },
  };
}

interface Axis {
  readonly index: number;
  readonly values: readonly ChartValue[];
  readonly labels: readonly string[];
  readonly isHour: boolean;
  /** Whether all values that there can be stand on it. */
  readonly isComplete: boolean;
  /** What its numbers are, where they do not tell. */
  readonly name: string | null;
}

/** A name under the middle of an axis. */
function axisName(name: string, { color, fontSize }: ReturnType<typeof labelLook>) {
  return {
    name,
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color, fontSize },
  };
}

function axisOf({ analysis, result, language }: Drawing, name: string | undefined): Axis {
  const index = indexOf(result, name);
  const column = columnOf(analysis, name);
  const unit = column?.unit ?? null;
  const fixed = unit === 'hour' ? HOURS : unit === 'weekday' ? WEEKDAYS : null;
  const values = fixed ?? [...new Set(result.rows.map((row) => row[index] ?? null))].sort(compare);
  return {
    index,
    values,
    labels: values.map((value) => labelOf(value, column, language)),
    isHour: unit === 'hour',
    isComplete: fixed !== null,
    name: fixed === null && column?.type === 'bigint' ? column.title[language] : null,
  };
}

function labelOf(
  value: ChartValue,
  column: ChartColumn | undefined,
  language: Drawing['language'],
): string {
  return column?.type === 'date' && typeof value === 'string' && column.unit !== 'month'
    ? formatDay(value, CHART_WORDS[language].locale)
    : formatValue(value, column, language);
}

function compare(a: ChartValue, b: ChartValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '') < String(b ?? '') ? -1 : 1;
}

/**
 * Steps of shades from zero to the most: equal ones, of whole numbers where amounts are counted.
 *
 * @param count of shades
 * @returns borders; each step begins beyond `over`, the first one at it
 */
function steps(
  most: number,
  whole: boolean,
  count: number,
): readonly { readonly over: number; readonly upTo: number }[] {
  const border = (index: number) => {
    const exact = (most * index) / count;
    return whole ? Math.ceil(exact) : exact;
  };
  const borders = Array.from({ length: count }, (_, index) => border(index + 1));
  return [...new Set(borders)].map((upTo, index, all) => ({
    over: index === 0 ? 0 : (all[index - 1] ?? 0),
    upTo,
  }));
}
