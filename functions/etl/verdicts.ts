import { contentHash, identity } from '../../src/lake/identity.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import type { ParsedRecord } from '../../src/lake/rawRecords.ts';
import type { EarlierDay } from './earlierDay.ts';
import { IdTable } from './idTable.ts';
import { mayHold } from './listing.ts';
import type { Phases } from './phases.ts';
import { readAhead } from './readAhead.ts';
import { readRecords } from './readRecords.ts';

const FREE = 0n;

/** The first 8 bytes of a content's hash; never the mark of a free place. */
function shortHash(update: unknown): bigint {
  const hash = Buffer.from(contentHash(update), 'base64url').readBigUInt64LE();
  return hash === FREE ? 1n : hash;
}

/** What is known of an update: its content, when it was first received, whether that is settled. */
class Seen {
  readonly hash: bigint;
  receivedAt: number;
  /** It has its row, or the day before holds it. */
  isSettled = false;

  constructor(hash: bigint, receivedAt: number) {
    this.hash = hash;
    this.receivedAt = receivedAt;
  }
}

/**
 * Which of the updates whose numbers came more than once become rows, where a row of the number has
 * been given out before the next one was seen: the objects of the day that may hold one are read once
 * more, and of each content the one that was received first is remembered (24 bytes for each number).
 */
export class Verdicts {
  readonly #index = new IdTable();
  readonly #sortedIds: Float64Array;
  readonly #hashes: BigUint64Array;
  readonly #receivedAt: Float64Array;
  readonly #isSettled: Uint8Array;
  /** Where one number has several contents: the further ones. */
  readonly #others = new Map<number, Seen[]>();
  readonly #earlier: EarlierDay | undefined;
  /** An update came that was not there when the day was read for this. */
  #hasNew = false;

  /**
   * @param watched the numbers
   * @param earlier what the day before holds; undefined when it had not to be asked
   */
  constructor(watched: ReadonlySet<number>, earlier: EarlierDay | undefined) {
    this.#sortedIds = Float64Array.from(watched).sort();
    this.#sortedIds.forEach((id, index) => this.#index.add(id, index));
    this.#hashes = new BigUint64Array(watched.size);
    this.#receivedAt = new Float64Array(watched.size);
    this.#isSettled = new Uint8Array(watched.size);
    this.#earlier = earlier;
  }

  /** Whether a number is watched. */
  has(id: number): boolean {
    return this.#index.has(id);
  }

  /**
   * Learns of all updates of the watched numbers.
   *
   * @param options.byName leaves out the objects whose names tell that they hold none
   * @throws UnavailableError
   */
  async learn(
    raw: ObjectStore,
    listing: AsyncIterable<ObjectInfo>,
    options: {
      readonly byName: boolean;
      readonly phases: Phases;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<void> {
    const sortedIds = this.#sortedIds;
    async function* candidates(): AsyncGenerator<ObjectInfo> {
      for await (const object of listing) {
        if (!options.byName || mayHold(object, sortedIds)) yield object;
      }
    }
    const taker = {
      record: (record: ParsedRecord) => {
        if (this.has(record.facts.updateId)) this.#learn(record);
      },
      unreadable: () => undefined,
    };
    for await (const { object, body } of readAhead(raw, candidates(), options)) {
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
  admit({ update, facts: { updateId }, receivedAt }: ParsedRecord, isOwnDay: boolean): boolean {
    const index = this.#index.get(updateId) ?? 0;
    const hash = shortHash(update);
    const isFirst = this.#hashes[index] === hash;
    const other = isFirst ? null : this.#others.get(updateId)?.find((seen) => seen.hash === hash);
    const first = isFirst ? this.#receivedAt[index] : other?.receivedAt;
    if (first === undefined || receivedAt < first) {
      this.#hasNew = true;
      return false;
    }
    if (other ? other.isSettled : this.#isSettled[index] === 1) return false;
    const isHeld =
      !isOwnDay && this.#earlier?.held.has(identity(updateId, contentHash(update))) === true;
    if (!isHeld && receivedAt > first) return false;
    if (other) other.isSettled = true;
    else this.#isSettled[index] = 1;
    return !isHeld;
  }

  /**
   * Whether all that was learnt still held when the day was read: each content has its row, or lies in
   * the day before, which has not changed.
   *
   * @param earlier what the day before holds by now
   */
  areSettled(earlier: EarlierDay | undefined): boolean {
    return (
      !this.#hasNew &&
      earlier?.listing === this.#earlier?.listing &&
      this.#isSettled.every((settled, index) => settled === 1 || this.#hashes[index] === FREE) &&
      [...this.#others.values()].every((others) => others.every(({ isSettled }) => isSettled))
    );
  }
}
