import type { Counted } from './counted.ts';
import type { Usage } from './prices.ts';
import type { StackFacts } from './stackFacts.ts';

/** Days of a month, and its hours. */
const DAYS = 30;
const HOURS = 24 * DAYS;

/** What no emulator can tell, and why it is taken so. */
export const ASSUMED = {
  /** Milliseconds of a call of the webhook: S3's PUT takes most of them. */
  webhookMs: 30,
  /** Milliseconds of a start, which are charged for like others. */
  startMs: 700,
  /** A function that nobody calls for so many minutes is gone, and AWS renews it every two hours. */
  idleMinutes: 10,
  renewals: 12,
  /** Milliseconds of the ETL: of a run, and for each object; see benchmarks.md. */
  etlMs: 2_000,
  etlMsPerObject: 0.25,
  /** Milliseconds of the function that sends the digest: it waits for Athena. */
  digestMs: 60_000,
  /** Windows of five minutes in a day: services ask for a key's data key once in each that has work. */
  windows: 288,
  /** Who asks for one in such a window: S3's bucket key, the secret's parameter, two log groups. */
  keyUsers: 4,
  /** What Athena asks of S3 for a day of a query: it lists the folder, reads the footer, and columns. */
  athenaLists: 1,
  athenaReads: 2,
  /** What it writes for a query: the result, and what is in it. */
  athenaWrites: 2,
  /** Bytes of S3's own access log for each request. */
  s3LogBytes: 600,
  /** Logs are kept packed: https://aws.amazon.com/cloudwatch/pricing/ */
  logPacking: 0.15,
  /** Bytes of an answer's headers. */
  answerHeaderBytes: 350,
  /** Mails of a month: an alarm that starts and ends. */
  mails: 4,
} as const;

/** Something that a lake holds more of each day, for so many days. */
const heldBytes = (perDay: number, days: number): number => perDay * days;

/** Starts of a function in a day, when its calls come at any time: those after a pause, and renewals. */
function startsOf(calls: number): number {
  const { idleMinutes, renewals } = ASSUMED;
  const pauses = (24 * 60) / idleMinutes;
  return Math.min(calls, calls * Math.exp(-calls / pauses) + renewals);
}

/** Windows that have work, when so many calls come anywhere in a day. */
function busyWindows(calls: number): number {
  const { windows } = ASSUMED;
  return windows * (1 - Math.exp(-calls / windows));
}

/**
 * What a stage uses in a month, after a year: its storage is full by then.
 *
 * @param messages a day
 * @param hasDigest whether the owner gets a digest each day
 */
export function usageOf(
  messages: number,
  { counted, stack, hasDigest }: { counted: Counted; stack: StackFacts; hasDigest: boolean },
): Usage {
  const { update, start, writtenDay, unchangedDay, digest } = counted;
  const starts = startsOf(messages);
  /** Of a day: each update, each start, a day that is written, and one that is as it was. */
  const requests = (kind: string): number =>
    messages * (update.requests[kind] ?? 0) +
    starts * (start[kind] ?? 0) +
    [writtenDay, unchangedDay].reduce(
      (sum, { fixed, perObject }) => sum + (fixed[kind] ?? 0) + messages * (perObject[kind] ?? 0),
      0,
    ) +
    (hasDigest ? (digest.requests[kind] ?? 0) : 0);
  const queriedDays = hasDigest ? digest.queriedDays : 0;
  const writes =
    requests('s3 PUT') +
    requests('s3 POST') +
    requests('s3 LIST') +
    queriedDays * ASSUMED.athenaLists +
    (hasDigest ? digest.queries * ASSUMED.athenaWrites : 0);
  const reads = requests('s3 GET') + queriedDays * ASSUMED.athenaReads;

  const seconds = {
    webhook: (messages * ASSUMED.webhookMs + starts * ASSUMED.startMs) / 1000,
    etl: (ASSUMED.etlMs + ASSUMED.startMs + messages * ASSUMED.etlMsPerObject) / 1000,
    report: hasDigest ? ASSUMED.digestMs / 1000 : 0,
  };
  const gigabyteSeconds = Object.entries(seconds).reduce(
    (sum, [service, time]) => sum + time * (stack.memory[service] ?? 0),
    0,
  );

  // As CloudWatch gets it: the names of values are about as long as the values.
  const accessLogBytes = stack.accessLog.length + 26;
  const logBytes =
    messages * (update.logBytes + accessLogBytes) +
    counted.etlLogBytes +
    (hasDigest ? digest.logBytes : 0);

  const dailyMetrics = counted.dailyMetrics.filter((name) => hasDigest || name !== 'DigestsSent');
  const keyRequests =
    busyWindows(messages) * ASSUMED.keyUsers + starts * 2 + (hasDigest ? digest.queries : 0);
  return {
    apiRequests: messages * DAYS,
    lambdaRequests: (messages + 1 + (hasDigest ? 1 : 0)) * DAYS,
    lambdaGigabyteSeconds: gigabyteSeconds * DAYS,
    s3Writes: writes * DAYS,
    s3Reads: reads * DAYS,
    s3Storage:
      heldBytes(messages * counted.objectBytes, stack.rawRetentionDays) +
      heldBytes(messages * counted.rowBytes, 365) +
      heldBytes((writes + reads) * ASSUMED.s3LogBytes, stack.logRetentionDays),
    sqsRequests: 0,
    keys: stack.keys,
    keyRequests: stack.keys === 0 ? 0 : keyRequests * DAYS,
    logBytes: logBytes * DAYS,
    logStorage: heldBytes(logBytes, stack.logRetentionDays) * ASSUMED.logPacking,
    metrics: (dailyMetrics.length * DAYS) / HOURS,
    alarms: stack.alarms,
    dashboards: stack.dashboards,
    // A query costs as one of ten megabytes at least.
    athenaBytes: hasDigest
      ? digest.queries *
        Math.max(
          10 * 2 ** 20,
          (digest.queriedDays / digest.queries) * messages * counted.rowBytes,
        ) *
        DAYS
      : 0,
    mails: ASSUMED.mails,
    dataOut:
      (messages * (update.answerBytes + ASSUMED.answerHeaderBytes) +
        (hasDigest ? digest.reportBytes : 0)) *
      DAYS,
  };
}
