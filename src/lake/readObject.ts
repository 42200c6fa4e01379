import type { ObjectInfo, ObjectStore } from './objectStore.ts';
import {
  type ParsedRecord,
  type RawLine,
  UnreadableError,
  isNdjson,
  parseRecord,
  readRawObject,
} from './rawRecords.ts';

/** What cannot be read: a line, or a whole object when `line` is null. */
interface Unreadable {
  readonly line: number | null;
  readonly reason: string;
  readonly body: Uint8Array;
}

/** One record of an object: what was taken from it, or why nothing could be. */
export type Reading<T> = { readonly taken: T } | { readonly unreadable: Unreadable };

/** Of a broken object this much is kept beside the reason; the object itself stays where it is. */
const BODY_LIMIT = 1024 * 1024;

/** The first bytes of an object. */
async function head(store: ObjectStore, key: string): Promise<Uint8Array> {
  const { stream } = await store.get(key);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT);
}

function reasonOf(error: unknown): string {
  return error instanceof UnreadableError ? error.reason : String(error);
}

/**
 * Reads every record of a raw object. One that cannot be read, for whatever reason, is given out as
 * such and does not stop the others.
 *
 * @param take what is wanted of a record; what it throws makes the record unreadable
 * @throws NotFoundError, UnavailableError
 */
export async function* readObject<T>(
  store: ObjectStore,
  object: ObjectInfo,
  take: (record: ParsedRecord, line: RawLine) => T,
): AsyncGenerator<Reading<T>> {
  const { key } = object;
  try {
    for await (const line of readRawObject(store, key)) {
      let reading: Reading<T>;
      try {
        reading = { taken: take(parseRecord(line, object), line) };
      } catch (error) {
        reading = {
          unreadable: {
            line: isNdjson(key) ? line.line : null,
            reason: reasonOf(error),
            body: line.bytes.subarray(0, BODY_LIMIT),
          },
        };
      }
      yield reading;
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    yield { unreadable: { line: null, reason: error.reason, body: await head(store, key) } };
  }
}
