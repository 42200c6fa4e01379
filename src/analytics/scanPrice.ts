/**
 * What Athena asks for a query: the list price of us-east-1 for what it reads, by
 * https://aws.amazon.com/athena/pricing/ in November 2026. Other regions may cost more.
 */
const SCAN_PRICE = {
  /** US dollars for a terabyte, which AWS counts as 2^40 bytes. */
  dollarsPerTerabyte: 5,
  /** What is read is rounded up to whole megabytes, 2^20 bytes each. */
  megabyte: 1024 ** 2,
  /** A query that reads less costs as if it had read as much, megabytes. */
  leastMegabytes: 10,
} as const;

const MEGABYTES_PER_TERABYTE = 1024 ** 2;

/**
 * The price of one query.
 *
 * @param bytes that it read, also when it was cancelled; what failed costs nothing
 * @returns US dollars
 */
export function scanPrice(bytes: number): number {
  const { dollarsPerTerabyte, leastMegabytes, megabyte } = SCAN_PRICE;
  const megabytes = Math.max(leastMegabytes, Math.ceil(bytes / megabyte));
  return (megabytes / MEGABYTES_PER_TERABYTE) * dollarsPerTerabyte;
}
