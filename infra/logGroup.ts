import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { WITHOUT_KEY, skipChecks } from './checkov.ts';
import type { Lake } from './lake.ts';

/** Days that Checkov wants logs to be kept at least. */
const A_YEAR = 365;

/**
 * A log group, kept and encrypted as the configuration says.
 *
 * @param from.purpose what is in it, as its tag says
 */
export function createLogGroup(
  scope: Construct,
  id: string,
  from: {
    readonly name: string;
    readonly purpose: string;
    readonly config: Config;
    readonly lake: Lake;
  },
): CloudwatchLogGroup {
  const { config, lake } = from;
  const logGroup = new CloudwatchLogGroup(scope, id, {
    name: from.name,
    retentionInDays: config.logRetentionDays,
    ...(lake.key && { kmsKeyId: lake.key.arn }),
    tags: { purpose: from.purpose },
  });
  skipChecks(logGroup, {
    ...(config.logRetentionDays < A_YEAR && {
      CKV_AWS_338: 'The configuration keeps logs for a shorter time.',
    }),
    ...(lake.key === null && { CKV_AWS_158: WITHOUT_KEY }),
  });
  return logGroup;
}
