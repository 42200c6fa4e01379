import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';

import { FOREVER, cached } from '../../src/aws/cached.ts';
import { clientSettings } from '../../src/aws/clientSettings.ts';
import { readFunctionEnvironment } from '../../src/aws/functionEnvironment.ts';
import { createTelemetry } from '../../src/aws/telemetry.ts';
import { type Lake, openLake } from '../../src/lake/lake.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { type EtlResult, createEtlHandler } from './handler.ts';
import { createEtlObserver } from './observe.ts';

/*
 * The ETL as Lambda runs it: environment and client at module scope, so that they are made once,
 * while the function starts. What it does is in handler.ts, which needs no AWS.
 */

const { config, rawBucket, enrichedBucket } = readFunctionEnvironment(process.env);
const client = new S3Client(clientSettings(30_000));
const lake: Lake = {
  raw: new S3Store({ client, bucket: rawBucket }),
  enriched: new S3Store({ client, bucket: enrichedBucket }),
  zone: config.zone,
};
const opened = cached(() => openLake(lake), FOREVER);
const telemetry = createTelemetry('etl', config.stage);
const run = createEtlHandler({
  lake,
  rawRetentionDays: config.rawRetentionDays,
  observe: createEtlObserver(telemetry),
});

/** Takes EventBridge's event or days by hand, see createEtlHandler. */
export async function handler(event: unknown): Promise<EtlResult> {
  try {
    await opened.get();
    return await run(event);
  } finally {
    telemetry.flush();
  }
}
