import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

import { type S3Server, type S3ServerOptions, startS3Server } from '../../bench/s3/server.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { ZONE } from './lakes.ts';

/** A lake in an S3 of this machine, which can be made to fail. */
export interface S3Lake extends Lake {
  readonly server: S3Server;
  readonly client: S3Client;
  /** Puts a text or bytes under a key of the raw bucket. */
  readonly put: (key: string, body: Uint8Array | string) => void;
  /** What was written to the enriched bucket, by key. */
  readonly enrichedKeys: () => string[];
  readonly close: () => Promise<void>;
}

/** Starts one. */
export async function startS3Lake(
  options: S3ServerOptions = {},
  config: S3ClientConfig = {},
): Promise<S3Lake> {
  const server = await startS3Server(options);
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...config,
  });
  return {
    server,
    client,
    raw: new S3Store({ client, bucket: 'raw' }),
    enriched: new S3Store({ client, bucket: 'enriched' }),
    zone: ZONE,
    put: (key, body) => {
      server.written.set(`raw/${key}`, Buffer.from(body));
    },
    enrichedKeys: () =>
      [...server.written.keys()]
        .filter((path) => path.startsWith('enriched/'))
        .map((path) => path.slice('enriched/'.length)),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}
