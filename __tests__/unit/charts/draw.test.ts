import { describe, expect, test } from '@jest/globals';

import { draw } from '../../../src/charts/draw.ts';
import type { ChartColumn, ChartSpec, ChartValue, Drawing } from '../../../src/charts/drawing.ts';
import { INK } from '../../../src/charts/ink.ts';

const title = (text: string) => ({ en: text, pt: `${text} (pt)` });
const column = (name: string, type: string, unit: string | null): ChartColumn => ({
  name,
  type,
  unit,
  title: title(name),
});

const DAY = column('context_date', 'date', 'day');
const AMOUNT = column('message_amount', 'bigint', 'messages');
const RATE = column('answered_rate', 'double', 'share');

/** As much of ECharts' option as the tests look at. */
interface Option {
  readonly xAxis: { readonly data: readonly string[] };
  readonly yAxis: {
    readonly data: readonly string[];
    readonly axisLabel: { readonly formatter: (value: never) => string };
  };
  readonly legend: { readonly show?: boolean };
  readonly visualMap: {
    readonly pieces: readonly { gte?: number; gt?: number; lte: number; label: string }[];
  };
  readonly series: readonly {
    readonly type: string;
    readonly name: string;
    readonly stack?: string;
    readonly data: readonly (number | null | readonly number[] | { value: number; name: string })[];
  }[];
}

function drawn(
  columns: readonly ChartColumn[],
  chart: ChartSpec,
  rows: readonly (readonly ChartValue[])[],
  more: Partial<Drawing> = {},
) {
  const result = draw({
    analysis: { title: title('a test'), columns, chart },
    result: { columns: columns.map(({ name }) => name), rows },
    period: { from: '2026-11-15', to: '2026-11-21' },
    lastClosed: '2026-11-20',
    language: 'en',
    ink: INK.light,
    ...more,
  });
  return result && { ...result, option: result.option as unknown as Option };
}

describe('draw', () => {
  test('lines of several columns: amounts of a quiet day are none, shares are unknown', () => {
    const rows = [
      ['2026-11-17', 4, 0.5],
      ['2026-11-15', 2, 1],
    ];
    const of = (y: string) =>
      drawn([DAY, AMOUNT, RATE], { kind: 'line', x: 'context_date', y: [y] }, rows)?.option
        .series[0]?.data;
    expect(of('message_amount')).toEqual([2, 0, 4, 0, 0, 0, null]);
    expect(of('answered_rate')).toEqual([1, null, 0.5, null, null, null, null]);
    const both = drawn(
      [DAY, AMOUNT, RATE],
      { kind: 'stacked-bar', x: 'context_date', y: ['message_amount', 'answered_rate'] },
      rows,
    );
    expect(both?.option.series.map(({ name, stack }) => [name, stack])).toEqual([
      ['message_amount', 'all'],
      ['answered_rate', 'all'],
    ]);
    expect(both?.option.legend.show).not.toBe(false);
  });

  test('weeks and months stand on the axis as their first days', () => {
    const period = { from: '2026-10-28', to: '2026-11-21' };
    const axis = (unit: string, day: string) => {
      const x = column('step', 'date', unit);
      return drawn([x, AMOUNT], { kind: 'bar', x: 'step', y: ['message_amount'] }, [[day, 5]], {
        period,
      })?.option;
    };
    const weeks = axis('week', '2026-10-26');
    expect(weeks?.xAxis.data).toEqual([
      'Mon, 26 Oct 2026',
      'Mon, 2 Nov 2026',
      'Mon, 9 Nov 2026',
      'Mon, 16 Nov 2026',
    ]);
    expect(weeks?.series[0]?.data).toEqual([5, 0, 0, 0]);
    expect(axis('month', '2026-10-01')?.xAxis.data).toEqual(['Oct 2026', 'Nov 2026']);
  });

  test('two people of one name are two series, told apart', () => {
    const columns = [
      column('user_id', 'bigint', null),
      column('user_first_name', 'varchar', null),
      DAY,
      AMOUNT,
    ];
    const chart: ChartSpec = {
      kind: 'stacked-bar',
      x: 'context_date',
      y: ['message_amount'],
      series: 'user_first_name',
    };
    const { option } = drawn(columns, chart, [
      [1, 'Ana', '2026-11-16', 3],
      [2, 'Ana', '2026-11-16', 2],
      [3, null, '2026-11-16', 1],
    ]) ?? { option: null };
    expect(option?.series.map(({ name }) => name)).toEqual(['Ana (1)', 'Ana (2)', '–']);
  });

  test('a ranking has a bar for each of the first rows, whatever they are called', () => {
    const columns = [column('word', 'varchar', null), AMOUNT];
    const rows = Array.from({ length: 20 }, (_, index) => [
      index < 2 ? 'same' : `w${index}`,
      99 - index,
    ]);
    const one = drawn(columns, { kind: 'ranking', x: 'word', y: ['message_amount'] }, rows, {
      language: 'pt',
    });
    expect(one?.option.series[0]?.data).toHaveLength(12);
    expect(one?.option.yAxis.data).toHaveLength(12);
    expect(one?.note).toBe('os 12 maiores de 20');
    expect(one?.height).toBeGreaterThan(200);
    const label = one?.option.yAxis.axisLabel.formatter as unknown as (index: string) => string;
    expect([label('0'), label('1'), label('2')]).toEqual(['same', 'same', 'w2']);
  });

  test('long labels are cut by whole signs', () => {
    const columns = [column('word', 'varchar', null), AMOUNT];
    const family = '👨‍👩‍👧‍👦';
    const one = drawn(columns, { kind: 'ranking', x: 'word', y: ['message_amount'] }, [
      [family.repeat(50), 1],
    ]);
    const label = one?.option.yAxis.axisLabel.formatter as unknown as (index: string) => string;
    expect(label('0')).toBe(`${family.repeat(33)}…`);
  });

  test('bars whose axis is no date are a ranking', () => {
    const columns = [column('content_type', 'varchar', null), AMOUNT];
    const chart: ChartSpec = { kind: 'bar', x: 'content_type', y: ['message_amount'] };
    expect(drawn(columns, chart, [['text', 3]])?.option.yAxis.data).toEqual(['0']);
  });

  test('a heat map has all hours and weekdays, adds up weeks, and names its steps', () => {
    const columns = [
      column('week', 'bigint', 'iso_week'),
      column('weekday', 'bigint', 'weekday'),
      column('hour', 'bigint', 'hour'),
      AMOUNT,
    ];
    const chart: ChartSpec = {
      kind: 'heatmap',
      x: 'hour',
      y: ['weekday'],
      series: 'message_amount',
    };
    const { option } = drawn(
      columns,
      chart,
      [
        [46, 1, 9, 6],
        [47, 1, 9, 4],
      ],
      { language: 'pt' },
    ) ?? { option: null };
    expect(option?.series[0]?.data).toHaveLength(7 * 24);
    expect(option?.series[0]?.data).toContainEqual([9, 0, 10]);
    expect(option?.yAxis.data).toEqual(['seg', 'ter', 'qua', 'qui', 'sex', 'sáb', 'dom']);
    expect(option?.visualMap.pieces.map(({ label }) => label)).toEqual([
      '0–2',
      '2–4',
      '4–6',
      '6–8',
      '8–10',
    ]);
  });

  test('a heat map of shares leaves out what is not known, and adds nothing up', () => {
    const columns = [
      column('cohort_week', 'date', 'week'),
      column('weeks_later', 'bigint', 'weeks'),
      column('share', 'double', 'share'),
    ];
    const chart: ChartSpec = {
      kind: 'heatmap',
      x: 'weeks_later',
      y: ['cohort_week'],
      series: 'share',
    };
    const { option } = drawn(columns, chart, [
      ['2026-11-09', 0, 1],
      ['2026-11-09', 1, 0.25],
      ['2026-11-16', 0, 1],
    ]) ?? { option: null };
    expect(option?.series[0]?.data).toEqual([
      [0, 0, 1],
      [1, 0, 0.25],
      [0, 1, 1],
    ]);
    expect(option?.yAxis.data).toEqual(['9 Nov', '16 Nov']);
    expect(option?.visualMap.pieces[0]?.label).toBe('0%–20%');
  });

  test('an empty heat map has one step', () => {
    const columns = [
      column('weekday', 'bigint', 'weekday'),
      column('hour', 'bigint', 'hour'),
      AMOUNT,
    ];
    const chart: ChartSpec = {
      kind: 'heatmap',
      x: 'hour',
      y: ['weekday'],
      series: 'message_amount',
    };
    expect(drawn(columns, chart, [])?.option.visualMap.pieces).toMatchObject([
      { gte: 0, lte: 0, label: '0' },
    ]);
  });

  test('tiles and tables are not drawn', () => {
    expect(drawn([AMOUNT], { kind: 'tiles', y: ['message_amount'] }, [[1]])).toBeNull();
    expect(drawn([AMOUNT], { kind: 'table', y: [] }, [[1]])).toBeNull();
  });

  test('a result without a column that the chart names is a mistake', () => {
    expect(() =>
      draw({
        analysis: {
          title: title('a test'),
          columns: [DAY, AMOUNT],
          chart: { kind: 'line', x: 'context_date', y: ['message_amount'] },
        },
        result: { columns: ['context_date'], rows: [] },
        period: { from: '2026-11-15', to: '2026-11-21' },
        lastClosed: '2026-11-20',
        language: 'en',
        ink: INK.dark,
      }),
    ).toThrow('The result has no column "message_amount".');
  });
});
