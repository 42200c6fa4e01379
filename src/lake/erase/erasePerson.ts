import pMap from 'p-map';

import type { Day } from '../days.ts';
import {
  ERASING_PREFIX,
  LAKE_KEY,
  STAGING_PREFIX,
  dayOfKey,
  dayPrefix,
  parquetKey,
} from '../keys.ts';
import type { Lake } from '../lake.ts';
import {
  NotFoundError,
  type ObjectStore,
  type ObjectVersion,
  PreconditionFailedError,
  readAll,
  readBytes,
} from '../objectStore.ts';
import { isNdjson } from '../rawRecords.ts';
import { NotARejectedRecordError, readRejected, rejectedBody } from '../rejected.ts';
import {
  type Examined,
  examineObject,
  examineRecord,
  fullNameEntry,
  usernameEntry,
} from './examine.ts';
import { type Person, personOf } from './person.ts';
import { purge, purgeOlder, withLines } from './rewrite.ts';
import { countLess, eraseFromTable, learnFromTable } from './tables.ts';

/** What was erased, in numbers. Of the person it holds nothing but the id. */
export interface Receipt {
  readonly user: number;
  readonly raw: {
    /** Updates that are gone. */
    updates: number;
    /** Updates of others in which something was taken out. */
    redacted: number;
    /** Older versions of objects, which a bucket keeps, that are gone. */
    versions: number;
  };
  /** Objects that are gone. */
  rejected: number;
  state: number;
  readonly tables: {
    /** Files that were written anew, or deleted. */
    files: number;
    rows: number;
    redacted: number;
    versions: number;
  };
  /** Reports and results of queries that are gone: all there were, as any may show the person. */
  readonly files: { reports: number; results: number };
  /** Objects that could not be looked into: damaged ones. */
  readonly unread: string[];
}

/** What an erasure needs besides the lake. */
export interface EraseOptions {
  /** Where reports and results of queries lie, under `reports/` and `athena/`. */
  readonly files: ObjectStore;
  /** Makes the table of a day from its raw objects: the ETL. */
  readonly runDay: (day: Day) => Promise<void>;
  readonly onProgress?: (progress: EraseProgress) => void;
  readonly signal?: AbortSignal;
}

/** How far an erasure is. */
export interface EraseProgress {
  readonly step: 'names' | 'raw' | 'rejected' | 'tables' | 'files';
  /** Objects looked at. */
  readonly done: number;
}

/** Objects read at a time. */
const CONCURRENCY = 64;

/** Objects written anew at a time. */
const REWRITES = 16;

/** Objects that are looked at before what was found is acted on. */
const BATCH = 512;

/** Tries of a write that meets others. */
const ATTEMPTS = 5;

/** Stands in a day's place for the reports and results. */
const FILES = 'files';

/** Whether an object is one update of the person, which a bucket can delete as it was listed. */
function isOneUpdate({
  version: { key, versionId },
  found,
}: {
  readonly version: ObjectVersion;
  readonly found: Examined;
}): boolean {
  // What was written before the bucket kept versions is gone with `delete`, or is not: see `purge`.
  return !isNdjson(key) && found.lines.get(0) === null && versionId !== 'null';
}

/** An erasure under way. */
class Erasure {
  readonly receipt: Receipt;
  readonly #person: Person;
  readonly #lake: Lake;
  readonly #options: EraseOptions;
  /** Days, or `files`, that are to be finished. */
  readonly #begun = new Set<string>();
  /** Objects by the names in them whose bearers were not known when they were looked at. */
  readonly #byName = new Map<string, ObjectVersion[]>();
  #done = 0;

  constructor(lake: Lake, user: number, options: EraseOptions) {
    this.#lake = lake;
    this.#options = options;
    this.#person = personOf(user);
    this.receipt = {
      user,
      raw: { updates: 0, redacted: 0, versions: 0 },
      rejected: 0,
      state: 0,
      tables: { files: 0, rows: 0, redacted: 0, versions: 0 },
      files: { reports: 0, results: 0 },
      unread: [],
    };
  }

  #tell(step: EraseProgress['step']): void {
    this.#options.signal?.throwIfAborted();
    this.#done++;
    if (this.#done % 100 === 0) this.#options.onProgress?.({ step, done: this.#done });
  }

  /**
   * Notes that something is to be finished, before anything is changed: a run that breaks off is then
   * taken up by the next one.
   */
  async #begin(what: string): Promise<void> {
    if (this.#begun.has(what)) return;
    await this.#lake.raw.put(`${ERASING_PREFIX}${what}`, Buffer.from('{"v":1}\n'));
    this.#begun.add(what);
  }

  /** Takes up what an earlier run has left. */
  async takeUp(): Promise<void> {
    for await (const { key } of this.#lake.raw.list(ERASING_PREFIX)) {
      this.#begun.add(key.slice(ERASING_PREFIX.length));
    }
  }

  async #parquetFiles(): Promise<ObjectVersion[]> {
    const files: ObjectVersion[] = [];
    for await (const version of this.#lake.enriched.versions('telegram/')) {
      if (version.key.endsWith('.parquet')) files.push(version);
    }
    return files;
  }

  /** Learns from the tables under which user names the person was seen. */
  async learnNames(): Promise<void> {
    for (const { key, versionId } of await this.#parquetFiles()) {
      this.#tell('names');
      try {
        await learnFromTable(await readBytes(this.#lake.enriched, key, versionId), this.#person);
      } catch (error) {
        // A file that is damaged is named when its rows are looked for.
        if (isStoreError(error) && !(error instanceof NotFoundError)) throw error;
      }
    }
  }

  /** Erases from the raw objects. */
  async eraseRaw(): Promise<void> {
    let batch: ObjectVersion[] = [];
    for await (const version of this.#lake.raw.versions('telegram/')) {
      batch.push(version);
      if (batch.length < BATCH) continue;
      await this.#eraseVersions(batch, false);
      batch = [];
    }
    await this.#eraseVersions(batch, false);
    await this.#eraseNamed();
  }

  /** Looks again at objects in which a name stands that turned out to be the person's. */
  async #eraseNamed(): Promise<void> {
    const { usernames, fullNames } = this.#person;
    const entries = [...[...usernames].map(usernameEntry), ...[...fullNames].map(fullNameEntry)];
    const versions = new Set(entries.flatMap((entry) => this.#byName.get(entry) ?? []));
    // What was the latest may have been written anew since: it is looked at as it is now.
    const asTheyAre = [...versions].map((version) =>
      version.isLatest ? { ...version, versionId: null } : version,
    );
    for (let start = 0; start < asTheyAre.length; start += BATCH) {
      await this.#eraseVersions(asTheyAre.slice(start, start + BATCH), true);
    }
  }

  /**
   * Erases from some objects.
   *
   * @param isThorough looks at every record; else only at those in which the person's number stands
   */
  async #eraseVersions(versions: readonly ObjectVersion[], isThorough: boolean): Promise<void> {
    const { raw } = this.#lake;
    const examined = await pMap(
      versions,
      async (version): Promise<Examined | null> => {
        this.#tell('raw');
        try {
          return await examineObject(raw, version, this.#person, isThorough);
        } catch (error) {
          if (error instanceof NotFoundError) return null;
          throw error;
        }
      },
      { concurrency: CONCURRENCY },
    );
    const held: { version: ObjectVersion; found: Examined }[] = [];
    for (const [index, version] of versions.entries()) {
      const found = examined[index];
      if (!found) continue;
      if (!isThorough) this.#remember(version, found);
      if (found.lines.size > 0) held.push({ version, found });
      else if (!found.isWhole && !isThorough) this.receipt.unread.push(version.key);
    }
    if (held.length === 0) return;
    await this.#begin(FILES);
    const gone = new Map<Day, Set<number>>();
    for (const { version, found } of held) {
      const day = dayOfKey(version.key);
      if (day === undefined) continue;
      await this.#begin(day);
      if (!version.isLatest) continue;
      const ofDay = gone.get(day) ?? new Set();
      for (const updateId of found.goneUpdates) ofDay.add(updateId);
      gone.set(day, ofDay);
    }
    // The tables first: a day whose other raw objects have expired is made from nothing else, and
    // which updates were forwarded words of the person is known only now.
    for (const [day, updateIds] of gone) {
      if (updateIds.size > 0) await this.#eraseTables(day, updateIds);
    }
    const older = held.filter(({ version }) => !version.isLatest).map(({ version }) => version);
    await raw.deleteVersions(older);
    this.receipt.raw.versions += older.length;
    const latest = held.filter(({ version }) => version.isLatest);
    const whole = latest.filter(isOneUpdate);
    await raw.delete(whole.map(({ version }) => version.key));
    await raw.deleteVersions(
      whole.map(({ version }) => version).filter(({ versionId }) => versionId !== null),
    );
    this.receipt.raw.updates += whole.length;
    await pMap(
      latest.filter((each) => !isOneUpdate(each)),
      ({ version }) => this.#rewrite(version.key, isThorough),
      { concurrency: REWRITES },
    );
  }

  /** Notes the names in a version, should they turn out to be the person's. */
  #remember(version: ObjectVersion, { names }: Examined): void {
    for (const name of names) {
      const holders = this.#byName.get(name);
      if (holders) holders.push(version);
      else this.#byName.set(name, [version]);
    }
  }

  /** Writes an object without the person, as it is by now, and lets go of its older versions. */
  async #rewrite(key: string, isThorough: boolean): Promise<void> {
    const { raw } = this.#lake;
    for (let attempts = 1; ; attempts++) {
      try {
        const { etag, stream } = await raw.get(key);
        const chunks: Uint8Array[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        const found = await examineObject(raw, { key, versionId: null }, this.#person, isThorough);
        if (found.lines.size === 0) return;
        const left = found.isWhole
          ? await withLines(key, Buffer.concat(chunks), found.lines)
          : null;
        if (left === null) {
          this.receipt.raw.versions += await purge(raw, key);
        } else {
          await raw.put(key, left, { ifMatch: etag });
          this.receipt.raw.versions += Math.max(0, (await purgeOlder(raw, key)) - 1);
        }
        const gone = [...found.lines.values()].filter((line) => line === null).length;
        this.receipt.raw.updates += gone;
        this.receipt.raw.redacted += found.lines.size - gone;
        return;
      } catch (error) {
        if (error instanceof NotFoundError) return;
        if (!(error instanceof PreconditionFailedError) || attempts === ATTEMPTS) throw error;
      }
    }
  }

  /** Erases from `rejected/`: a record that holds anything of the person goes whole. */
  async eraseRejected(): Promise<void> {
    const { raw } = this.#lake;
    for await (const version of raw.versions('rejected/')) {
      this.#tell('rejected');
      const { key, versionId } = version;
      let body: Uint8Array;
      try {
        body = rejectedBody(await readRejected(raw, key, versionId));
      } catch (error) {
        if (error instanceof NotFoundError) continue;
        if (!(error instanceof NotARejectedRecordError)) throw error;
        body = await readBytes(raw, key, versionId);
      }
      const text = Buffer.from(body).toString('utf8');
      if (examineRecord(text, this.#person).fate === 'untouched') {
        if (version.isLatest && !isText(body)) this.receipt.unread.push(key);
        continue;
      }
      await this.#begin(FILES);
      if (version.isLatest) this.receipt.raw.versions += await purge(raw, key);
      else await raw.deleteVersions([version]);
      this.receipt.rejected++;
    }
  }

  /** Erases from what is remembered. */
  async eraseState(): Promise<void> {
    const { raw } = this.#lake;
    for await (const version of raw.versions('state/')) {
      const { key, versionId } = version;
      if (key.startsWith(ERASING_PREFIX) || key === LAKE_KEY) continue;
      const text = Buffer.from(await readBytes(raw, key, versionId)).toString('utf8');
      if (examineRecord(`${key}\n${text}`, this.#person).fate === 'untouched') continue;
      await this.#begin(FILES);
      if (version.isLatest) this.receipt.raw.versions += await purge(raw, key);
      else await raw.deleteVersions([version]);
      this.receipt.state++;
    }
  }

  /** Erases from the table's files of a day, as they are by now. */
  async #eraseTables(day: Day, goneUpdates?: ReadonlySet<number>): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.#lake.enriched.list(dayPrefix(day))) {
      if (key.endsWith('.parquet')) keys.push(key);
    }
    for (const key of keys) await this.#eraseTable(key, goneUpdates);
  }

  async #eraseTable(key: string, goneUpdates?: ReadonlySet<number>): Promise<void> {
    const { enriched } = this.#lake;
    const { tables } = this.receipt;
    for (let attempts = 1; ; attempts++) {
      try {
        const { etag, stream } = await enriched.get(key);
        const chunks: Uint8Array[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        const left = await eraseFromTable(Buffer.concat(chunks), this.#person, goneUpdates);
        if (left === null) return;
        await this.#begin(FILES);
        const day = dayOfKey(key);
        if (day !== undefined) await this.#begin(day);
        // Of a day in parts, the day's file says how many there are.
        const isPart = day !== undefined && key !== parquetKey(day);
        if (left.isEmpty && !isPart) tables.versions += await purge(enriched, key);
        else await enriched.put(key, left.bytes, { ifMatch: etag });
        tables.files++;
        tables.rows += left.rows;
        tables.redacted += left.redacted;
        if (isPart) await this.#countLess(parquetKey(day), left.rows);
        return;
      } catch (error) {
        if (error instanceof NotFoundError) return;
        if (!(error instanceof PreconditionFailedError) || attempts === ATTEMPTS) throw error;
      }
    }
  }

  /** Lets a day's file say that its parts hold fewer rows. */
  async #countLess(key: string, rows: number): Promise<void> {
    const { enriched } = this.#lake;
    for (let attempts = 1; rows > 0; attempts++) {
      try {
        const { etag, stream } = await enriched.get(key);
        const left = await countLess(await readAll(stream), rows);
        if (left !== null) await enriched.put(key, left, { ifMatch: etag });
        return;
      } catch (error) {
        if (error instanceof NotFoundError) return;
        if (!(error instanceof PreconditionFailedError) || attempts === ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Erases what runs in shards have left: all of a day of which anything went, and any part in which
   * the person stands. A run that is under way finds the day's file replaced and is planned anew.
   */
  async #eraseStaging(): Promise<void> {
    const { enriched } = this.#lake;
    for await (const version of enriched.versions(STAGING_PREFIX)) {
      this.#tell('tables');
      const { key } = version;
      const day = dayOfKey(key);
      if (day === undefined || !this.#begun.has(day)) {
        if (!key.endsWith('.parquet') || !(await this.#holdsPerson(version))) continue;
        await this.#begin(FILES);
      }
      if (version.isLatest) await purge(enriched, key);
      else await enriched.deleteVersions([version]);
      this.receipt.tables.versions++;
    }
  }

  async #holdsPerson({ key, versionId }: ObjectVersion): Promise<boolean> {
    try {
      const bytes = await readBytes(this.#lake.enriched, key, versionId);
      return (await eraseFromTable(bytes, this.#person)) !== null;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      if (isStoreError(error)) throw error;
      this.receipt.unread.push(key);
      return false;
    }
  }

  /** Erases from all tables; days whose raw objects have changed are made anew. */
  async eraseTables(): Promise<void> {
    const { enriched, raw } = this.#lake;
    for (const version of await this.#parquetFiles()) {
      this.#tell('tables');
      const { key, versionId, isLatest } = version;
      try {
        if (isLatest) {
          await this.#eraseTable(key);
        } else if (await eraseFromTable(await readBytes(enriched, key, versionId), this.#person)) {
          await this.#begin(FILES);
          await enriched.deleteVersions([version]);
          this.receipt.tables.versions++;
        }
      } catch (error) {
        if (error instanceof NotFoundError) continue;
        if (isStoreError(error)) throw error;
        this.receipt.unread.push(key);
      }
    }
    await this.#eraseStaging();
    for (const day of [...this.#begun].sort()) {
      if (day === FILES) continue;
      this.#options.signal?.throwIfAborted();
      await this.#options.runDay(day);
      const keys = new Set<string>();
      for await (const { key } of enriched.versions(dayPrefix(day))) keys.add(key);
      for (const key of keys) this.receipt.tables.versions += await purgeOlder(enriched, key);
      await raw.delete([`${ERASING_PREFIX}${day}`]);
      this.#begun.delete(day);
    }
  }

  /** Deletes reports and results of queries, if anything of the person was there to be shown. */
  async eraseFiles(): Promise<void> {
    if (!this.#begun.has(FILES)) return;
    const { files } = this.receipt;
    files.reports += await this.#deleteAll('reports/');
    files.results += await this.#deleteAll('athena/');
    await this.#lake.raw.delete([`${ERASING_PREFIX}${FILES}`]);
  }

  async #deleteAll(prefix: string): Promise<number> {
    const { files } = this.#options;
    const keys = new Set<string>();
    for await (const { key } of files.versions(prefix)) {
      this.#tell('files');
      keys.add(key);
    }
    for (const key of keys) await purge(files, key);
    return keys.size;
  }
}

/** Whether a text can be looked for in bytes: what is packed, or UTF-16, has zeros, and no JSON does. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0);
}

/** Whether it is the store that failed, and not what it holds. */
function isStoreError(error: unknown): boolean {
  const { name } = error as Error;
  return name !== 'Error' && name !== 'RangeError' && name !== 'TypeError';
}

/**
 * Forgets a person: erases what a lake holds of them, in every layer and every version.
 *
 * What goes and what is taken out of others' updates: see `redactUpdate`. Raw objects first, then the
 * tables, then the days that were touched are run again: a run of the ETL that was under way finds
 * its file replaced and starts over. A run that is broken off leaves a note (of days, not of whom) by
 * which the next one, of whomever, finishes it. Doing it twice finds nothing.
 *
 * @param user Telegram's number
 * @throws StandInError; UnavailableError when a store does not answer; what `signal` aborts with
 */
export async function erasePerson(
  lake: Lake,
  user: number,
  options: EraseOptions,
): Promise<Receipt> {
  const erasure = new Erasure(lake, user, options);
  await erasure.takeUp();
  await erasure.learnNames();
  await erasure.eraseRaw();
  await erasure.eraseRejected();
  await erasure.eraseState();
  await erasure.eraseTables();
  await erasure.eraseFiles();
  return erasure.receipt;
}

/** Whether nothing was found. */
export function isNothing({ raw, rejected, state, tables, files }: Receipt): boolean {
  const counts = [...Object.values(raw), rejected, state, ...Object.values(tables)];
  return [...counts, ...Object.values(files)].every((count) => count === 0);
}
