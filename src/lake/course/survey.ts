import { type Day, DayError, daysInRange, parseDay } from '../days.ts';
import type { ObjectInfo, ObjectStore } from '../objectStore.ts';

/** A place where a course's pipelines left something: raw objects, Parquet files, or both. */
export interface CourseSource {
  readonly store: ObjectStore;
  /** What all keys begin with; empty, or ends with a slash. */
  readonly prefix: string;
  /** What people call it: the folder, or `s3://bucket/prefix`. */
  readonly name: string;
}

/** A folder `context_date=…` of a source. */
export interface Partition {
  readonly source: CourseSource;
  /** Ends with a slash. */
  readonly prefix: string;
}

/** What the sources hold of one day of ingest. */
export interface CourseDay {
  readonly day: Day;
  readonly partitions: readonly Partition[];
}

/** What lies in the sources. */
export interface Survey {
  /** In order. */
  readonly days: readonly CourseDay[];
  readonly rawObjects: number;
  readonly parquetFiles: number;
  /** Objects that are neither, for instance of another program. */
  readonly otherObjects: number;
  /** Days between the first and the last that have no folder. */
  readonly missingDays: readonly Day[];
}

/** The sources are no lake of a course's pipeline; the message says what was looked for. */
export class CourseError extends Error {
  override readonly name = 'CourseError';
}

/** What an object of a source is. */
type Kind = 'other' | 'parquet' | 'raw';

/** Tells by its name what an object is. */
export function kindOf({ key }: Pick<ObjectInfo, 'key'>): Kind {
  if (/\.(?:json|ndjson)(?:\.gz)?$/.test(key)) return 'raw';
  return key.endsWith('.parquet') ? 'parquet' : 'other';
}

const PARTITION = /^(.*\/)?context_date=(\d{4}-\d{2}-\d{2})\//;

function isDay(text: string): boolean {
  try {
    parseDay(text);
    return true;
  } catch (error) {
    if (error instanceof DayError) return false;
    throw error;
  }
}

function gaps(days: readonly Day[]): Day[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const held = new Set(days);
  return daysInRange(first, last).filter((day) => !held.has(day));
}

/**
 * Looks what the sources hold, without reading any of it.
 *
 * @throws CourseError when there is no folder `context_date=…` with anything to import
 */
export async function surveyCourse(
  sources: readonly CourseSource[],
  signal?: AbortSignal,
): Promise<Survey> {
  const days = new Map<Day, Map<string, Partition>>();
  const counts: Record<Kind, number> = { raw: 0, parquet: 0, other: 0 };
  const strangers: string[] = [];
  for (const source of sources) {
    for await (const object of source.store.list(source.prefix)) {
      signal?.throwIfAborted();
      const [prefix, , day = ''] = PARTITION.exec(object.key) ?? [];
      const kind = prefix !== undefined && isDay(day) ? kindOf(object) : 'other';
      counts[kind]++;
      if (prefix === undefined || kind === 'other') {
        if (strangers.length < 3) strangers.push(object.key);
        continue;
      }
      const partitions = days.get(day) ?? new Map<string, Partition>();
      days.set(day, partitions);
      partitions.set(`${source.name} ${prefix}`, { source, prefix });
    }
  }
  if (days.size === 0) {
    const found =
      strangers.length === 0 ? 'is nothing' : `are other things (${strangers.join(', ')}, …)`;
    throw new CourseError(
      `${sources.map(({ name }) => name).join(' and ')}: no lake of a course's pipeline was found. ` +
        'Looked for folders named context_date=YYYY-MM-DD, at any depth, that hold raw updates ' +
        `(.json, .ndjson, also with .gz) or tables (.parquet); there ${found}.`,
    );
  }
  const inOrder = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    days: inOrder.map(([day, partitions]) => ({ day, partitions: [...partitions.values()] })),
    rawObjects: counts.raw,
    parquetFiles: counts.parquet,
    otherObjects: counts.other,
    missingDays: gaps(inOrder.map(([day]) => day)),
  };
}
