import { describe, expect, test } from '@jest/globals';

import { draw } from '../../../src/charts/draw.ts';
import { BEFORE } from '../../../src/charts/drawing.ts';
import type { ChartAnalysis, ChartBefore, ChartValue } from '../../../src/charts/drawing.ts';
import { INK } from '../../../src/charts/ink.ts';

const title = { en: '', pt: '' };

function analysis(
  chart: ChartAnalysis['chart'],
  columns: readonly (readonly [string, string, string | null])[],
): ChartAnalysis {
  return {
    title,
    chart,
    columns: columns.map(([name, type, unit]) => ({ name, type, unit, title })),
  };
}

function drawn(of: ChartAnalysis, rows: ChartValue[][], before?: ChartBefore) {
  const result = draw({
    analysis: of,
    result: { columns: of.columns.map(({ name }) => name), rows },
    period: { from: '2026-11-08', to: '2026-11-14' },
    lastClosed: '2026-11-14',
    before,
    language: 'en',
    ink: INK.light,
  });
  if (!result) throw new Error('Nothing was drawn.');
  return result;
}

const perDay = analysis({ kind: 'line', x: 'context_date', y: ['message_amount'] }, [
  ['context_date', 'date', 'day'],
  ['message_amount', 'bigint', 'messages'],
]);
const perUser = analysis(
  { kind: 'stacked-bar', x: 'context_date', y: ['message_amount'], series: 'user_first_name' },
  [
    ['user_id', 'bigint', null],
    ['user_first_name', 'varchar', null],
    ['context_date', 'date', 'day'],
    ['message_amount', 'bigint', 'messages'],
  ],
);
const heat = analysis({ kind: 'heatmap', x: 'hour', y: ['weekday'], series: 'message_amount' }, [
  ['weekday', 'bigint', 'weekday'],
  ['hour', 'bigint', 'hour'],
  ['message_amount', 'bigint', 'messages'],
]);
const chats = analysis({ kind: 'ranking', x: 'chat_title', y: ['message_amount'] }, [
  ['chat_id', 'bigint', null],
  ['chat_title', 'varchar', null],
  ['message_amount', 'bigint', 'messages'],
]);

/** The values of a series in what ECharts is given. */
function seriesOf({ option }: ReturnType<typeof drawn>, id: string): unknown {
  const { series } = option as { readonly series: readonly { id: string; data: unknown }[] };
  return series.find((one) => one.id === id)?.data;
}

describe('pointedAt', () => {
  test('is a day, of the series or of all', () => {
    const { pointedAt } = drawn(perDay, [['2026-11-10', 3]]);
    const values = { context_date: '2026-11-10' };
    expect(pointedAt({ seriesId: 'message_amount', dataIndex: 2 })).toEqual({
      values,
      number: 'message_amount',
    });
    expect(pointedAt({ seriesId: null, dataIndex: 2 })).toEqual({ values, number: null });
    expect(pointedAt({ seriesId: null, dataIndex: 99 })).toBeNull();
  });

  test('is a part of a bar, by what tells namesakes apart', () => {
    const { pointedAt } = drawn(perUser, [
      [1, 'Ana', '2026-11-10', 3],
      [2, 'Ana', '2026-11-10', 4],
    ]);
    expect(pointedAt({ seriesId: '2\nAna', dataIndex: 2 })).toEqual({
      values: { user_id: 2, user_first_name: 'Ana', context_date: '2026-11-10' },
      number: 'message_amount',
    });
  });

  test('is nothing where small series are added up', () => {
    const rows = Array.from({ length: 9 }, (_, user) => [user, `u${user}`, '2026-11-10', 1]);
    expect(drawn(perUser, rows).pointedAt({ seriesId: 'others', dataIndex: 2 })).toBeNull();
  });

  test('is a cell of a map', () => {
    const { pointedAt, option } = drawn(heat, [[3, 14, 5]]);
    const [cells] = [(option as { series: { data: number[][] }[] }).series[0]?.data ?? []];
    const dataIndex = cells.findIndex(([at, line]) => at === 14 && line === 2);
    expect(pointedAt({ seriesId: 'heat', dataIndex })).toEqual({
      values: { hour: 14, weekday: 3 },
      number: 'message_amount',
    });
  });

  test('is a row of a ranking', () => {
    const { pointedAt } = drawn(chats, [
      [7, 'Ana', 9],
      [8, 'Ana', 4],
    ]);
    expect(pointedAt({ seriesId: 'message_amount', dataIndex: 1 })?.values['chat_id']).toBe(8);
  });
});

describe('the period before', () => {
  const earlier = { from: '2026-11-01', to: '2026-11-07' };

  test('is drawn day under day, and leads nowhere', () => {
    const chart = drawn(perDay, [['2026-11-10', 3]], { ...earlier, rows: [['2026-11-03', 8]] });
    // The 3rd is as far into its period as the 10th into this one.
    expect(seriesOf(chart, BEFORE)).toEqual([null, null, 8, 0, 0, 0, 0]);
    expect(chart.pointedAt({ seriesId: BEFORE, dataIndex: 2 })).toBeNull();
  });

  test('is drawn under the same row of a ranking', () => {
    const chart = drawn(
      chats,
      [
        [7, 'Ana', 9],
        [8, 'Ana', 4],
      ],
      { ...earlier, rows: [[8, 'Ana', 6]] },
    );
    expect(seriesOf(chart, BEFORE)).toMatchObject([{ value: null }, { value: 6 }]);
  });

  test('is left out of charts of several series, which it would cover', () => {
    const chart = drawn(perUser, [[1, 'Ana', '2026-11-10', 3]], {
      ...earlier,
      rows: [[1, 'Ana', '2026-11-03', 3]],
    });
    expect(seriesOf(chart, BEFORE)).toBeUndefined();
  });
});
