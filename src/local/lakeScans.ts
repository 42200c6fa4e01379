import { columnsRead, scannedParquet } from '../analytics/scanned.ts';
import { scanPrice } from '../analytics/scanPrice.ts';
import type { Period } from '../analytics/scope.ts';
import type { LakeDay, LakeScans, ScanCost } from './api.ts';
import type { LocalLake } from './localLake.ts';

/** The course's analyses stand first: they can be asked of raw JSON just as well. */
const ASKED = 4;

function costOf(objects: number, bytes: number): ScanCost {
  return { objects, bytes, dollars: scanPrice(bytes) };
}

/**
 * What the course's analyses read of some days, over raw JSON and over Parquet.
 *
 * @param days of the lake; those outside of the period are left out
 * @param views see `viewQueries` of src/analytics/scanned.ts
 */
export async function lakeScans(
  { lake, analytics }: Pick<LocalLake, 'analytics' | 'lake'>,
  { from, to }: Period,
  days: readonly LakeDay[],
  views: ReadonlyMap<string, string>,
): Promise<LakeScans> {
  const asked = days.filter(({ day }) => day >= from && day <= to);
  const raw = costOf(
    asked.reduce((sum, { objects }) => sum + objects, 0),
    asked.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
  );
  const closed = asked.filter(({ file }) => file !== null).map(({ day }) => day);
  const analyses = [];
  for (const { name, title, sql } of analytics.analyses.slice(0, ASKED)) {
    const columns = columnsRead(sql, views);
    const { objects, bytes } = await scannedParquet(lake.enriched, columns, closed);
    analyses.push({ name, title, columns, raw, parquet: costOf(objects, bytes) });
  }
  return { from, to, analyses };
}
