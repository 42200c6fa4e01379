import type { Day } from '../../src/lake/days.ts';
import { contentHash, identity } from '../../src/lake/identity.ts';
import type { ObjectInfo, ObjectStore } from '../../src/lake/objectStore.ts';
import type { RowValues } from '../../src/lake/parquet.ts';
import { type ParsedRecord, decode, parseRecord } from '../../src/lake/rawRecords.ts';
import { writeRejected } from '../../src/lake/rejected.ts';
import { type EarlierDay, idOf, readEarlier } from './earlierDay.ts';
import type { DaySource } from './daySource.ts';
import { IdTable, NumberList } from './idTable.ts';
import { ListingHash } from './listing.ts';
import type { PhaseTimes, Phases } from './phases.ts';
import { readAhead } from './readAhead.ts';
import { type Unreadable, readRecords } from './readRecords.ts';
import { GROUP_ROWS, RowGroup } from './rowGroup.ts';
import { isHomeOf, isIn, takenToHold } from './shards/share.ts';
import type { Verdicts } from './verdicts.ts';
import { type DayBounds, type Row, wrangle } from './wrangle.ts';

/** Records of what cannot be read that are written at a time. */
const REJECTING = 32;

/** Milliseconds between two reports of how far a day is. */
const REPORT = 100;

/** How far a day's reading is. */
export interface Progress {
  readonly day: Day;
  /** Raw objects read. */
  readonly done: number;
  /** Raw objects listed; more may follow unless `isListed`. */
  readonly total: number;
  readonly isListed: boolean;
  /** Updates found in them so far. */
  readonly records: number;
  /** Where the time has gone so far. */
  readonly phases: PhaseTimes;
}

/** Rows that were given out turn out to be wrong: these numbers must be known before the next try. */
export class SeenTooLateError extends Error {
  override readonly name = 'SeenTooLateError';
  readonly watched: ReadonlySet<number>;
  /** What the day before holds; undefined when it had not to be asked. */
  readonly earlier: EarlierDay | undefined;

  constructor(watched: ReadonlySet<number>, earlier: EarlierDay | undefined) {
    super('Updates whose numbers came more than once lie far apart.');
    this.watched = watched;
    this.earlier = earlier;
  }
}

/** Where a record lay tells when it was received, which is not asked here. */
const NOWHERE = { key: '', modified: new Date(0) };

/** The content of a record that became a row. */
function contentOf(bytes: Uint8Array): string {
  return contentHash(parseRecord({ bytes, json: decode(bytes) }, NOWHERE).update);
}

/**
 * The rows of a day, group by group, out of its raw objects in the order of their listing. One row of
 * each update: the one that was received first (of several at once, the first given). Two updates
 * under one number (another bot, or Telegram restarted its numbering) both stay. What the day before
 * holds as well is left out. What cannot be read is kept under `rejected/`; an object that goes
 * between listing and reading is as if it had not been listed.
 *
 * No more than a group is held, and the numbers of the updates. So when a number comes again whose row
 * is in a group that has been given out, it cannot be told any more which of the two is to stay: then
 * the last step ends with a SeenTooLateError, and the day must be read again with `verdicts` on these
 * numbers. A day of one group never does.
 */
export class DayRows {
  readonly #raw: ObjectStore;
  readonly #bounds: DayBounds;
  readonly #source: DaySource;
  readonly #phases: Phases;
  readonly #verdicts: Verdicts | null;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: Progress) => void) | undefined;

  readonly #listing = new ListingHash();
  /** Numbers of rows, with the row's place among all. */
  readonly #places = new IdTable();
  /** Of numbers with several rows or none: by how many they differ from one. */
  readonly #moreRows = new Map<number, number>();
  /** Numbers of updates that the day before may hold too. */
  readonly #doubtful = new NumberList();
  /** Numbers that came more than once, or that the day before holds. */
  readonly #repeated = new Set<number>();
  /** One of these has a row that has been given out and may be wrong. */
  #isTooLate = false;
  readonly #strays = new Set<string>();
  readonly #rejected = new Set<string>();
  readonly #rejecting = new Set<Promise<void>>();
  #failure: Error | undefined;

  readonly #groupRows: number;
  #group: RowGroup;
  /** Rows that have gone before the group. */
  #before = 0;
  /** Of numbers that are in the group more than once: their places, beyond the first. */
  #siblings = new Map<number, number[]>();
  #full: RowGroup[] = [];
  /** Groups whose memory is used again. */
  readonly #spare: RowGroup[] = [];
  #unreadable: Unreadable[] = [];
  #isGiven = false;

  #records = 0;
  #rows = 0;
  #late = 0;
  #earlier: EarlierDay | undefined;

  constructor(
    raw: ObjectStore,
    bounds: DayBounds,
    source: DaySource,
    options: {
      readonly phases: Phases;
      readonly verdicts?: Verdicts | null;
      /** See RunOptions. */
      readonly groupRows?: number | undefined;
      /** Is told how far it is, ten times a second at most, and when all is read. */
      readonly onProgress?: ((progress: Progress) => void) | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#raw = raw;
    this.#bounds = bounds;
    this.#source = source;
    this.#phases = options.phases;
    this.#verdicts = options.verdicts ?? null;
    this.#signal = options.signal;
    this.#groupRows = options.groupRows ?? GROUP_ROWS;
    this.#group = new RowGroup(this.#groupRows);
    this.#onProgress = options.onProgress;
  }

  /** What was found; to be asked when all groups have been given out. */
  get counts() {
    return {
      stored: this.#records + this.#rejected.size,
      rows: this.#rows,
      duplicates: this.#records - this.#rows,
      rejected: this.#rejected.size,
      late: this.#late,
    };
  }

  /** Keys of the records of what could not be read. */
  get rejected(): ReadonlySet<string> {
    return this.#rejected;
  }

  /** Objects that hold updates of other shares though their names do not tell, so that those have not
   * read them. */
  get strays(): ReadonlySet<string> {
    return this.#strays;
  }

  /** Hash of the listing of what was read. */
  get listing(): string {
    return this.#listing.digest();
  }

  /** Hash of the listing of the day before; empty when it had not to be asked. */
  get earlierListing(): string {
    return this.#earlier?.listing ?? '';
  }

  /** How many rows there are of a number. */
  rowsOf(id: number): number {
    return this.#places.has(id) ? 1 + (this.#moreRows.get(id) ?? 0) : 0;
  }

  /**
   * The groups; each is good until the next one is asked for.
   *
   * @throws SeenTooLateError see above; UnavailableError when the store does not answer; what the
   *   signal aborts with
   */
  async *groups(): AsyncGenerator<RowValues> {
    const { day } = this.#bounds;
    let [done, total, isListed, told] = [0, 0, false, performance.now()];
    const tell = (isDue: boolean): void => {
      if (!isDue && performance.now() - told < REPORT) return;
      told = performance.now();
      const phases = this.#phases.times;
      this.#onProgress?.({ day, done, total, isListed, records: this.#records, phases });
    };
    const opened = readAhead(this.#raw, this.#source.objects(), {
      phases: this.#phases,
      signal: this.#signal,
      onListed: (count, isWhole) => {
        [total, isListed] = [count, isWhole];
      },
    });
    for await (const { object, body } of opened) {
      if (body !== null) {
        this.#listing.add(object);
        const reading = readRecords(this.#raw, { object, body }, this, this.#phases);
        while (!(await reading.next()).done) {
          if (this.#hasToGive) yield* this.#giveFull();
          this.#signal?.throwIfAborted();
          tell(false);
        }
        if (this.#hasToGive) yield* this.#giveFull();
      }
      done++;
      tell(false);
    }
    tell(true);
    await Promise.all(this.#rejecting);
    this.#throwFailure();
    const last = await this.#last();
    if (last.rows > 0) yield last;
  }

  /** Takes a record that was read, see readRecords. */
  readonly record = (record: ParsedRecord, bytes: Uint8Array, object: ObjectInfo): void => {
    // Full, and there is more in the same object before it can be given out.
    if (this.#group.isFull) this.#rotate();
    const id = record.facts.updateId;
    const { share } = this.#source;
    if (share !== null && !isIn(share, id)) {
      const expected = takenToHold(object);
      if (expected !== null && !isIn(expected, id)) this.#strays.add(object.key);
      return;
    }
    const row = wrangle(record, this.#bounds);
    const place = this.#places.get(id);
    if (!row.isOwnDay) this.#doubtful.push(id);
    if (this.#verdicts?.has(id)) {
      if (this.#verdicts.admit(record, row.isOwnDay)) this.#append(row, record, bytes);
    } else if (place === undefined) this.#append(row, record, bytes);
    else {
      this.#repeated.add(id);
      if (place < this.#before) this.#isTooLate = true;
      else this.#collide(place - this.#before, row, record, bytes);
    }
    // Last: what throws above is no record.
    this.#records++;
  };

  /** Takes what could not be read, see readRecords. */
  readonly unreadable = (unreadable: Unreadable): void => {
    const { share } = this.#source;
    const { updateId, object } = unreadable;
    if (share !== null && !(updateId === null ? isHomeOf(share, object) : isIn(share, updateId))) {
      return;
    }
    this.#unreadable.push(unreadable);
  };

  /** @returns the row's index in the group */
  #append(row: Row, { facts: { updateId } }: ParsedRecord, bytes: Uint8Array): number {
    const index = this.#group.add(row, bytes);
    if (this.#places.add(updateId, this.#before + index) !== undefined) this.#more(updateId, 1);
    return index;
  }

  /** A number that the group has already. */
  #collide(first: number, row: Row, record: ParsedRecord, bytes: Uint8Array): void {
    const id = record.facts.updateId;
    const content = contentHash(record.update);
    const places = [first, ...(this.#siblings.get(id) ?? [])];
    const same = places.find((place) => contentOf(this.#group.recordOf(place)) === content);
    if (same === undefined) {
      this.#siblings.set(id, [...places.slice(1), this.#append(row, record, bytes)]);
    } else if (record.receivedAt < this.#group.receivedAt(same)) {
      this.#group.replace(same, row, bytes);
    }
  }

  #more(id: number, count: number): void {
    this.#moreRows.set(id, (this.#moreRows.get(id) ?? 0) + count);
  }

  /** The group is full: the next one begins in other memory. */
  #rotate(): void {
    this.#full.push(this.#group);
    this.#end();
    const next = this.#spare.pop() ?? new RowGroup(this.#groupRows);
    next.takeRecordsOf(this.#group);
    this.#group = next;
  }

  /** The group's rows come before those of the next. */
  #end(): void {
    this.#before += this.#group.length;
    this.#siblings = new Map();
  }

  /** Counts a group's rows that will be written. */
  #count(group: RowGroup, dropped: ReadonlySet<number>): void {
    for (let index = 0; index < group.length; index++) {
      if (dropped.has(index)) continue;
      this.#rows++;
      if (group.receivedAt(index) >= this.#bounds.end) this.#late++;
    }
  }

  /** Whether `#giveFull` has anything to do: after most objects of one message it has not. */
  get #hasToGive(): boolean {
    return this.#unreadable.length > 0 || this.#full.length > 0 || this.#group.isFull;
  }

  /** Gives out the groups that are full, and puts away what could not be read. */
  async *#giveFull(): AsyncGenerator<RowValues> {
    for (const unreadable of this.#unreadable.splice(0)) await this.#reject(unreadable);
    for (const group of this.#full.splice(0)) {
      yield this.#give(group);
      group.clear();
      this.#spare.push(group);
    }
    const group = this.#group;
    if (!group.isFull) return;
    this.#end();
    yield this.#give(group);
    // The next one begins in the same memory.
    group.clear();
  }

  #give(group: RowGroup): RowValues {
    this.#count(group, new Set());
    this.#isGiven = true;
    return group.sorted();
  }

  /** The last rows, without what the day before holds. */
  async #last(): Promise<RowValues> {
    const group = this.#group;
    const dropped = new Set<number>();
    if (this.#doubtful.length > 0) {
      this.#earlier = await readEarlier(
        this.#raw,
        this.#source.earlier(),
        this.#doubtful.sorted(),
        {
          phases: this.#phases,
          signal: this.#signal,
        },
      );
      this.#drop(this.#earlier.held, group, dropped);
    }
    if (this.#isTooLate || this.#verdicts?.areSettled(this.#earlier) === false) {
      throw new SeenTooLateError(this.#repeated, this.#earlier);
    }
    this.#count(group, dropped);
    return group.sorted(dropped);
  }

  /** Finds the rows of the last group that the day before holds; for those of other groups it is too late. */
  #drop(held: ReadonlySet<string>, group: RowGroup, dropped: Set<number>): void {
    const heldIds = new Set([...held].map(idOf));
    const met = new Set<number>();
    for (let index = 0; index < group.length; index++) {
      const id = group.idAt(index);
      if (!heldIds.has(id) || this.#verdicts?.has(id)) continue;
      met.add(id);
      if (group.isOwnDay(index)) continue;
      if (held.has(identity(id, contentOf(group.recordOf(index))))) {
        dropped.add(index);
        this.#more(id, -1);
      }
    }
    for (const id of heldIds) {
      this.#repeated.add(id);
      if (this.#isGiven && !met.has(id) && !this.#verdicts?.has(id)) this.#isTooLate = true;
    }
  }

  /** Keeps a record of what cannot be read; several are written at a time. */
  async #reject({ object, line, reason, body }: Unreadable): Promise<void> {
    const rejecting = writeRejected(this.#raw, this.#bounds.day, {
      ...{ from: 'etl', sourceKey: object.key, line, reason },
      ...{ receivedAt: object.modified.getTime(), body },
    })
      .then((key) => {
        this.#rejected.add(key);
      })
      .catch((error: unknown) => {
        this.#failure = error as Error;
      })
      .finally(() => this.#rejecting.delete(rejecting));
    this.#rejecting.add(rejecting);
    if (this.#rejecting.size >= REJECTING) await Promise.race(this.#rejecting);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }
}
