import type { Progress } from '../analytics/engine.ts';
import type { QueryResult } from '../analytics/result.ts';
import { scanPrice } from '../analytics/scanPrice.ts';
import { amount } from '../local/report.ts';

/** Bytes in the unit that reads best, of 1,000 each. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1_000 ** unit;
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit] ?? ''}`;
}

function time(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A price with two digits that say something. */
function price(dollars: number): string {
  return dollars === 0
    ? '$0'
    : `$${dollars.toFixed(Math.max(2, 1 - Math.floor(Math.log10(dollars))))}`;
}

/** One line about a query that takes its time. */
export function progressLine({ state, ms, bytesScanned, rows }: Progress): string {
  const words = { queued: 'waiting', running: 'running', reading: 'reading the result' };
  return [
    `Athena: ${words[state]}, ${Math.floor(ms / 1_000)} s`,
    ...(bytesScanned === undefined ? [] : [`${size(bytesScanned)} scanned`]),
    ...(rows === undefined ? [] : [amount(rows, 'row')]),
  ].join(', ');
}

/**
 * What is said below a result: rows, time and, of Athena, what was read and its price.
 *
 * @param shown rows of the result
 * @param runs the queries behind it
 */
export function footer(shown: number, runs: readonly QueryResult[]): string {
  const parts = [amount(shown, 'row'), time(runs.reduce((sum, { ms }) => sum + ms, 0))];
  const paid = runs.filter(({ bytesScanned, reused }) => bytesScanned !== undefined && !reused);
  if (runs.some(({ bytesScanned }) => bytesScanned !== undefined)) {
    const bytes = paid.map(({ bytesScanned = 0 }) => bytesScanned);
    parts.push(
      `${size(bytes.reduce((sum, each) => sum + each, 0))} scanned`,
      `${price(bytes.map(scanPrice).reduce((sum, each) => sum + each, 0))} (list price)`,
    );
  }
  if (runs.some(({ reused }) => reused)) parts.push('from an earlier run (--reuse 0 asks anew)');
  return parts.join(' · ');
}
