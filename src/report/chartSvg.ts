import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, VisualMapComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import type { Drawn } from '../charts/drawing.ts';
import { escapeHtml } from '../charts/escapeHtml.ts';

register([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** Width of a page of A4 within its margins, in CSS pixels. */
const WIDTH = 680;

const HEIGHT = 204;

/** What ECharts writes for its own code in a browser; the report has none. */
const FOR_SCRIPTS = / (?:ecmeta_\w+|class|pointer-events|xml:space)="[^"]*"/g;
const STYLE = /<style ?><!\[CDATA\[[^]*?\]\]>\s*<\/style>\n?/g;
/** The document's font serves. */
const FONT = /font-family:sans-serif;/g;

/**
 * A chart as the text of an SVG element, drawn without a browser. Texts in it are escaped by ECharts.
 *
 * @param label what a screen reader says in the drawing's place
 */
export function chartSvg({ option, height }: Drawn, label: string): string {
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: height ?? HEIGHT,
  });
  try {
    // A legend that scrolls needs hands; on paper all of it is there.
    chart.setOption({ ...onPaper(option), animation: false });
    const svg = chart.renderToSVGString({ useViewBox: true });
    return svg
      .replace(FOR_SCRIPTS, '')
      .replace(STYLE, '')
      .replace(FONT, '')
      .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" `);
  } finally {
    chart.dispose();
  }
}

/** A drawing that nobody points at. */
function onPaper(option: Drawn['option']): Drawn['option'] {
  const parts = Object.entries(option).filter(([name]) => name !== 'tooltip');
  return {
    ...Object.fromEntries(parts),
    ...(option['legend'] !== undefined && { legend: { ...option['legend'], type: 'plain' } }),
  };
}
