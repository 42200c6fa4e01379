import { createHash } from 'node:crypto';

import {
  NotFoundError,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  PreconditionFailedError,
  type PutOptions,
  type StoredObject,
} from '../../src/lake/objectStore.ts';

/* eslint-disable @typescript-eslint/require-await -- a store's methods are asynchronous */

/** A store in memory, for tests that want many lakes, or a store that misbehaves. */
export class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, { readonly bytes: Buffer; readonly modified: Date }>();
  /** When objects are written, Unix milliseconds. */
  now = Date.UTC(2026, 0, 16, 3);
  /** Keys that were read, in order. */
  readonly reads: string[] = [];
  /** Is called before each write, which waits for it. */
  beforePut: ((key: string) => Promise<void> | void) | undefined;

  #info(key: string): ObjectInfo | undefined {
    const object = this.objects.get(key);
    if (!object) return undefined;
    const etag = createHash('sha1').update(object.bytes).digest('hex');
    return { key, size: object.bytes.length, etag, modified: object.modified };
  }

  async *list(
    prefix: string,
    options: { readonly after?: string } = {},
  ): AsyncGenerator<ObjectInfo> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      const info = this.#info(key);
      if (info && (options.after === undefined || key > options.after)) yield info;
    }
  }

  async get(key: string): Promise<StoredObject> {
    this.reads.push(key);
    const object = this.objects.get(key);
    const info = this.#info(key);
    if (!object || !info) throw new NotFoundError(key);
    async function* stream(bytes: Buffer): AsyncGenerator<Uint8Array> {
      // Small pieces: lines and packed data come cut anywhere.
      for (let start = 0; start < bytes.length; start += 1000) {
        yield bytes.subarray(start, start + 1000);
      }
    }
    return { stream: stream(object.bytes), size: info.size, etag: info.etag };
  }

  async put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<{ readonly etag: string }> {
    if (this.beforePut) await this.beforePut(key);
    options.signal?.throwIfAborted();
    const chunks: Uint8Array[] = [];
    if (body instanceof Uint8Array) chunks.push(body);
    else for await (const chunk of body) chunks.push(chunk);
    const there = this.#info(key);
    if (options.ifNoneMatch !== undefined && there) throw new PreconditionFailedError(key);
    if (options.ifMatch !== undefined && there?.etag !== options.ifMatch) {
      throw new PreconditionFailedError(key);
    }
    this.objects.set(key, { bytes: Buffer.concat(chunks), modified: new Date(this.now) });
    return { etag: this.#info(key)?.etag ?? '' };
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.objects.delete(key);
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    for await (const info of this.list(prefix)) yield { ...info, versionId: null, isLatest: true };
  }

  deleteVersions(versions: readonly Pick<ObjectVersion, 'key'>[]): Promise<void> {
    return this.delete(versions.map(({ key }) => key));
  }

  /** Bytes of an object. */
  bytes(key: string): Buffer {
    const object = this.objects.get(key);
    if (!object) throw new NotFoundError(key);
    return object.bytes;
  }

  /** Keys under a prefix. */
  keys(prefix = ''): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}
