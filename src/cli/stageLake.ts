import { S3Client } from '@aws-sdk/client-s3';

import { clientSettings } from '../aws/clientSettings.ts';
import { explainAwsError } from '../aws/explain.ts';
import { bucketName } from '../config/bucketNames.ts';
import { type Lake, openLake } from '../lake/lake.ts';
import { S3Store } from '../lake/s3Store.ts';
import type { CommandContext } from './context.ts';

/** The lake of a stage on AWS, with what else of it a command needs. */
export interface StageLake {
  readonly lake: Lake;
  /** Results of queries, and reports. */
  readonly results: S3Store;
}

/** Milliseconds until an answer begins: listings of many versions take their time. */
const TIMEOUT = 60_000;

/** Requests at a time; the client keeps as many connections. */
const SOCKETS = 64;

/** A client of S3 for a command that reads or writes many objects. */
export function commandS3Client(region: string): S3Client {
  const { requestHandler, maxAttempts } = clientSettings(TIMEOUT);
  return new S3Client({
    region,
    maxAttempts,
    // A course's bucket may be anywhere.
    followRegionRedirects: true,
    requestHandler: { ...requestHandler, httpsAgent: { maxSockets: SOCKETS } },
  });
}

/**
 * Works on the buckets of the stage that the configuration names.
 *
 * @param what is done, for errors: `erase from the buckets of …`
 * @throws LakeError when the lake was made with another zone; Error that says what to do when AWS
 *   refuses
 */
export async function withStageLake<T>(
  { config }: CommandContext,
  what: string,
  work: (stage: StageLake) => Promise<T>,
): Promise<T> {
  const client = commandS3Client(config.region);
  const store = (layer: string) => new S3Store({ client, bucket: bucketName(config, layer) });
  try {
    const lake = await openLake({
      raw: store('raw'),
      enriched: store('enriched'),
      zone: config.zone,
    });
    return await work({ lake, results: store('results') });
  } catch (error) {
    if ((error as Error).name === 'NoSuchBucket') {
      throw new Error(
        `Could not ${what}: there is no bucket ${bucketName(config, 'raw')}. Deploy the stack, or set stage, account and region to those of the one you mean (cdktf.json, context.chatbot, or CHATBOT_STAGE and so on).`,
        { cause: error },
      );
    }
    throw explainAwsError(error, what, config.region);
  } finally {
    client.destroy();
  }
}
