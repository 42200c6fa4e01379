import { type Counted, EVENT_OVERHEAD } from './counted.ts';
import type { Usage } from './prices.ts';
import type { StackFacts } from './stackFacts.ts';

/** Days of a month, and its hours. */
const DAYS = 30;
const HOURS = 24 * DAYS;

/** What no emulator can tell, and why it is taken so. */
export const ASSUMED = {
  /** Milliseconds of a call of the webhook: S3's PUT takes most of them. */
  webhookMs: 30,
  /** The same when SQS takes the update. */
  bufferedMs: 20,
  /** Milliseconds of a call of the writer, and for each message. */
  writerMs: 100,
  writerMsPerMessage: 0.05,
  /** Writers at a time, see src/config/buffer.ts; each gathers for a minute, 4,000 messages at most. */
  writers: 2,
  batchMessages: 4_000,
  /** Lambda asks a queue with five long polls of 20 s at a time, and gets or deletes ten messages at once. */
  polls: 5 * 3 * 60 * 24,
  messagesPerRequest: 10,
  /** Milliseconds of a start, which are charged for like others. */
  startMs: 700,
  /** A function that nobody calls for so many minutes is gone, and AWS renews it every two hours. */
  idleMinutes: 10,
  renewals: 12,
  /** Milliseconds of the ETL: of a run, and for each object; see benchmarks.md. */
  etlMs: 2_000,
  etlMsPerObject: 0.25,
  etlMsPerMessage: 0.01,
  /** Milliseconds of the function that sends the digest: it waits for Athena. */
  digestMs: 60_000,
  /** Windows of five minutes in a day: services ask for a key's data key once in each that has work. */
  windows: 288,
  /** Who asks for one in such a window: S3's bucket key, the secret's parameter, two log groups. */
  keyUsers: 4,
  /** Where updates are buffered, these as well: the queue twice, the writer's PUT and its log. */
  bufferedKeyUsers: 4,
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

/** Objects that the writer makes of a day's messages. */
function batchesOf(messages: number): number {
  const { writers, batchMessages } = ASSUMED;
  const minutes = writers * 24 * 60;
  return Math.max(minutes * (1 - Math.exp(-messages / minutes)), messages / batchMessages);
}

/** Requests of a day that Lambda makes to the queue, and which of them delete. */
function queueRequests(messages: number): number {
  const { messagesPerRequest, polls } = ASSUMED;
  const full = Math.max(messages / messagesPerRequest, Math.min(messages, batchesOf(messages)));
  return Math.max(polls, full) + full;
}

/** How a stage is set up, as far as what it does goes. */
export interface Setup {
  readonly stack: StackFacts;
  /** How updates get into the raw layer. */
  readonly ingest: 'buffered' | 'direct';
  /** Whether the owner gets a digest each day. */
  readonly hasDigest: boolean;
}

/**
 * What a stage uses in a month, after a year: its storage is full by then.
 *
 * @param messages a day
 */
export function usageOf(
  messages: number,
  counted: Counted,
  { stack, ingest, hasDigest }: Setup,
): Usage {
  const { start, writtenDay, unchangedDay, digest } = counted;
  const update = counted.update[ingest];
  const starts = startsOf(messages);
  const batches = ingest === 'buffered' ? batchesOf(messages) : 0;
  const objects = ingest === 'buffered' ? batches : messages;
  /** Of a day: updates, starts, batches, a day that is written, and one that is as it was. */
  const requests = (kind: string): number =>
    messages * (update.requests[kind] ?? 0) +
    starts * (start[kind] ?? 0) +
    batches * (counted.batch.requests[kind] ?? 0) +
    [writtenDay, unchangedDay].reduce(
      (sum, { fixed, perObject }) => sum + (fixed[kind] ?? 0) + objects * (perObject[kind] ?? 0),
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

  const milliseconds = {
    webhook:
      messages * (ingest === 'buffered' ? ASSUMED.bufferedMs : ASSUMED.webhookMs) +
      starts * ASSUMED.startMs,
    writer:
      batches * ASSUMED.writerMs +
      (batches > 0
        ? messages * ASSUMED.writerMsPerMessage + startsOf(batches) * ASSUMED.startMs
        : 0),
    etl:
      ASSUMED.etlMs +
      ASSUMED.startMs +
      objects * ASSUMED.etlMsPerObject +
      messages * ASSUMED.etlMsPerMessage,
    report: hasDigest ? ASSUMED.digestMs : 0,
  };
  const gigabyteSeconds = Object.entries(milliseconds).reduce(
    (sum, [service, time]) => sum + (time / 1000) * (stack.memory[service] ?? 0),
    0,
  );

  // As CloudWatch gets it: the names of values are about as long as the values.
  const accessLogBytes = stack.accessLog.length + EVENT_OVERHEAD;
  const logBytes =
    messages * (update.logBytes + accessLogBytes) +
    batches * counted.batch.logBytes +
    counted.etlLogBytes +
    (hasDigest ? digest.logBytes : 0);

  const dailyMetrics = counted.dailyMetrics.filter((name) => hasDigest || name !== 'DigestsSent');
  const keyRequests =
    busyWindows(messages) * (ASSUMED.keyUsers + (batches > 0 ? ASSUMED.bufferedKeyUsers : 0)) +
    starts * 2 +
    (hasDigest ? digest.queries : 0);
  const objectBytes = ingest === 'buffered' ? counted.batch.messageBytes : counted.objectBytes;
  return {
    apiRequests: messages * DAYS,
    lambdaRequests: (messages + batches + 1 + (hasDigest ? 1 : 0)) * DAYS,
    lambdaGigabyteSeconds: gigabyteSeconds * DAYS,
    s3Writes: writes * DAYS,
    s3Reads: reads * DAYS,
    s3Storage:
      heldBytes(messages * objectBytes, stack.rawRetentionDays) +
      heldBytes(messages * counted.rowBytes, 365) +
      heldBytes((writes + reads) * ASSUMED.s3LogBytes, stack.logRetentionDays),
    sqsRequests:
      ingest === 'buffered' ? (requests('sqs SendMessage') + queueRequests(messages)) * DAYS : 0,
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
