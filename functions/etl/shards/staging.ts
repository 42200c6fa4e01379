import { gzipSync } from 'node:zlib';

import * as z from 'zod';

import type { Day } from '../../../src/lake/days.ts';
import { dayPrefix, stagingKey, stagingPrefix } from '../../../src/lake/keys.ts';
import { LineReader } from '../../../src/lake/lineReader.ts';
import { NotFoundError, type ObjectStore, readText } from '../../../src/lake/objectStore.ts';
import { gunzip } from '../../../src/lake/rawRecords.ts';
import type { Outcome } from '../dayRun.ts';
import type { SharedObject } from './share.ts';

/*
 * What the steps of a run in shards leave for each other, in the staging of the enriched store: the
 * plan, of each shard the list of its objects, its part of the day's rows, and what it found.
 */

const share = z.object({ from: z.int(), to: z.int() });

const planSchema = z.object({
  v: z.literal(1),
  /** ETag of the day's file when the plan was made; null when there was none. */
  etag: z.string().nullable(),
  /** Hashes of the listings of the day and of the day before. */
  listing: z.string(),
  earlierListing: z.string(),
  shares: z.array(share).min(1),
});

/** How a day is shared out. */
export type Plan = Readonly<z.infer<typeof planSchema>>;

const count = z.int().min(0);

const shardResultSchema = z.object({
  v: z.literal(1),
  stored: count,
  rows: count,
  duplicates: count,
  late: count,
  /** Keys of the records of what could not be read. */
  rejected: z.array(z.string()),
  /** Whether the day before had to be asked. */
  hasAskedEarlier: z.boolean(),
  /** Rows of the day's files so far whose raw objects are gone, where that matters. */
  lost: count,
  /** Objects that hold updates of other shards, which their names do not tell. */
  strays: z.array(z.string()),
  /** Of the part. */
  bytes: count,
});

/** What became of a shard. */
export type ShardResult = Readonly<z.infer<typeof shardResultSchema>>;

const outcomeSchema = z.object({
  status: z.enum(['empty', 'kept']),
  ...{ stored: count, rows: count, duplicates: count, rejected: count, late: count, bytes: count },
  reason: z.string().optional(),
});

const keysSchema = z.array(z.string());

/** Lists of objects: the day's, and those of the day before, that may hold updates of a shard. */
export type ListName = 'earlier' | 'objects';

/** A line of a list: the key's end, bytes, Unix milliseconds; the numbers that are taken to be in it. */
const lineSchema = z.tuple([z.string(), z.number(), z.number(), share.optional()]);

/** Lines are packed when there are this many bytes of them. */
const BLOCK = 1024 * 1024;

/** A list of objects that grows, packed. */
export class ObjectList {
  readonly #blocks: Uint8Array[] = [];
  readonly #prefix: string;
  #lines: string[] = [];
  #size = 0;

  /** @param day of the objects */
  constructor(day: Day) {
    this.#prefix = dayPrefix(day);
  }

  add({ key, size, modified, ids }: SharedObject): void {
    const fields = [
      key.slice(this.#prefix.length),
      size,
      modified.getTime(),
      ...(ids ? [ids] : []),
    ];
    const line = `${JSON.stringify(fields)}\n`;
    this.#lines.push(line);
    this.#size += line.length;
    if (this.#size >= BLOCK) this.#pack();
  }

  /** All of it; packed pieces one after the other are unpacked like one. */
  bytes(): Uint8Array {
    this.#pack();
    return Buffer.concat(this.#blocks);
  }

  #pack(): void {
    this.#blocks.push(gzipSync(this.#lines.join('')));
    this.#lines = [];
    this.#size = 0;
  }
}

/** What is read; something else where nothing lies there. */
async function unlessMissing<T, E>(reading: Promise<T>, otherwise: E): Promise<E | T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return otherwise;
    throw error;
  }
}

/** A run's folder in the staging. */
export class Staging {
  readonly #store: ObjectStore;
  readonly #day: Day;
  readonly run: string;

  /** @param run its name: hexadecimal, and no other run's */
  constructor(enriched: ObjectStore, day: Day, run: string) {
    this.#store = enriched;
    this.#day = day;
    this.run = run;
  }

  #key(name: string, shard?: number): string {
    return stagingKey(this.#day, this.run, name, shard);
  }

  /** Where a shard's part is put. */
  partKey(shard: number): string {
    return this.#key('part.parquet', shard);
  }

  async #put(name: string, value: unknown, shard?: number): Promise<void> {
    await this.#store.put(this.#key(name, shard), Buffer.from(`${JSON.stringify(value)}\n`));
  }

  async #get<T>(schema: z.ZodType<T>, name: string, shard?: number): Promise<T> {
    return schema.parse(JSON.parse(await readText(this.#store, this.#key(name, shard))));
  }

  putPlan(plan: Plan): Promise<void> {
    return this.#put('plan.json', plan);
  }

  /** @throws NotFoundError when the run has been tidied up, or never was */
  plan(): Promise<Plan> {
    return this.#get(planSchema, 'plan.json');
  }

  putRejectedBefore(keys: readonly string[]): Promise<void> {
    return this.#put('rejected.json', keys);
  }

  /**
   * Keys of the records of what could not be read, as they were before the day was listed; none for a
   * run that an earlier version has planned.
   */
  rejectedBefore(): Promise<readonly string[]> {
    return unlessMissing(this.#get(keysSchema, 'rejected.json'), []);
  }

  putResult(shard: number, result: ShardResult): Promise<void> {
    return this.#put('result.json', result, shard);
  }

  /** @throws NotFoundError when the shard has not been run */
  result(shard: number): Promise<ShardResult> {
    return this.#get(shardResultSchema, 'result.json', shard);
  }

  putOutcome(outcome: Outcome): Promise<void> {
    return this.#put('outcome.json', outcome);
  }

  /** What became of a day that this run left without new rows; null until that is known. */
  async outcome(): Promise<Outcome | null> {
    const found = await unlessMissing(this.#get(outcomeSchema, 'outcome.json'), null);
    if (found === null) return null;
    const { reason, ...outcome } = found;
    return { ...outcome, ...(reason !== undefined && { reason }) };
  }

  async putList(name: ListName, shard: number, list: ObjectList): Promise<void> {
    await this.#store.put(this.#key(`${name}.ndjson.gz`, shard), list.bytes());
  }

  /**
   * The objects of a list.
   *
   * @param day they are of
   * @throws NotFoundError
   */
  async *list(name: ListName, shard: number, day: Day): AsyncGenerator<SharedObject> {
    const { stream } = await this.#store.get(this.#key(`${name}.ndjson.gz`, shard));
    const prefix = dayPrefix(day);
    let found: SharedObject[] = [];
    const lines = new LineReader({
      line: (bytes) => {
        const [end, size, modified, ids] = lineSchema.parse(
          JSON.parse(Buffer.from(bytes).toString()),
        );
        found.push({ key: prefix + end, size, etag: '', modified: new Date(modified), ids });
      },
      tooLong: () => {
        throw new RangeError(`The list of shard ${shard} is damaged.`);
      },
    });
    for await (const chunk of gunzip(stream)) {
      lines.push(chunk);
      yield* found;
      found = [];
    }
  }

  /** Objects of the day whose names do not tell what they hold, as earlier runs have found. */
  async strays(): Promise<ReadonlySet<string>> {
    const key = `${stagingPrefix(this.#day)}strays.json`;
    const text = await unlessMissing(readText(this.#store, key), '[]');
    return new Set(keysSchema.parse(JSON.parse(text)));
  }

  async putStrays(strays: ReadonlySet<string>): Promise<void> {
    const text = JSON.stringify([...strays].sort());
    await this.#store.put(`${stagingPrefix(this.#day)}strays.json`, Buffer.from(text));
  }

  /** Removes all that the run has left. */
  async remove(): Promise<void> {
    const last = [this.#key('plan.json'), this.#key('outcome.json')];
    const keys: string[] = [];
    for await (const { key } of this.#store.list(`${stagingPrefix(this.#day)}${this.run}/`)) {
      if (!last.includes(key)) keys.push(key);
    }
    await this.#store.delete(keys);
    // Last: as long as one of them is there, this can be tried again.
    for (const key of last) await this.#store.delete([key]);
  }
}
