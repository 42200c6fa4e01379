import { LONGEST_RECORD, LineReader } from '../../src/lake/lineReader.ts';
import { NotFoundError, type ObjectInfo, type ObjectStore } from '../../src/lake/objectStore.ts';
import {
  type ParsedRecord,
  UnreadableError,
  decode,
  gunzip,
  isNdjson,
  isZlibError,
  parseRecord,
} from '../../src/lake/rawRecords.ts';
import type { Phases } from './phases.ts';
import type { OpenObject } from './readAhead.ts';

/** What cannot be read: a line, or a whole object when `line` is null. */
export interface Unreadable {
  readonly object: ObjectInfo;
  readonly line: number | null;
  /** Of the update that it is, where so much can be read. */
  readonly updateId: number | null;
  readonly reason: string;
  readonly body: Uint8Array;
}

/** Takes records as they are read; both are called while the object is being read. */
export interface RecordTaker {
  /**
   * What it throws makes the record unreadable.
   *
   * @param bytes as it lay there; nobody writes to them
   */
  readonly record: (record: ParsedRecord, bytes: Uint8Array, object: ObjectInfo) => void;
  readonly unreadable: (unreadable: Unreadable) => void;
}

/** Of what is broken, this much is kept beside the reason; the object itself stays where it is. */
const SHOWN = 1024 * 1024;

const TOO_LONG = `it is longer than ${LONGEST_RECORD / 1024 / 1024} MiB, which no update is`;

/** The first bytes of an object. */
async function headOf(store: ObjectStore, { object, body }: OpenObject): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body.subarray(0, SHOWN);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const { stream } = await store.get(object.key);
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= SHOWN) break;
    }
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  return Buffer.concat(chunks).subarray(0, SHOWN);
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Reads one record, or says why it is none. */
function take(
  taker: RecordTaker,
  object: ObjectInfo,
  line: number | null,
  bytes: Uint8Array,
): void {
  let updateId: number | null = null;
  try {
    const record = parseRecord({ bytes, json: decode(bytes) }, object);
    updateId = record.facts.updateId;
    taker.record(record, bytes, object);
  } catch (error) {
    const reason = error instanceof UnreadableError ? error.reason : String(error);
    // A copy: of a large buffer, little else may be needed.
    const body = Buffer.from(bytes.subarray(0, SHOWN));
    taker.unreadable({ object, line, updateId, reason, body });
  }
}

/** Whether bytes are white space only, as `String.trim` sees it. */
function isBlank(bytes: Uint8Array): boolean {
  // What starts with a brace is what nearly all do.
  return bytes[0] !== 0x7b && decode(bytes).trim() === '';
}

/**
 * Reads the records of an opened object: one for each line of `.ndjson`, one for any other object. The
 * generator pauses now and then, so that whoever takes the records can put them away.
 *
 * @throws UnavailableError
 */
export async function* readRecords(
  store: ObjectStore,
  opened: OpenObject & { readonly body: AsyncIterable<Uint8Array> | Uint8Array },
  taker: RecordTaker,
  phases: Phases,
): AsyncGenerator<void> {
  const { object, body } = opened;
  const isPacked = object.key.endsWith('.gz');
  const found = { any: false };
  let damage: UnreadableError | undefined;

  let piece: (chunk: Uint8Array) => void;
  let end: () => void;
  if (isNdjson(object.key)) {
    const reader = new LineReader({
      line: (bytes, line) => {
        if (isBlank(bytes)) return;
        found.any = true;
        take(taker, object, line, bytes);
      },
      tooLong: (head, line) => {
        found.any = true;
        taker.unreadable({
          ...{ object, line, updateId: null, reason: TOO_LONG },
          body: Buffer.from(head),
        });
      },
    });
    piece = (chunk) => {
      reader.push(chunk);
    };
    end = () => {
      reader.end();
    };
  } else {
    const chunks: Uint8Array[] = [];
    let size = 0;
    piece = (chunk) => {
      size += chunk.length;
      if (size > LONGEST_RECORD) throw new UnreadableError(TOO_LONG);
      chunks.push(chunk);
    };
    end = () => {
      const [only] = chunks;
      const bytes = chunks.length === 1 && only ? only : Buffer.concat(chunks);
      if (isBlank(bytes)) return;
      found.any = true;
      take(taker, object, null, bytes);
    };
  }

  let start = performance.now();
  try {
    if (body instanceof Uint8Array && !isPacked) piece(body);
    else {
      const stream = body instanceof Uint8Array ? inOnePiece(body) : body;
      for await (const chunk of isPacked ? gunzip(stream) : stream) {
        start = phases.add('get', start);
        piece(chunk);
        phases.add('parse', start);
        yield;
        start = performance.now();
      }
    }
    end();
  } catch (error) {
    if (error instanceof UnreadableError) damage = error;
    else if (isZlibError(error)) {
      const reason = `it cannot be unpacked (${error.message})`;
      damage = new UnreadableError(reason, { cause: error });
    } else throw error;
  }
  phases.add('parse', start);
  if (!damage && !found.any) damage = new UnreadableError('it is empty');
  if (damage) {
    const { reason } = damage;
    const body = await headOf(store, opened);
    taker.unreadable({ object, line: null, updateId: null, reason, body });
  }
}
