import type { Telemetry } from '../../src/aws/telemetry.ts';
import { METRICS } from '../../src/config/metrics.ts';
import type { Sent } from '../../src/report/reporter.ts';
import type { ReportEvent } from './handler.ts';

/** What a log may say of a report: no text of it. */
function aboutOf({ isRepeated, report }: Sent): Record<string, unknown> {
  return {
    repeated: isRepeated,
    ...(report && {
      period: report.period,
      bytes: Buffer.byteLength(report.html),
      empty: report.isEmpty,
      last_closed: report.lastClosed,
      failures: report.failures,
    }),
  };
}

/** Logs and counts what becomes of digests and reports. */
export function createReportObserver({
  logger,
  count,
}: Telemetry<'report'>): (event: ReportEvent) => void {
  const names = METRICS.report;
  const failures = ({ report }: Sent): void => {
    if (report && report.failures.length > 0) count(names.analysesFailed, report.failures.length);
  };
  return (event) => {
    switch (event.type) {
      case 'digest':
        if (!event.sent.isRepeated) count(names.digestsSent);
        failures(event.sent);
        logger.info('Digest', { day: event.day, ...aboutOf(event.sent) });
        break;
      case 'report':
        if (!event.sent.isRepeated) count(names.reportsSent);
        failures(event.sent);
        logger.info('Report', { key: event.key, ...aboutOf(event.sent) });
        break;
      case 'refused':
        logger.warn('Report refused', event.error);
        break;
      case 'failed':
        count(names.failed);
        logger.error(
          'Digest or report not sent',
          event.error instanceof Error ? event.error : new Error(String(event.error)),
        );
        break;
    }
  };
}
