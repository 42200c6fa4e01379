import { contentHash, identity } from '../../src/lake/identity.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import type { ParsedRecord } from '../../src/lake/rawRecords.ts';
import { IdTable } from './idTable.ts';
import type { Phases } from './phases.ts';
import { readAhead } from './readAhead.ts';
import { readRecords } from './readRecords.ts';

const FREE = 0n;

/** The first 8 bytes of a content's hash; never the mark of a free place. */
function shortHash(update: unknown): bigint {
  const hash = Buffer.from(contentHash(update), 'base64url').readBigUInt64LE();
  return hash === FREE ? 1n : hash;
}

/** What is known of an update: its content, when it was first received, whether it has its row. */
class Seen {
  readonly hash: bigint;
  receivedAt: number;
  hasRow = false;

  constructor(hash: bigint, receivedAt: number) {
    this.hash = hash;
    this.receivedAt = receivedAt;
  }
}

/**
 * Which of the updates whose numbers came more than once become rows, where a row of the number has
 * been written before the next one was seen: the whole day is read for them once more, and of each
 * content the one that was received first is remembered (24 bytes for each number).
 */
export class Verdicts {
  readonly #index = new IdTable();
  readonly #hashes: BigUint64Array;
  readonly #receivedAt: Float64Array;
  readonly #hasRow: Uint8Array;
  /** Where one number has several contents: the further ones. */
  readonly #others = new Map<number, Seen[]>();
  /** Identities that the day before holds. */
  readonly #held: ReadonlySet<string>;

  /**
   * @param watched the numbers
   * @param held identities that the day before holds
   */
  constructor(watched: ReadonlySet<number>, held: ReadonlySet<string>) {
    let next = 0;
    for (const id of watched) this.#index.add(id, next++);
    this.#hashes = new BigUint64Array(next);
    this.#receivedAt = new Float64Array(next);
    this.#hasRow = new Uint8Array(next);
    this.#held = held;
  }

  /** Whether a number is watched. */
  has(id: number): boolean {
    return this.#index.has(id);
  }

  /** Learns of all updates of the watched numbers. @throws UnavailableError */
  async learn(
    raw: ObjectStore,
    listing: AsyncIterable<ObjectInfo>,
    options: { readonly phases: Phases; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const taker = {
      record: (record: ParsedRecord) => {
        if (this.has(record.facts.updateId)) this.#learn(record);
      },
      unreadable: () => undefined,
    };
    for await (const { object, body } of readAhead(raw, listing, options)) {
      if (body === null) continue;
      const reading = readRecords(raw, { object, body }, taker, options.phases);
      while (!(await reading.next()).done) options.signal?.throwIfAborted();
    }
  }

  #learn({ update, facts: { updateId }, receivedAt }: ParsedRecord): void {
    const index = this.#index.get(updateId) ?? 0;
    const hash = shortHash(update);
    if (this.#hashes[index] === FREE) {
      this.#hashes[index] = hash;
      this.#receivedAt[index] = receivedAt;
    } else if (this.#hashes[index] === hash) {
      this.#receivedAt[index] = Math.min(this.#receivedAt[index] ?? receivedAt, receivedAt);
    } else {
      const others = this.#others.get(updateId) ?? [];
      const same = others.find((other) => other.hash === hash);
      if (same) same.receivedAt = Math.min(same.receivedAt, receivedAt);
      else this.#others.set(updateId, [...others, new Seen(hash, receivedAt)]);
    }
  }

  /**
   * Whether a record becomes a row; each content does once.
   *
   * @param isOwnDay see `Row.isOwnDay`
   */
  admit(record: ParsedRecord, isOwnDay: boolean): boolean {
    const { update, facts, receivedAt } = record;
    const index = this.#index.get(facts.updateId) ?? 0;
    if (!isOwnDay && this.#held.size > 0) {
      if (this.#held.has(identity(facts.updateId, contentHash(update)))) return false;
    }
    const hash = shortHash(update);
    if (this.#hashes[index] === hash) {
      if (this.#hasRow[index] === 1 || this.#receivedAt[index] !== receivedAt) return false;
      this.#hasRow[index] = 1;
      return true;
    }
    const seen = this.#others.get(facts.updateId)?.find((other) => other.hash === hash);
    // What was not there when the day was read for this is new: the next run takes it.
    if (!seen || seen.hasRow || seen.receivedAt !== receivedAt) return false;
    seen.hasRow = true;
    return true;
  }
}
