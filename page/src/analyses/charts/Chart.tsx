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
import type { AnalysisResult } from '../../../../src/local/api.ts';
import { useLanguage } from '../../i18n/language.tsx';
import type { Period } from '../../shared/period.ts';
import type { Analysis } from '../analysis.ts';
import styles from './Chart.module.css';
import { INK } from './ink.ts';
import { heatmap } from './heatmap.ts';
import { overDays } from './overDays.ts';

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
  readonly analysis: Analysis;
  readonly result: AnalysisResult;
  readonly period: Period;
  readonly lastClosed: string;
}) {
  const { analysis, result, period, lastClosed } = props;
  const { text, language } = useLanguage();
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion();
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);

  const { option, note } = useMemo(() => {
    const drawing = { analysis, result, period, lastClosed, text, language, ink: INK[scheme] };
    return analysis.chart.kind === 'heatmap' ? heatmap(drawing) : overDays(drawing);
  }, [analysis, result, period, lastClosed, text, language, scheme]);

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
    chart.current?.setOption(
      { ...option, animation: !still, animationDuration: 300, animationDurationUpdate: 400 },
      { replaceMerge: ['series'] },
    );
  }, [option, still]);

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
