import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use as register } from 'echarts/core';
import type { EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef } from 'react';
import { draw } from '../../../../src/charts/draw.ts';
import type { ChartAnalysis, ChartResult } from '../../../../src/charts/drawing.ts';
import { INK } from '../../../../src/charts/ink.ts';
import { useLanguage } from '../../i18n/language.tsx';
import type { Period } from '../../shared/period.ts';
import styles from './Chart.module.css';

register([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** An analysis's result as its file says it is best drawn; it fills its container. */
export default function Chart(props: {
  readonly analysis: ChartAnalysis;
  readonly result: ChartResult;
  readonly period: Period;
  readonly lastClosed: string;
}) {
  const { analysis, result, period, lastClosed } = props;
  const { text, language } = useLanguage();
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion();
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);

  const drawn = useMemo(
    () => draw({ analysis, result, period, lastClosed, language, ink: INK[scheme] }),
    [analysis, result, period, lastClosed, language, scheme],
  );

  const note = drawn?.note ?? null;

  useEffect(() => {
    if (!holder.current) return;
    const created = init(holder.current, null, { renderer: 'svg' });
    chart.current = created;
    const observer = new ResizeObserver(() => {
      created.resize();
    });
    observer.observe(holder.current);
    return () => {
      observer.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (drawn === null) return;
    chart.current?.setOption(
      { ...drawn.option, animation: !still, animationDuration: 300, animationDurationUpdate: 400 },
      { replaceMerge: ['series'] },
    );
  }, [drawn, still]);

  return (
    <figure className={styles.figure}>
      <div
        ref={holder}
        className={styles.holder}
        role="img"
        aria-label={text.analyses.chartLabel(analysis.title[language])}
      />
      {note !== null && <figcaption className={styles.note}>{note}</figcaption>}
    </figure>
  );
}
