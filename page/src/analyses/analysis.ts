import type { AnalysisList } from '../../../src/local/api.ts';

/** One analysis as its file in `sql/` declares it. */
export type Analysis = AnalysisList['analyses'][number];
