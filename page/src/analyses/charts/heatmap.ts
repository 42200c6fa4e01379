import { formatNumber } from '../../shared/format.ts';
import { indexOf, tooltipLook } from './drawing.ts';
import type { Drawing, Drawn } from './drawing.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));

/** Hours of the day by ISO weekdays; what a result tells apart further (weeks) is added up. */
export function heatmap(drawing: Drawing): Drawn {
  const { analysis, result, text, ink } = drawing;
  const hour = indexOf(result, analysis.chart.x);
  const weekday = indexOf(result, analysis.chart.y);
  const value = indexOf(result, analysis.chart.series ?? '');
  const amounts = text.analyses.weekdays.map(() => HOURS.map(() => 0));
  for (const row of result.rows) {
    const day = amounts[Number(row[weekday]) - 1];
    const at = Number(row[hour]);
    if (day?.[at] !== undefined) day[at] += Number(row[value]);
  }
  const data = amounts.flatMap((hours, day) => hours.map((amount, at) => [at, day, amount]));
  const most = Math.max(...amounts.flat());
  const label = { color: ink.muted, fontSize: 11 };
  const plain = { axisLine: { show: false }, axisTick: { show: false } };
  return {
    note: null,
    option: {
      grid: { left: 8, right: 8, top: 8, bottom: 40, containLabel: true },
      xAxis: { type: 'category', data: HOURS, axisLabel: { ...label, interval: 2 }, ...plain },
      yAxis: {
        type: 'category',
        data: text.analyses.weekdays,
        inverse: true,
        axisLabel: label,
        ...plain,
      },
      visualMap: {
        min: 0,
        max: most,
        calculable: false,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemWidth: 10,
        itemHeight: 160,
        text: [formatNumber(most, text.locale), '0'],
        textStyle: label,
        inRange: { color: ink.ramp },
      },
      tooltip: {
        ...tooltipLook(ink),
        formatter: ({ data: [at, day, amount] }: { readonly data: readonly number[] }) =>
          `${text.analyses.weekdays[day ?? 0] ?? ''} ${at ?? ''}h: <b>${formatNumber(amount ?? 0, text.locale)}</b>`,
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
