/**
 * The functions' CloudWatch metrics: what AWS's own, which are free, do not tell. A metric costs 0.30 $
 * a month, by the hour in which it is written, so none is written all day long: how many updates come
 * is the API's own count. Each with the dimensions `service` and `stage` in the namespace
 * of the project's name. The functions emit them, the alarms and the dashboard read them.
 */
export const METRICS = {
  webhook: {
    duplicate: 'UpdatesDuplicate',
    /** Of a chat that is not ours. */
    dropped: 'UpdatesDropped',
    /** No update; kept under `rejected/`. */
    rejected: 'UpdatesRejected',
    /** Without the secret, or with a wrong one. */
    unauthorized: 'RequestsUnauthorized',
    /** Answered 503: Telegram sends it again. */
    failed: 'RequestsFailed',
    tapsUnanswered: 'TapsUnanswered',
    /** The queue did not take an update; it was then stored directly, or failed. */
    bufferFailed: 'BufferFailures',
  },
  writer: {
    /** Stay in the queue, and end among its dead letters when they fail again and again. */
    failed: 'MessagesFailed',
  },
  etl: {
    daysWritten: 'DaysWritten',
    rowsWritten: 'RowsWritten',
    /** Lie under `rejected/`; counted once per day and run. */
    rejected: 'RecordsRejected',
    daysFailed: 'DaysFailed',
  },
  report: {
    digestsSent: 'DigestsSent',
    /** Wished for by /report. */
    reportsSent: 'ReportsSent',
    /** A digest or a report that was not sent, or of which nobody knows. */
    failed: 'ReportsFailed',
    /** Whose place in a report says why it is empty. */
    analysesFailed: 'AnalysesFailed',
  },
} as const;

/** A function that emits metrics; the value of the dimension `service`. */
export type Service = keyof typeof METRICS;

/** The dimensions of every metric. */
export function metricDimensions(
  service: Service,
  stage: string,
): Readonly<Record<'service' | 'stage', string>> {
  return { service, stage };
}
