import type { AnalysisInfo } from '../../../src/local/api.ts';

/** One analysis as its file in `sql/` declares it. */
export type Analysis = AnalysisInfo;

/** Whether its chart, a map of two axes, adds up what its rows tell apart further (weeks). */
export function isSummed({ chart, rows }: Analysis): boolean {
  return chart.kind === 'heatmap' && (rows?.by.length ?? 0) > 2;
}
