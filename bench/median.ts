/** Value at a rank of the sorted values (nearest rank). @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value (the lower one of two). */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
