import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';

import {
  NotFoundError,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  PreconditionFailedError,
  type PutOptions,
  type StoredObject,
  UnavailableError,
} from './objectStore.ts';

/** Where files are written before they get their name: a dot keeps it out of listings. */
const TEMPORARY = '.tmp';

/** What a killed process left there is removed after this time, in milliseconds. */
const LEFTOVER_AGE = 24 * 60 * 60 * 1000;

/** Files up to this size are read in one go, without a trip through the thread pool. */
const SMALL = 256 * 1024;

/** Bytes of a file that are read before it is asked for its size: nearly all of one message are less. */
const START = 16 * 1024;

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Errors of the file system become `UnavailableError`; all others pass. */
function asStoreError(error: unknown, key: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new UnavailableError(`The folder cannot serve "${key}": ${message}`, { cause: error });
}

/**
 * A key must name a file inside the folder on every system. Names that start with a dot are left
 * to the operating system and to this module.
 */
function checkKey(path: string, key: string): void {
  if (/^[./]|\/[./]|\/$|[\\\0]/.test(path) || path === '') {
    throw new RangeError(
      `"${key}" is no key of a folder: its parts are neither empty nor start with a dot, and hold no backslash.`,
    );
  }
}

/** Size, time in nanoseconds and inode: each write makes a new file, so each write changes it. */
function etagOf(stats: BigIntStats): string {
  return `"${stats.size.toString(16)}-${stats.mtimeNs.toString(16)}-${stats.ino.toString(16)}"`;
}

function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

/** What lies at a path; undefined where nothing does, or a link that leads nowhere or in a circle. */
function statIfThere(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder with its parents, durably. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  // Each new folder is a name in its parent.
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

async function writeBody(
  file: FileHandle,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  if (body instanceof Uint8Array) {
    await file.writeFile(body);
    return;
  }
  for await (const chunk of body) {
    signal?.throwIfAborted();
    await file.writeFile(chunk);
  }
  signal?.throwIfAborted();
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is in memory needs no waiting for
async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* readLarge(file: FileHandle, key: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file.createReadStream({ highWaterMark: SMALL }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw asStoreError(error, key);
  }
}

/** A file or folder of a listing, with what its keys start with. */
interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  /** UTF-8 of the path, with a slash after a folder's: the order of these is the order of keys. */
  readonly bytes: Buffer;
}

/**
 * A folder that behaves like a bucket: a key is the path of a file.
 *
 * A write goes to a temporary file, is synced, gets its name in one step and the folder is synced:
 * an object is there whole or not at all, also after a power cut. `ifNoneMatch` is the exclusive
 * creation of a hard link. `ifMatch` compares and renames in one synchronous step, which nothing in
 * this process can come between; another process could within microseconds, and then the later
 * write stands, as without a condition.
 *
 * ETags are made of size, time and inode, so that a listing reads no file. A copy of the folder has
 * other ETags.
 */
export class FolderStore implements ObjectStore {
  readonly #root: string;
  /** Where the first bytes of a file are read to. */
  readonly #start = Buffer.allocUnsafeSlow(START);
  #temporaryReady: Promise<void> | undefined;
  #writes = 0;

  /** @param root the folder; it is made by the first write */
  constructor(root: string) {
    this.#root = join(root);
  }

  async *list(
    prefix: string,
    options: { readonly after?: string } = {},
  ): AsyncGenerator<ObjectInfo> {
    const slash = prefix.lastIndexOf('/');
    const folder = prefix.slice(0, Math.max(0, slash));
    if (slash !== -1) checkKey(folder, prefix);
    const after = options.after === undefined ? undefined : Buffer.from(options.after);
    yield* this.#walk(folder, prefix, after);
  }

  async *#walk(
    folder: string,
    prefix: string,
    after: Buffer | undefined,
  ): AsyncGenerator<ObjectInfo> {
    for (const { path, isFolder, bytes } of await this.#entries(folder, prefix)) {
      const isPast = after === undefined || Buffer.compare(bytes, after) > 0;
      if (isFolder) {
        const holdsAfter = after?.subarray(0, bytes.length).equals(bytes) ?? false;
        if (isPast || holdsAfter) yield* this.#walk(path, prefix, after);
      } else if (isPast) {
        // Synchronous: a listing of thousands is ten times as fast, and each call takes microseconds.
        const stats = statIfThere(this.#path(path));
        if (stats === undefined) continue;
        yield {
          key: path,
          size: Number(stats.size),
          etag: etagOf(stats),
          // `mtime` is made when it is asked for, in a way that takes as long as the file system.
          modified: new Date(Number(stats.mtimeMs)),
        };
      }
    }
  }

  /** What of a folder may lie under a prefix, in the order of keys. */
  async #entries(folder: string, prefix: string): Promise<Entry[]> {
    let names;
    try {
      names = await readdir(this.#path(folder), { withFileTypes: true });
    } catch (error) {
      if (isMissing(error)) return [];
      throw asStoreError(error, folder);
    }
    const entries: Entry[] = [];
    for (const dirent of names) {
      if (dirent.name.startsWith('.')) continue;
      const path = folder === '' ? dirent.name : `${folder}/${dirent.name}`;
      const isFolder = dirent.isSymbolicLink()
        ? (statIfThere(this.#path(path))?.isDirectory() ?? false)
        : dirent.isDirectory();
      const start = isFolder ? `${path}/` : path;
      if (!start.startsWith(prefix) && !(isFolder && prefix.startsWith(start))) continue;
      entries.push({ path, isFolder, bytes: Buffer.from(start) });
    }
    return entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  }

  async get(key: string): Promise<StoredObject> {
    const path = this.#pathOf(key);
    try {
      return this.#readSmall(path) ?? (await this.#openLarge(path, key));
    } catch (error) {
      if (isMissing(error) || errorCode(error) === 'EISDIR') throw new NotFoundError(key);
      throw asStoreError(error, key);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- synchronous, see #readSmall
  async getSmall(key: string, most: number): Promise<Uint8Array | null> {
    try {
      const file = openSync(this.#pathOf(key), 'r');
      try {
        // What does not fill the memory is whole: nobody needs to ask for the size of such a file.
        const start = readSync(file, this.#start, 0, START, 0);
        if (start < START) return start > most ? null : Buffer.from(this.#start.subarray(0, start));
        const { size } = fstatSync(file);
        if (size > most) return null;
        const bytes = Buffer.allocUnsafe(size);
        return bytes.subarray(0, readSync(file, bytes, 0, size, 0));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (isMissing(error) || errorCode(error) === 'EISDIR') throw new NotFoundError(key);
      throw asStoreError(error, key);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- synchronous, see #readSmall
  async getEnd(
    key: string,
    most: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number; readonly etag: string }> {
    try {
      const file = openSync(this.#pathOf(key), 'r');
      try {
        const stats = fstatSync(file, { bigint: true });
        const size = Number(stats.size);
        const bytes = Buffer.allocUnsafe(Math.min(size, most));
        readSync(file, bytes, 0, bytes.length, size - bytes.length);
        return { bytes, size, etag: etagOf(stats) };
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (isMissing(error) || errorCode(error) === 'EISDIR') throw new NotFoundError(key);
      throw asStoreError(error, key);
    }
  }

  /**
   * Most objects are one message: opening, reading and closing them synchronously takes a fifth of
   * the time that the thread pool would.
   */
  #readSmall(path: string): StoredObject | null {
    const file = openSync(path, 'r');
    try {
      const stats = fstatSync(file, { bigint: true });
      const size = Number(stats.size);
      if (size > SMALL) return null;
      const bytes = Buffer.allocUnsafe(size);
      const read = readSync(file, bytes, 0, size, 0);
      const body = bytes.subarray(0, read);
      return { stream: inOnePiece(body), size: read, etag: etagOf(stats) };
    } finally {
      closeSync(file);
    }
  }

  async #openLarge(path: string, key: string): Promise<StoredObject> {
    const file = await open(path, 'r');
    const stats = await file.stat({ bigint: true });
    return { stream: readLarge(file, key), size: Number(stats.size), etag: etagOf(stats) };
  }

  async put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<{ readonly etag: string }> {
    const path = this.#pathOf(key);
    const temporary = join(this.#root, TEMPORARY, randomUUID());
    try {
      await this.#prepareTemporary();
      const etag = await this.#writeTemporary(temporary, body, options.signal);
      await this.#nameIt(temporary, path, key, options);
      await syncFolder(dirname(path));
      return { etag };
    } catch (error) {
      // Somebody may have removed the folder while the program runs: the next write makes it again.
      if (isMissing(error)) this.#temporaryReady = undefined;
      throw asStoreError(error, key);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /**
   * Now, in seconds, with microseconds that count writes: the file system's own clock may stand
   * still for milliseconds, time enough for two writes of one size and a reused inode.
   */
  #uniqueTime(): number {
    this.#writes = (this.#writes + 1) % 1000;
    return Date.now() / 1000 + this.#writes / 1_000_000;
  }

  async #writeTemporary(
    temporary: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const file = await open(temporary, 'wx');
    try {
      await writeBody(file, body, signal);
      const time = this.#uniqueTime();
      await file.utimes(time, time);
      await file.sync();
      return etagOf(await file.stat({ bigint: true }));
    } finally {
      await file.close();
    }
  }

  /** Gives a written file its name, if the conditions hold. */
  async #nameIt(temporary: string, path: string, key: string, options: PutOptions): Promise<void> {
    try {
      await this.#nameItOnce(temporary, path, key, options);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      await makeFolder(dirname(path));
      await this.#nameItOnce(temporary, path, key, options);
    }
  }

  async #nameItOnce(
    temporary: string,
    path: string,
    key: string,
    { ifNoneMatch, ifMatch }: PutOptions,
  ): Promise<void> {
    if (ifNoneMatch !== undefined) {
      await link(temporary, path).catch((error: unknown) => {
        throw errorCode(error) === 'EEXIST' ? new PreconditionFailedError(key) : error;
      });
    } else if (ifMatch === undefined) {
      await rename(temporary, path);
    } else {
      const stats = statIfThere(path);
      if (stats === undefined || etagOf(stats) !== ifMatch) throw new PreconditionFailedError(key);
      renameSync(temporary, path);
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    for (const key of keys) {
      const path = this.#pathOf(key);
      try {
        await unlink(path);
        folders.add(dirname(path));
      } catch (error) {
        if (!isMissing(error)) throw asStoreError(error, key);
      }
    }
    for (const folder of folders) await syncFolder(folder);
  }

  async *versions(prefix: string): AsyncGenerator<ObjectVersion> {
    for await (const object of this.list(prefix)) {
      yield { ...object, versionId: null, isLatest: true };
    }
  }

  deleteVersions(versions: readonly Pick<ObjectVersion, 'key'>[]): Promise<void> {
    return this.delete(versions.map(({ key }) => key));
  }

  /** Makes the folder of temporary files, once, and removes what killed processes left in it. */
  #prepareTemporary(): Promise<void> {
    this.#temporaryReady ??= this.#cleanTemporary().catch((error: unknown) => {
      this.#temporaryReady = undefined;
      throw error;
    });
    return this.#temporaryReady;
  }

  async #cleanTemporary(): Promise<void> {
    const folder = join(this.#root, TEMPORARY);
    await makeFolder(folder);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const stats = statIfThere(path);
      if (stats && Number(stats.mtimeMs) < Date.now() - LEFTOVER_AGE)
        await rm(path, { force: true });
    }
  }

  /** Keys are paths already: `join` would take them apart, for each of thousands. */
  #path(key: string): string {
    return `${this.#root}/${key}`;
  }

  /** @throws RangeError when the key names no file of the folder */
  #pathOf(key: string): string {
    checkKey(key, key);
    return this.#path(key);
  }
}
