import type { Telemetry } from '../../src/aws/telemetry.ts';
import { METRICS } from '../../src/config/metrics.ts';
import type { EtlEvent } from './handler.ts';

/** Logs and counts what becomes of the days. */
export function createEtlObserver({ logger, count }: Telemetry<'etl'>): (event: EtlEvent) => void {
  const names = METRICS.etl;
  return (event) => {
    switch (event.type) {
      case 'day-progress':
        logger.info('Day under way', { ...event.progress });
        break;
      case 'day-run': {
        const { run } = event;
        if (run.status === 'written') {
          count(names.daysWritten);
          count(names.rowsWritten, run.rows);
        }
        if (run.rejected > 0) count(names.rejected, run.rejected);
        logger.info('Day run', { ...run });
        break;
      }
      case 'shard-run': {
        const { day, shard, rows, bytes, ms, phases } = event;
        logger.info('Shard run', { day, shard, rows, bytes, ms, phases });
        break;
      }
      case 'day-failed':
        count(names.daysFailed);
        logger.error('Day failed', { error: event.failure.error, day: event.failure.day });
        break;
    }
  };
}
