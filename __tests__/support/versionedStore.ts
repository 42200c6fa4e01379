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

interface Version {
  readonly versionId: string;
  /** null: a mark that the object was deleted. */
  readonly bytes: Buffer | null;
}

/** A store in memory that keeps versions as S3 does. */
export class VersionedStore implements ObjectStore {
  /** Newest first. */
  readonly #versions = new Map<string, Version[]>();
  #writes = 0;
  /** Is called before each write and deletion; what it throws is thrown. */
  beforeWrite: ((key: string) => void) | undefined;

  #info(key: string, { versionId, bytes }: Version): ObjectInfo {
    const etag = `${versionId}-${createHash('sha1')
      .update(bytes ?? '')
      .digest('hex')}`;
    return { key, size: bytes?.length ?? 0, etag, modified: new Date(Date.UTC(2026, 0, 16, 3)) };
  }

  #latest(key: string): Version | null {
    const [version] = this.#versions.get(key) ?? [];
    return version && version.bytes !== null ? version : null;
  }

  #sorted(prefix: string): string[] {
    return [...this.#versions.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  #add(key: string, bytes: Buffer | null): Version {
    this.#writes++;
    const version = { versionId: `v${this.#writes}`, bytes };
    this.#versions.set(key, [version, ...(this.#versions.get(key) ?? [])]);
    return version;
  }

  async *list(
    prefix: string,
    options: { readonly after?: string } = {},
  ): AsyncGenerator<ObjectInfo> {
    for (const key of this.#sorted(prefix)) {
      const version = this.#latest(key);
      if (version && (options.after === undefined || key > options.after)) {
        yield this.#info(key, version);
      }
    }
  }

  async get(key: string, versionId?: string | null): Promise<StoredObject> {
    const version =
      typeof versionId === 'string'
        ? this.#versions.get(key)?.find((each) => each.versionId === versionId)
        : this.#latest(key);
    const bytes = version?.bytes;
    if (!version || !bytes) throw new NotFoundError(key);
    async function* stream(body: Buffer): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < body.length; start += 1000) {
        yield body.subarray(start, start + 1000);
      }
    }
    const { size, etag } = this.#info(key, version);
    return { stream: stream(bytes), size, etag };
  }

  async put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<{ readonly etag: string }> {
    this.beforeWrite?.(key);
    const chunks: Uint8Array[] = [];
    if (body instanceof Uint8Array) chunks.push(body);
    else for await (const chunk of body) chunks.push(chunk);
    const there = this.#latest(key);
    const isMet =
      options.ifMatch === undefined ||
      (there !== null && this.#info(key, there).etag === options.ifMatch);
    if ((options.ifNoneMatch !== undefined && there !== null) || !isMet) {
      throw new PreconditionFailedError(key);
    }
    return { etag: this.#info(key, this.#add(key, Buffer.concat(chunks))).etag };
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.beforeWrite?.(key);
      if (this.#latest(key)) this.#add(key, null);
    }
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    for (const key of this.#sorted(prefix)) {
      for (const [index, version] of [...(this.#versions.get(key) ?? [])].entries()) {
        if (version.bytes === null) continue;
        yield {
          ...this.#info(key, version),
          versionId: version.versionId,
          isLatest: index === 0,
        };
      }
    }
  }

  async deleteVersions(
    versions: readonly Pick<ObjectVersion, 'key' | 'versionId'>[],
  ): Promise<void> {
    for (const { key, versionId } of versions) {
      this.beforeWrite?.(key);
      const left = (this.#versions.get(key) ?? []).filter((each) => each.versionId !== versionId);
      this.#versions.set(key, left);
    }
  }

  /** Bytes of every version of every object, by key. */
  everything(): { readonly key: string; readonly bytes: Buffer }[] {
    return [...this.#versions].flatMap(([key, versions]) =>
      versions.flatMap(({ bytes }) => (bytes === null ? [] : [{ key, bytes }])),
    );
  }
}
