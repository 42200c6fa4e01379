/** What a listing tells of an object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Opaque; changes with the content. */
  readonly etag: string;
  readonly modified: Date;
}

/** One version of an object. */
export interface ObjectVersion extends ObjectInfo {
  /** null in a store that keeps no versions. */
  readonly versionId: string | null;
  /** Whether it is what the key reads as now; false also where the object was deleted. */
  readonly isLatest: boolean;
}

/** An object that is being read: its stream is to be read to the end, or broken off. */
export interface StoredObject {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** Conditions and cancellation of a write. */
export interface PutOptions {
  /** `*`: only if there is no such object yet. */
  readonly ifNoneMatch?: '*';
  /** Only if the object still has this ETag. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

/** A bucket, or a folder that behaves like one. */
export interface ObjectStore {
  /**
   * Objects under a prefix in the order of their keys' UTF-8 bytes, however many there are.
   *
   * @param options.after only keys greater than this one
   */
  list(prefix: string, options?: { readonly after?: string }): AsyncIterable<ObjectInfo>;
  /**
   * Reads an object.
   *
   * @param versionId a version that `versions` told of; without it, what is there now
   * @throws NotFoundError
   */
  get(key: string, versionId?: string | null): Promise<StoredObject>;
  /**
   * Reads a small object whole, for less than `get` costs. A store that has no such way leaves it out.
   *
   * @param most bytes that are wanted at most
   * @returns null when it has more
   * @throws NotFoundError
   */
  getSmall?(key: string, most: number): Promise<Uint8Array | null>;
  /**
   * Reads the last bytes of an object. A store that can only read from the beginning leaves it out.
   *
   * @param most bytes that are wanted at most
   * @returns them, with the size of the whole object
   * @throws NotFoundError
   */
  getEnd?(
    key: string,
    most: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number; readonly etag: string }>;
  /**
   * Writes the whole object or nothing.
   *
   * @returns the new ETag
   * @throws PreconditionFailedError when a condition does not hold
   */
  put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<{ readonly etag: string }>;
  /**
   * Writes a copy of an object without its bytes passing here. A store that has no such way leaves it
   * out, see `copyObject`.
   *
   * @throws NotFoundError
   */
  copy?(from: string, to: string): Promise<void>;
  /** Deletes what is there of these; a missing key is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Every version of every object under a prefix, in the order of keys; of one key, the latest first
   * (a store without versions has one of each).
   */
  versions(prefix: string): AsyncIterable<ObjectVersion>;
  /**
   * Deletes versions for good: no store can bring them back. What is the latest now must be deleted
   * by `delete` first, or else the version before it would come back in its place. A version that is
   * gone is no error.
   */
  deleteVersions(versions: readonly Pick<ObjectVersion, 'key' | 'versionId'>[]): Promise<void>;
}

/** There is no object under this key. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly key: string;

  constructor(key: string) {
    super(`There is no object "${key}".`);
    this.key = key;
  }
}

/** A conditional write found another state than it expected. */
export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError';
  readonly key: string;

  constructor(key: string) {
    super(`"${key}" is not in the state that the write expected.`);
    this.key = key;
  }
}

/** The store did not answer or refused to work; trying again may help. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** All bytes of a stream. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/**
 * Reads an object whole.
 *
 * @param versionId see `ObjectStore.get`
 * @throws NotFoundError
 */
export async function readBytes(
  store: ObjectStore,
  key: string,
  versionId?: string | null,
): Promise<Uint8Array> {
  const { stream } = await store.get(key, versionId);
  return readAll(stream);
}

/** Reads an object whole, as UTF-8. @throws NotFoundError */
export async function readText(store: ObjectStore, key: string): Promise<string> {
  return Buffer.from(await readBytes(store, key)).toString('utf8');
}

/** Writes a copy of an object, in whichever way the store has. @throws NotFoundError */
export async function copyObject(store: ObjectStore, from: string, to: string): Promise<void> {
  if (store.copy) return store.copy(from, to);
  const { stream } = await store.get(from);
  await store.put(to, stream);
}
