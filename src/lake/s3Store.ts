import type { Agent } from 'node:https';
import type { Readable } from 'node:stream';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';

import {
  NotFoundError,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  PreconditionFailedError,
  type PutOptions,
  type StoredObject,
  UnavailableError,
  readAll,
} from './objectStore.ts';
import { S3Get } from './s3Get.ts';

/** Bytes of a part of a multipart upload; S3 wants 5 MiB or more, and takes 10,000 parts. */
const PART_SIZE = 8 * 1024 * 1024;

/** Keys that one request deletes at most. */
const DELETE_BATCH = 1000;

/** What S3 answers who asks for a part that is not there. */
const RANGE_NOT_SATISFIABLE = 416;

/** Tries of a conditional write that met another one to the same key (409). */
const CONFLICT_TRIES = 5;

/** `abortSignal` for a request, where there is a signal. */
function cancel(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

/** The conditions of a write as S3 calls them. */
function conditions({ ifNoneMatch, ifMatch }: PutOptions): {
  IfNoneMatch?: string;
  IfMatch?: string;
} {
  return {
    ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
  };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Whole parts of a body, the last one shorter; none at all for an empty body. */
async function* inParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < PART_SIZE) continue;
    const bytes = Buffer.concat(chunks);
    let start = 0;
    for (; bytes.length - start >= PART_SIZE; start += PART_SIZE) {
      yield bytes.subarray(start, start + PART_SIZE);
    }
    chunks = [bytes.subarray(start)];
    size = bytes.length - start;
  }
  if (size > 0) yield Buffer.concat(chunks);
}

/** The items of a source; each next one is asked for before the one in hand is given out. */
async function* withNextAsked<T>(source: AsyncIterator<T, void>): AsyncGenerator<T> {
  let asked = source.next();
  for (;;) {
    const item = await asked;
    if (item.done) return;
    asked = source.next();
    // Whoever asks for it learns of its failure; if nobody does, it must not end the process.
    asked.catch(() => undefined);
    yield item.value;
  }
}

async function* prepend<T>(items: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
  yield* rest;
}

/**
 * Failures of the network and of S3 itself: those that trying again may mend. What went wrong on the
 * way there carries the SDK's count of tries; on the way back, the code of a system error.
 */
function isTemporary(error: unknown): boolean {
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 500;
    return status >= 500 || status === 429 || status === 409 || error.$retryable !== undefined;
  }
  const { name, code, $metadata } = error as NodeJS.ErrnoException & {
    readonly $metadata?: unknown;
  };
  return name !== 'AbortError' && ($metadata !== undefined || typeof code === 'string');
}

/** An S3 bucket. The client decides region, endpoint, credentials, timeouts and retries. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #lean: S3Get;

  /** @param from.agent connections for reading small objects, where the client has other than Node's */
  constructor(from: {
    readonly client: S3Client;
    readonly bucket: string;
    readonly agent?: Agent;
  }) {
    this.#client = from.client;
    this.#bucket = from.bucket;
    this.#lean = new S3Get(from);
  }

  async *list(
    prefix: string,
    options: { readonly after?: string } = {},
  ): AsyncGenerator<ObjectInfo> {
    const pages = paginateListObjectsV2(
      { client: this.#client },
      {
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(options.after !== undefined && { StartAfter: options.after }),
      },
    );
    try {
      for await (const page of withNextAsked(pages)) {
        for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
          if (Key === undefined || ETag === undefined || LastModified === undefined) continue;
          yield { key: Key, size: Size ?? 0, etag: ETag, modified: LastModified };
        }
      }
    } catch (error) {
      throw this.#asStoreError(error, prefix);
    }
  }

  async get(key: string, versionId?: string | null): Promise<StoredObject> {
    try {
      const { Body, ContentLength, ETag } = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          ...(typeof versionId === 'string' && { VersionId: versionId }),
        }),
      );
      if (Body === undefined || ETag === undefined) {
        throw new UnavailableError(`S3 sent no body for "${key}".`);
      }
      const stream = Body as Readable;
      // Whoever reads the stream learns of its errors; one that nobody reads must not end the process.
      stream.on('error', () => undefined);
      return {
        stream: this.#read(stream, key, ContentLength),
        size: ContentLength ?? 0,
        etag: ETag,
      };
    } catch (error) {
      throw this.#asStoreError(error, key);
    }
  }

  async getSmall(key: string, most: number): Promise<Uint8Array | null> {
    let got;
    try {
      got = await this.#lean.get(key, most);
    } catch (error) {
      throw this.#unavailable(error, key);
    }
    if (got === 'missing') throw new NotFoundError(key);
    if (got !== 'left') return got.body;
    const { stream, size } = await this.get(key);
    if (size <= most) return readAll(stream);
    // Broken off, so that it does not hold its connection.
    const reading = stream[Symbol.asyncIterator]();
    await reading.next();
    await reading.return?.();
    return null;
  }

  async getEnd(
    key: string,
    most: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number; readonly etag: string }> {
    try {
      const { Body, ContentRange, ContentLength, ETag } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key, Range: `bytes=-${most}` }),
      );
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      // `bytes 100-199/200`; what is not a part has none.
      const size = Number(ContentRange?.split('/')[1] ?? ContentLength ?? bytes.length);
      return { bytes, size, etag: this.#etag(ETag, key) };
    } catch (error) {
      if (statusOf(error) !== RANGE_NOT_SATISFIABLE) throw this.#asStoreError(error, key);
      // It is empty, and has no last byte.
      const { etag } = await this.get(key);
      return { bytes: new Uint8Array(), size: 0, etag };
    }
  }

  /** A connection that breaks in the middle of a body, or ends before it, is the store's failure, too. */
  async *#read(
    stream: AsyncIterable<Uint8Array>,
    key: string,
    size: number | undefined,
  ): AsyncGenerator<Uint8Array> {
    let read = 0;
    try {
      for await (const chunk of stream) {
        read += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw this.#asStoreError(error, key);
    }
    if (size !== undefined && read !== size) {
      throw new UnavailableError(`S3 sent ${read} of ${size} bytes of "${key}".`);
    }
  }

  async put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<{ readonly etag: string }> {
    try {
      if (body instanceof Uint8Array) return await this.#putWhole(key, body, options);
      const parts = inParts(body);
      const first = await parts.next();
      const second = first.done ? first : await parts.next();
      if (second.done) {
        return await this.#putWhole(key, first.done ? new Uint8Array() : first.value, options);
      }
      return await this.#putParts(key, prepend([first.value, second.value], parts), options);
    } catch (error) {
      const { ifMatch } = options;
      const isGone = ifMatch !== undefined && statusOf(error) === 404;
      // Another write to the key goes on: it is not what was seen any more. Whether a key that was to be
      // new exists by then, nobody knows.
      const isBeaten = ifMatch !== undefined && statusOf(error) === 409;
      if ((isGone && !this.#isBucketMissing(error)) || isBeaten) {
        throw new PreconditionFailedError(key);
      }
      throw this.#asStoreError(error, key);
    }
  }

  async #putWhole(
    key: string,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<{ readonly etag: string }> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: body,
      ...conditions(options),
    });
    for (let tries = 1; ; tries++) {
      try {
        const { ETag } = await this.#client.send(command, cancel(options.signal));
        return { etag: this.#etag(ETag, key) };
      } catch (error) {
        // Two conditional writes at once: S3 answers 409 to one, and asks to try again.
        if (statusOf(error) !== 409 || tries === CONFLICT_TRIES) throw error;
      }
    }
  }

  /** A multipart upload; what was uploaded is thrown away when it fails. */
  async #putParts(
    key: string,
    parts: AsyncIterable<Uint8Array>,
    options: PutOptions,
  ): Promise<{ readonly etag: string }> {
    const target = { Bucket: this.#bucket, Key: key };
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand(target),
      cancel(options.signal),
    );
    const upload = { ...target, UploadId };
    // One part is on its way while the next is made.
    let sending = Promise.resolve();
    try {
      const completed: CompletedPart[] = [];
      const send = async (part: Uint8Array, number: number): Promise<void> => {
        const { ETag } = await this.#client.send(
          new UploadPartCommand({ ...upload, PartNumber: number, Body: part }),
          cancel(options.signal),
        );
        completed.push({ PartNumber: number, ETag });
      };
      let number = 0;
      for await (const part of parts) {
        options.signal?.throwIfAborted();
        await sending;
        sending = send(part, ++number);
        sending.catch(() => undefined);
      }
      await sending;
      const { ETag } = await this.#client.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: completed },
          ...conditions(options),
        }),
        cancel(options.signal),
      );
      return { etag: this.#etag(ETag, key) };
    } catch (error) {
      await sending.catch(() => undefined);
      // The error that ended the upload matters more than one of cleaning up after it; the bucket's
      // lifecycle removes what stays.
      await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  async copy(from: string, to: string): Promise<void> {
    const source = [this.#bucket, ...from.split('/')].map(encodeURIComponent).join('/');
    try {
      await this.#client.send(
        new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource: source }),
      );
    } catch (error) {
      throw this.#asStoreError(error, from);
    }
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#deleteAll(keys.map((Key) => ({ Key })));
  }

  deleteVersions(versions: readonly Pick<ObjectVersion, 'key' | 'versionId'>[]): Promise<void> {
    return this.#deleteAll(
      versions.map(({ key: Key, versionId }) => ({
        Key,
        ...(versionId !== null && { VersionId: versionId }),
      })),
    );
  }

  async #deleteAll(objects: readonly ObjectIdentifier[]): Promise<void> {
    for (let start = 0; start < objects.length; start += DELETE_BATCH) {
      const batch = objects.slice(start, start + DELETE_BATCH);
      try {
        const { Errors } = await this.#client.send(
          new DeleteObjectsCommand({
            Bucket: this.#bucket,
            Delete: { Objects: batch, Quiet: true },
          }),
        );
        const [first] = Errors ?? [];
        if (first) {
          throw new UnavailableError(
            `S3 did not delete ${Errors?.length ?? 0} of ${batch.length} objects; "${first.Key ?? ''}": ${first.Code ?? ''} ${first.Message ?? ''}`,
          );
        }
      } catch (error) {
        throw this.#asStoreError(error, batch[0]?.Key ?? '');
      }
    }
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker) {
      const page = await this.#versionsPage(prefix, marker);
      for (const version of page.Versions ?? []) {
        const { Key, Size, ETag, LastModified, VersionId, IsLatest } = version;
        if (Key === undefined || ETag === undefined || LastModified === undefined) continue;
        const object = { key: Key, size: Size ?? 0, etag: ETag, modified: LastModified };
        // What was written while the bucket kept no versions has the id "null", by which S3 knows it.
        yield { ...object, versionId: VersionId ?? null, isLatest: IsLatest === true };
      }
      marker = page.IsTruncated
        ? {
            ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
            ...(page.NextVersionIdMarker !== undefined && {
              VersionIdMarker: page.NextVersionIdMarker,
            }),
          }
        : undefined;
    }
  }

  async #versionsPage(
    prefix: string,
    marker: { KeyMarker?: string; VersionIdMarker?: string },
  ): Promise<ListObjectVersionsCommandOutput> {
    try {
      return await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, ...marker }),
      );
    } catch (error) {
      throw this.#asStoreError(error, prefix);
    }
  }

  #etag(etag: string | undefined, key: string): string {
    if (etag === undefined) throw new UnavailableError(`S3 sent no ETag for "${key}".`);
    return etag;
  }

  #isBucketMissing(error: unknown): boolean {
    return error instanceof S3ServiceException && error.name === 'NoSuchBucket';
  }

  /** S3's error as one of the contract's; others (no permission, no such bucket) stay themselves. */
  #asStoreError(error: unknown, key: string): unknown {
    if (statusOf(error) === 404 && !this.#isBucketMissing(error)) return new NotFoundError(key);
    if (statusOf(error) === 412) return new PreconditionFailedError(key);
    return isTemporary(error) ? this.#unavailable(error, key) : error;
  }

  #unavailable(error: unknown, key: string): UnavailableError {
    return new UnavailableError(
      `S3 did not serve "${key}" of ${this.#bucket}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
