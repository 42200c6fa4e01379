/**
 * How large the zips of the functions may be, in bytes, without the knowledge base: their size is
 * most of the time that a function takes to start. `npm run check` holds them to it.
 */
export const BUDGETS = {
  webhook: 225_000,
  // 190,000 of them are the zstd that Node has itself from 22.15 on; it is only read without that.
  // Its own GETs and pages took 30,000: they save a Lambda most of a day's minutes. The client of
  // Step Functions, which starts the shards of large days, took 25,000.
  etl: 500_000,
  // Most of it draws charts. Nobody waits for its start.
  report: 550_000,
  // No one waits for it either; most of it is S3's client.
  writer: 185_000,
} as const;

/** A function of functions/. */
export type FunctionName = keyof typeof BUDGETS;
