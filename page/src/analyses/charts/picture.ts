import { draw } from '../../../../src/charts/draw.ts';
import type { ChartAnalysis, ChartBefore, ChartResult } from '../../../../src/charts/drawing.ts';
import { escapeHtml } from '../../../../src/charts/escapeHtml.ts';
import { INK } from '../../../../src/charts/ink.ts';
import type { Language } from '../../../../src/local/api.ts';
import type { Period } from '../../shared/period.ts';
import { init } from './echarts.ts';

/** A chart to be saved, with its title and its days. */
export interface Picture {
  readonly analysis: ChartAnalysis;
  readonly result: ChartResult & { readonly before?: ChartBefore };
  readonly period: Period;
  readonly lastClosed: string;
  readonly language: Language;
  readonly scheme: 'dark' | 'light';
  readonly subtitle: string;
}

const WIDTH = 960;
const LEAST_HEIGHT = 440;
const MARGIN = 24;
const HEADER = 72;

/** Pixels of a PNG for one of the drawing: sharp on screens and on paper. */
const SCALE = 2;

const FONT = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/** The chart as an SVG file. */
export function asSvg(picture: Picture): Blob {
  return new Blob([svgOf(picture).text], { type: 'image/svg+xml' });
}

/** The chart as a PNG file. */
export async function asPng(picture: Picture): Promise<Blob> {
  const { text, height } = svgOf(picture);
  const image = new Image(WIDTH, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The browser could not make a picture of the chart.'));
    }, 'image/png');
  });
}

/** Title and days over the chart, on the ground of the theme. */
function svgOf(picture: Picture): { readonly text: string; readonly height: number } {
  const { analysis, language, scheme, subtitle, result } = picture;
  const ink = INK[scheme];
  const drawn = draw({ ...picture, before: result.before, ink });
  if (!drawn) throw new Error('There is no chart to save.');
  const height = Math.max(LEAST_HEIGHT, drawn.height ?? 0);
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH - 2 * MARGIN,
    height,
  });
  chart.setOption({ ...drawn.option, animation: false });
  const inner = chart.renderToSVGString().replace('<svg ', `<svg x="${MARGIN}" y="${HEADER}" `);
  chart.dispose();
  const whole = height + HEADER + MARGIN;
  const title = escapeHtml(analysis.title[language]);
  return {
    height: whole,
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${whole}" viewBox="0 0 ${WIDTH} ${whole}">
<rect width="100%" height="100%" fill="${ink.surface}"/>
<g font-family="${escapeHtml(FONT)}">
<text x="${MARGIN}" y="36" fill="${ink.text}" font-size="18" font-weight="600">${title}</text>
<text x="${MARGIN}" y="58" fill="${ink.muted}" font-size="13">${escapeHtml(subtitle)}</text>
</g>
${inner}
</svg>
`,
  };
}
