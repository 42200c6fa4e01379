import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import { draw } from '../../../../src/charts/draw.ts';
import type { ChartAnalysis, ChartPoint, PointedAt } from '../../../../src/charts/drawing.ts';
import { INK } from '../../../../src/charts/ink.ts';
import type { AnalysisResult } from '../../../../src/local/api.ts';
import { useLanguage } from '../../i18n/language.tsx';
import type { Period } from '../../shared/period.ts';
import styles from './Chart.module.css';
import { init } from './echarts.ts';
import type { ECElementEvent, EChartsType } from './echarts.ts';

/** An analysis's result as its file says it is best drawn; it fills its container. */
export default function Chart(props: {
  readonly analysis: ChartAnalysis;
  readonly result: AnalysisResult;
  /** The result as it is to be read: the same rows in the same order, with names for people. */
  readonly shown: AnalysisResult;
  readonly period: Period;
  readonly lastClosed: string;
  /** Told what is clicked on. */
  readonly onPoint?: (pointed: PointedAt) => void;
}) {
  const { analysis, result, shown, period, lastClosed, onPoint } = props;
  const { text, language } = useLanguage();
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion();
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);

  const drawing = useMemo(
    () => ({ analysis, period, lastClosed, language, ink: INK[scheme] }),
    [analysis, period, lastClosed, language, scheme],
  );
  const drawn = useMemo(
    () => draw({ ...drawing, result: shown, before: shown.before }),
    [drawing, shown],
  );
  const note = drawn?.note ?? null;
  const isOverTime = analysis.columns.some(
    ({ name, type }) => name === analysis.chart.x && type === 'date',
  );
  const hasColumns = isOverTime && analysis.chart.kind !== 'heatmap';

  /** The last click that hit a dot or a bar. */
  const taken = useRef<unknown>(null);
  const onClick = useRef<(point: ChartPoint) => void>(() => undefined);
  useEffect(() => {
    onClick.current = (point) => {
      const pointed = draw({ ...drawing, result, before: result.before })?.pointedAt(point);
      if (pointed) onPoint?.(pointed);
    };
  }, [drawing, result, onPoint]);

  useEffect(() => {
    if (!holder.current) return;
    const created = init(holder.current, null, { renderer: 'svg' });
    chart.current = created;
    const observer = new ResizeObserver(() => {
      created.resize();
    });
    observer.observe(holder.current);
    created.on('click', ({ seriesId, dataIndex, event }: ECElementEvent) => {
      taken.current = event?.event;
      onClick.current({ seriesId: seriesId ?? null, dataIndex });
    });
    return () => {
      observer.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, []);

  // Over time, all of a day's column can be clicked, not only the dot or the bar in it.
  useEffect(() => {
    const created = chart.current;
    if (!created || !hasColumns || !onPoint) return;
    const zr = created.getZr();
    interface Pointer {
      readonly event: unknown;
      readonly offsetX: number;
      readonly offsetY: number;
    }
    const isInside = ({ offsetX, offsetY }: Pointer) =>
      created.containPixel({ gridIndex: 0 }, [offsetX, offsetY]);
    const click = (event: Pointer) => {
      if (event.event === taken.current || !isInside(event)) return;
      const index = created.convertFromPixel({ xAxisIndex: 0 }, event.offsetX);
      onClick.current({ seriesId: null, dataIndex: Math.round(index) });
    };
    const move = (event: Pointer) => {
      if (isInside(event)) zr.setCursorStyle('pointer');
    };
    zr.on('click', click);
    zr.on('mousemove', move);
    return () => {
      zr.off('click', click);
      zr.off('mousemove', move);
    };
  }, [hasColumns, onPoint]);

  useEffect(() => {
    if (drawn === null) return;
    chart.current?.setOption(
      { ...drawn.option, animation: !still, animationDuration: 300, animationDurationUpdate: 400 },
      { replaceMerge: ['series'] },
    );
  }, [drawn, still]);

  return (
    <figure className={styles.figure}>
      {/* Only a chart that asks for its height can be taller than the card. */}
      <div className={styles.scroller} tabIndex={(drawn?.height ?? null) === null ? undefined : 0}>
        <div
          ref={holder}
          className={styles.holder}
          style={
            // Bars under each other stand close, however few; other charts fill the card.
            analysis.chart.kind === 'ranking'
              ? { height: drawn?.height ?? undefined }
              : { minHeight: drawn?.height ?? undefined }
          }
          role="img"
          aria-label={text.analyses.chartLabel(analysis.title[language])}
        />
      </div>
      {note !== null && <figcaption className={styles.note}>{note}</figcaption>}
    </figure>
  );
}
