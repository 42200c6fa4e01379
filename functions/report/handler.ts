import * as z from 'zod';

import { type Day, dayOf, parseDay, previousDay } from '../../src/lake/days.ts';
import { REPORT_REQUESTS } from '../../src/lake/keys.ts';
import { NotTheOwnerError, type Reporter, type Sent } from '../../src/report/reporter.ts';

/** What happened, for the log and the metrics. No text of a report is in it. */
export type ReportEvent =
  | { readonly type: 'digest'; readonly day: Day; readonly sent: Sent }
  | { readonly type: 'report'; readonly key: string; readonly sent: Sent }
  /** Somebody else than the owner's chat is named: nothing was sent. */
  | { readonly type: 'refused'; readonly key: string; readonly error: Error }
  | { readonly type: 'failed'; readonly error: unknown };

/** What the function is made of. */
export interface ReportDeps {
  /** Made when it is needed: it asks Telegram who the bot is. */
  readonly reporter: () => Promise<Reporter>;
  /** The lake's zone. */
  readonly zone: string;
  readonly observe?: (event: ReportEvent) => void;
}

/** What the function returns: what was sent now. */
export interface ReportResult {
  /** Days whose digests were sent. */
  readonly digests: readonly Day[];
  /** Keys of wishes whose reports were sent. */
  readonly reports: readonly string[];
}

const eventSchema = z.union([
  z
    .strictObject({ date: z.string(), again: z.boolean().default(false) })
    .transform(({ date, again }) => ({ date, again })),
  z
    .object({
      Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })),
    })
    // S3 writes keys as in a URL.
    .transform(({ Records }) => ({
      keys: Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' '))),
    })),
  // EventBridge's event has more fields, none of which matters here.
  z
    .object({ time: z.iso.datetime({ offset: true }) })
    .transform(({ time }) => ({ time: Date.parse(time) })),
]);

/** @throws TypeError when the event is none of those that the function takes */
function wanted(event: unknown): z.infer<typeof eventSchema> {
  const { data } = eventSchema.safeParse(event);
  if (data) return data;
  throw new TypeError(
    'The event is none of these: an event of EventBridge (with its time), an event of S3 (with its ' +
      'Records), or {"date": "YYYY-MM-DD", "again": true or false}.',
  );
}

/**
 * Makes the Lambda that sends the owner digests and reports. It takes
 * - EventBridge's scheduled event: the digest of the day before its `time`, so that an event delivered
 *   late, or twice, means the same day,
 * - S3's notification of a wish for a report under `state/reports/`,
 * - by hand `{"date": "2026-11-21"}`; with `"again": true` though it was sent before.
 *
 * What fails is thrown: Lambda tries an event twice more, and nothing is sent twice by that. Only what
 * would fail again, a wish of another chat, is refused without an error.
 */
export function createReportHandler(
  deps: ReportDeps,
): (event: unknown, run: string) => Promise<ReportResult> {
  const { zone } = deps;
  const observe = deps.observe ?? (() => undefined);

  const sendDigest = async (day: Day, run: string, again: boolean): Promise<ReportResult> => {
    const sent = await (await deps.reporter()).sendDigest(day, run, { again });
    observe({ type: 'digest', day, sent });
    return { digests: sent.isRepeated ? [] : [day], reports: [] };
  };

  const sendReports = async (keys: readonly string[], run: string): Promise<ReportResult> => {
    const reports: string[] = [];
    for (const key of keys.filter((one) => one.startsWith(REPORT_REQUESTS))) {
      try {
        const sent = await (await deps.reporter()).sendReport(key, run);
        observe({ type: 'report', key, sent });
        if (!sent.isRepeated) reports.push(key);
      } catch (error) {
        if (!(error instanceof NotTheOwnerError)) throw error;
        observe({ type: 'refused', key, error });
      }
    }
    return { digests: [], reports };
  };

  return async (event, run) => {
    try {
      const what = wanted(event);
      if ('keys' in what) return await sendReports(what.keys, run);
      return 'date' in what
        ? await sendDigest(parseDay(what.date), run, what.again)
        : await sendDigest(previousDay(dayOf(what.time, zone)), run, false);
    } catch (error) {
      observe({ type: 'failed', error });
      throw error;
    }
  };
}
