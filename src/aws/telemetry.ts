import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';

import { type METRICS, type Service, metricDimensions } from '../config/metrics.ts';

/** What a function writes for its operators. Neither message texts nor tokens nor secrets go there. */
export interface Telemetry<S extends Service> {
  /** Structured, one JSON object a line; its service is POWERTOOLS_SERVICE_NAME. */
  readonly logger: Pick<Logger, 'error' | 'info' | 'warn'>;
  /** Adds to one of the service's metrics. */
  readonly count: (metric: (typeof METRICS)[S][keyof (typeof METRICS)[S]], value?: number) => void;
  /** Writes what was counted: at the end of each invocation. */
  readonly flush: () => void;
}

/** Powertools' logger and metrics; the namespace is POWERTOOLS_METRICS_NAMESPACE. */
export function createTelemetry<S extends Service>(service: S, stage: string): Telemetry<S> {
  const metrics = new Metrics({
    serviceName: service,
    defaultDimensions: metricDimensions(service, stage),
  });
  return {
    logger: new Logger({ persistentKeys: { stage } }),
    count: (metric, value = 1) => {
      metrics.addMetric(metric as string, MetricUnit.Count, value);
    },
    flush: () => {
      // Else it would log that there is nothing.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
