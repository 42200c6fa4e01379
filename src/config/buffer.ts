/** How the writer takes updates from the queue, where `ingest` is `buffered`. */
export const BATCH = {
  /** Messages at most: as many as Lambda allows. Its event has 6 MB at most, about 4,000 of them. */
  messages: 10_000,
  /** Seconds that Lambda gathers messages before it calls: so late is the raw layer. */
  windowSeconds: 60,
  /**
   * Writers at a time; Lambda wants two or more. New accounts have ten executions in all, and each
   * writer puts some thousand messages a second away.
   */
  concurrency: 2,
  /** Seconds that the writer may take. */
  timeoutSeconds: 60,
  /** Receipts of a message that could not be written, before it is set aside as a dead letter. */
  receives: 5,
} as const;

/**
 * Seconds after which a message that was not written is tried again. AWS advises six times the
 * function's timeout, and the window: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const RETRY_SECONDS = 6 * BATCH.timeoutSeconds + BATCH.windowSeconds;

/** Age in seconds of the oldest message at which somebody is told: it has been tried twice by then. */
export const OLD_SECONDS = 2 * RETRY_SECONDS + BATCH.windowSeconds;

/** Message attribute that holds the update's day: the folder it shall lie in. */
export const DAY_ATTRIBUTE = 'day';
