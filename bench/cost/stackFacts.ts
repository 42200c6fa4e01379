import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { synthesize } from '../../localstack/deployment.ts';

/** What is counted in a stack before anything happens in it. */
export interface StackFacts {
  readonly alarms: number;
  readonly dashboards: number;
  readonly keys: number;
  /** Of functions, by service: memory in gigabytes. */
  readonly memory: Readonly<Record<string, number>>;
  /** The format of a line of the API's access log. */
  readonly accessLog: string;
  readonly logRetentionDays: number;
  readonly rawRetentionDays: number;
}

const blockSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const stackSchema = z.object({ resource: z.record(z.string(), blockSchema) });

const lambdaSchema = z.object({ function_name: z.string(), memory_size: z.number() });

const stageSchema = z.object({ access_log_settings: z.object({ format: z.string() }) });

const retentionSchema = z.object({ retention_in_days: z.number() });

const lifecycleSchema = z.object({
  bucket: z.string(),
  rule: z.array(z.object({ expiration: z.array(z.object({ days: z.number().optional() })) })),
});

/**
 * Counts in the stack that `cdktf deploy` would apply.
 *
 * @param settings variables of the configuration
 */
export async function readStack(settings: Readonly<Record<string, string>>): Promise<StackFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cost-'));
  try {
    await synthesize(folder, { ...settings, CHECKPOINT_DISABLE: '1' });
    const [name = ''] = await readdir(join(folder, 'stacks'));
    const text = await readFile(join(folder, 'stacks', name, 'cdk.tf.json'), 'utf8');
    const { resource } = stackSchema.parse(JSON.parse(text));
    const all = (type: string): unknown[] => Object.values(resource[type] ?? {});
    const lifecycles = all('aws_s3_bucket_lifecycle_configuration').map((one) =>
      lifecycleSchema.parse(one),
    );
    const raw = lifecycles.find(({ bucket }) => bucket.includes('raw'));
    const days = raw?.rule.flatMap(({ expiration }) => expiration.flatMap((one) => one.days ?? []));
    return {
      // Each looks at one metric: of a formula's, each would be charged.
      alarms: all('aws_cloudwatch_metric_alarm').length,
      dashboards: all('aws_cloudwatch_dashboard').length,
      keys: all('aws_kms_key').length,
      memory: Object.fromEntries(
        all('aws_lambda_function').map((one) => {
          const { function_name, memory_size } = lambdaSchema.parse(one);
          return [function_name.replace(/^.*-/, ''), memory_size / 1024];
        }),
      ),
      accessLog: stageSchema.parse(all('aws_api_gateway_stage')[0]).access_log_settings.format,
      logRetentionDays: retentionSchema.parse(all('aws_cloudwatch_log_group')[0]).retention_in_days,
      rawRetentionDays: Math.max(...(days ?? [])),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
