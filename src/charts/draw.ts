import { columnOf } from './drawing.ts';
import type { Drawing, Drawn } from './drawing.ts';
import { heatmap } from './heatmap.ts';
import { overTime } from './overTime.ts';
import { ranking } from './ranking.ts';

/**
 * An analysis's result as its file says it is best drawn, for ECharts (BarChart, HeatmapChart,
 * LineChart; Grid, Legend, Tooltip and VisualMap components). Lines and bars whose `x` is no date
 * are drawn as a ranking.
 *
 * @returns null where no chart is meant: tiles and tables
 * @throws when the result lacks a column that the chart names
 */
export function draw(drawing: Drawing): Drawn | null {
  const { chart } = drawing.analysis;
  switch (chart.kind) {
    case 'bar':
    case 'line':
    case 'stacked-bar':
      return columnOf(drawing.analysis, chart.x)?.type === 'date'
        ? overTime(drawing)
        : ranking(drawing);
    case 'heatmap':
      return heatmap(drawing);
    case 'ranking':
      return ranking(drawing);
    case 'table':
    case 'tiles':
      return null;
  }
}
