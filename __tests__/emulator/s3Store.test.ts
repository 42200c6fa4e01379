import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Emulator } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { type Lake, openLake } from '../../src/lake/lake.ts';
import { PreconditionFailedError, UnavailableError } from '../../src/lake/objectStore.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { objectStoreContract } from '../support/objectStoreContract.ts';
import { requirement } from '../support/requirement.ts';

const python = findPython('ministack');
const describeWithMiniStack = requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON);

describeWithMiniStack('S3Store', () => {
  let miniStack: Emulator | undefined;
  let client: S3Client;

  beforeAll(async () => {
    miniStack = await startMiniStack(python ?? '');
    client = s3ClientOf(miniStack);
  });

  afterAll(async () => {
    client.destroy();
    await miniStack?.stop();
  });

  async function makeBucket(bucket: string): Promise<S3Store> {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return new S3Store({ client, bucket });
  }

  describe('keeps the contract', () => {
    objectStoreContract(async () => ({
      store: await makeBucket('contract'),
      remove: () => Promise.resolve(),
    }));
  });

  test('a multipart upload that fails leaves no parts behind', async () => {
    const store = await makeBucket('uploads');
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 3; part++) {
        yield await Promise.resolve(Buffer.alloc(8 * 1024 * 1024, part));
      }
      throw new Error('the source broke');
    }
    await expect(store.put('x', body())).rejects.toThrow('the source broke');
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'uploads' }));
    expect(Uploads ?? []).toEqual([]);
  });

  test('versions are all versions of a bucket that keeps them, page after page', async () => {
    const store = await makeBucket('versioned');
    await client.send(
      new PutBucketVersioningCommand({
        Bucket: 'versioned',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    for (let count = 0; count < 1_050; count++) await store.put('a', Buffer.from(`${count}`));
    await store.put('b', Buffer.from('b'));
    await store.delete(['b']);
    const found = [];
    for await (const { key, versionId } of store.versions('')) found.push({ key, versionId });
    expect(found.map(({ key }) => key)).toEqual([...Array<string>(1_050).fill('a'), 'b']);
    expect(new Set(found.map(({ versionId }) => versionId)).size).toBe(1_051);
  });

  test('a lake opens in two buckets, once and with one zone', async () => {
    const lake: Lake = {
      raw: await makeBucket('lake-raw'),
      enriched: await makeBucket('lake-enriched'),
      zone: 'America/Sao_Paulo',
    };
    await openLake(lake);
    await openLake(lake);
    await expect(openLake({ ...lake, zone: 'UTC' })).rejects.toThrow(/America\/Sao_Paulo/);
  });

  test('a bucket that does not exist is an error of its own, not a missing object', async () => {
    const store = new S3Store({ client, bucket: 'no-such-bucket' });
    const missing = { name: 'NoSuchBucket' };
    await expect(store.get('a')).rejects.toMatchObject(missing);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject(missing);
    await expect(store.put('a', Buffer.from('x'), { ifMatch: '"x"' })).rejects.toMatchObject(
      missing,
    );
    await expect(store.list('').next()).rejects.toMatchObject(missing);
  });
});

describe('an S3 that fails', () => {
  test('that nobody answers for is Unavailable', async () => {
    const client = s3ClientOf({ endpoint: 'http://127.0.0.1:9' });
    const store = new S3Store({ client, bucket: 'any' });
    await expect(store.get('a')).rejects.toThrow(UnavailableError);
    await expect(store.put('a', Buffer.from('x'))).rejects.toThrow(UnavailableError);
    await expect(store.list('').next()).rejects.toThrow(UnavailableError);
    await expect(store.delete(['a'])).rejects.toThrow(UnavailableError);
    await expect(store.versions('').next()).rejects.toThrow(UnavailableError);
    client.destroy();
  });

  /** A server that answers every request with the same, and counts them. */
  async function answering(
    status: number,
    body: string,
    check: (store: S3Store, requests: () => number) => Promise<void>,
  ): Promise<void> {
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
      request.resume().on('end', () => {
        response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = s3ClientOf({ endpoint: `http://127.0.0.1:${port}` });
    try {
      await check(new S3Store({ client, bucket: 'any' }), () => requests);
    } finally {
      client.destroy();
      server.closeAllConnections();
      server.close();
    }
  }

  const error = (code: string): string =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>told</Message></Error>`;

  test.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
  ])('%s %s is Unavailable', async (status, code) => {
    await answering(status, error(code), async (store) => {
      await expect(store.get('a')).rejects.toThrow(UnavailableError);
      await expect(store.put('a', Buffer.from('x'))).rejects.toThrow(UnavailableError);
    });
  });

  test('no permission stays what it is: trying again does not help', async () => {
    await answering(403, error('AccessDenied'), async (store) => {
      await expect(store.get('a')).rejects.toMatchObject({ name: 'AccessDenied' });
    });
  });

  test('a conflict of conditional writes is tried again; it never says that a key exists', async () => {
    await answering(409, error('ConditionalRequestConflict'), async (store, requests) => {
      const put = store.put('a', Buffer.from('x'), { ifNoneMatch: '*' });
      await expect(put).rejects.toThrow(UnavailableError);
      expect(requests()).toBeGreaterThanOrEqual(5);
      const replace = store.put('a', Buffer.from('x'), { ifMatch: '"1"' });
      await expect(replace).rejects.toThrow(PreconditionFailedError);
      expect(requests()).toBeGreaterThanOrEqual(10);
    });
  });

  test('objects that were not deleted are an error that names one', async () => {
    const body =
      '<?xml version="1.0"?><DeleteResult><Error><Key>b</Key><Code>InternalError</Code><Message>told</Message></Error></DeleteResult>';
    await answering(200, body, async (store) => {
      await expect(store.delete(['a', 'b'])).rejects.toThrow(/1 of 2 objects; "b": InternalError/);
    });
  });

  test('more than a thousand objects are deleted in several requests', async () => {
    const body = '<?xml version="1.0"?><DeleteResult></DeleteResult>';
    await answering(200, body, async (store, requests) => {
      await store.delete(Array.from({ length: 2_001 }, (_, index) => `key ${index}`));
      expect(requests()).toBe(3);
    });
  });
});
