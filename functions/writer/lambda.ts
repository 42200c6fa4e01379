import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';

import { clientSettings } from '../../src/aws/clientSettings.ts';
import { readFunctionEnvironment } from '../../src/aws/functionEnvironment.ts';
import { mapStacks } from '../../src/aws/mapStacks.ts';
import { createTelemetry } from '../../src/aws/telemetry.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { createWriterHandler } from './handler.ts';
import { createWriterObserver } from './observe.ts';

/*
 * The writer as Lambda runs it: environment and client at module scope, so that they are made once,
 * while the function starts. What it does is in handler.ts, which needs no AWS.
 */

/** Milliseconds: three tries end before the function's time does. */
const WRITE_TIMEOUT = 15_000;

mapStacks(import.meta.url);

const { config, rawBucket } = readFunctionEnvironment(process.env);
const telemetry = createTelemetry('writer', config.stage);
const handle = createWriterHandler({
  raw: new S3Store({ client: new S3Client(clientSettings(WRITE_TIMEOUT)), bucket: rawBucket }),
  observe: createWriterObserver(telemetry),
});

/** Takes SQS's event, see createWriterHandler. */
export async function handler(event: Parameters<typeof handle>[0]): ReturnType<typeof handle> {
  try {
    return await handle(event);
  } finally {
    telemetry.flush();
  }
}
