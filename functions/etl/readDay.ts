import pMap from 'p-map';

import { writeRejected } from '../../src/lake/rejected.ts';
import { NotFoundError, type ObjectInfo, type ObjectStore } from '../../src/lake/objectStore.ts';
import { readObject } from '../../src/lake/readObject.ts';
import { type DayBounds, type Row, wrangle } from './wrangle.ts';

/** Objects read at a time: enough to hide the store's latency, few enough for a folder. */
export const CONCURRENCY = 64;

/** How far a day's reading is. */
export interface Progress {
  readonly day: string;
  /** Raw objects read. */
  readonly done: number;
  /** Raw objects listed. */
  readonly total: number;
}

/** What the raw objects of a day hold. */
export interface DayContent {
  /** Objects that were still there when they were read. */
  readonly objects: readonly ObjectInfo[];
  /** In the order of the listing. */
  readonly rows: readonly Row[];
  /** Keys of the records of what could not be read, one each. */
  readonly rejected: ReadonlySet<string>;
}

/**
 * Reads the raw objects of a day into rows, several at a time. What cannot be read is kept under
 * `rejected/`; an object that goes between listing and reading is as if it had not been listed.
 *
 * @throws UnavailableError; what `signal` aborts with
 */
export async function readDay(
  raw: ObjectStore,
  objects: readonly ObjectInfo[],
  bounds: DayBounds,
  options: {
    readonly onProgress?: ((progress: Progress) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<DayContent> {
  const { day } = bounds;
  const rejected = new Set<string>();
  let done = 0;

  async function read(object: ObjectInfo): Promise<readonly Row[] | null> {
    const rows: Row[] = [];
    try {
      for await (const reading of readObject(raw, object, (record) => wrangle(record, bounds))) {
        if ('taken' in reading) {
          rows.push(reading.taken);
          continue;
        }
        const { line, reason, body } = reading.unreadable;
        rejected.add(
          await writeRejected(raw, day, {
            from: 'etl',
            sourceKey: object.key,
            line,
            reason,
            receivedAt: object.modified.getTime(),
            body,
          }),
        );
      }
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    } finally {
      done++;
      options.onProgress?.({ day, done, total: objects.length });
    }
    return rows;
  }

  const rows = await pMap(objects, read, { concurrency: CONCURRENCY, signal: options.signal });
  return {
    objects: objects.filter((_, index) => rows[index] !== null),
    rows: rows.flatMap((ofObject) => ofObject ?? []),
    rejected,
  };
}
