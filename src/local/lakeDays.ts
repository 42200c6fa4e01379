import pMap from 'p-map';

import { readDayFile } from '../../functions/etl/dayFile.ts';
import { listDay, listingHash } from '../../functions/etl/listing.ts';
import { COLUMNS_VERSION } from '../lake/columns.ts';
import { type Day, previousDay } from '../lake/days.ts';
import { dayOfKey, isPartKey, parquetKey } from '../lake/keys.ts';
import type { Lake } from '../lake/lake.ts';
import type { DayState, LakeDay } from './api.ts';
import { listDays } from './listDays.ts';
import type { LocalLake } from './localLake.ts';

/** Days looked at at a time. */
const CONCURRENCY = 8;

/** How long a count holds, milliseconds: programs beside this one may put something there, too. */
const HOLDS_MS = 300_000;

/** What is known of a day while its file stays the same and no update comes. */
interface Known {
  /** When it was counted, milliseconds on a clock of its own. */
  readonly at: number;
  /** Of the file. */
  readonly etag: string;
  readonly objects: number;
  readonly rawBytes: number;
  readonly rows: number;
  /** Whether the file was made of these objects, with the column list of today. */
  readonly isCurrent: boolean;
}

/** A day's file in a listing, with its parts. */
interface File {
  readonly etag: string;
  readonly bytes: number;
  readonly writtenAt: string;
}

/** The days of a lake, each with what it holds and how far it is. */
export interface LakeDaysReader {
  /** Every day of which there is something, in order. */
  read(): Promise<LakeDay[]>;
}

async function listFiles({ enriched }: Lake): Promise<Map<Day, File>> {
  const files = new Map<Day, File>();
  for await (const { key, etag, size, modified } of enriched.list('telegram/')) {
    const day = dayOfKey(key);
    if (day === undefined) continue;
    // Parts come behind their day's file.
    const file = files.get(day);
    if (key === parquetKey(day)) {
      files.set(day, { etag, bytes: size, writtenAt: modified.toISOString() });
    } else if (file && isPartKey(key)) files.set(day, { ...file, bytes: file.bytes + size });
  }
  return files;
}

async function countRejected({ raw }: Lake): Promise<Map<Day, number>> {
  const counts = new Map<Day, number>();
  for await (const { key } of raw.list('rejected/')) {
    const day = dayOfKey(key);
    if (day !== undefined) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return counts;
}

async function countMessages({ analytics }: LocalLake): Promise<Map<Day, number>> {
  const { rows } = await analytics.run(
    'SELECT context_date, count(*) AS message_amount FROM messages GROUP BY context_date',
  );
  return new Map(rows.map(([day, count]) => [String(day), Number(count)]));
}

/** Of days whose last run left no file, how many updates it found. */
async function countEmpty({ analytics }: LocalLake): Promise<Map<Day, number>> {
  const { rows } = await analytics.run(
    `SELECT context_date, max_by(stored, finished_at) AS stored
FROM runs
GROUP BY context_date
HAVING max_by(rows, finished_at) = 0`,
  );
  return new Map(rows.map(([day, stored]) => [String(day), Number(stored)]));
}

async function look(lake: Lake, day: Day, etag: string | null): Promise<Known> {
  const objects = await listDay(lake.raw, day);
  const file = etag === null ? null : await readDayFile(lake.enriched, day);
  const summary = file?.summary;
  return {
    at: performance.now(),
    etag: file?.etag ?? '',
    objects: objects.length,
    rawBytes: objects.reduce((sum, { size }) => sum + size, 0),
    rows: file?.rows ?? 0,
    isCurrent:
      summary?.columns_version === String(COLUMNS_VERSION) &&
      summary.listing === listingHash(objects),
  };
}

/**
 * How far a day is.
 *
 * @param today in the lake's zone; Telegram delivers up to a day late
 * @param known.foundEmpty updates that its last run found, where that left no file
 */
function stateOf(
  day: Day,
  today: Day,
  known: {
    readonly hasFile: boolean;
    readonly isCurrent: boolean;
    readonly objects: number;
    readonly foundEmpty?: number | undefined;
  },
): DayState {
  if (!known.hasFile) return known.objects > (known.foundEmpty ?? 0) ? 'open' : 'empty';
  // What retention has deleted does not make a file outdated: it is all that is left.
  if (!known.isCurrent && known.objects > 0) return 'behind';
  return day >= previousDay(today) ? 'provisional' : 'closed';
}

/**
 * Reads the days of a lake. What a day holds is counted once for each state of its file: a lake of
 * years has too many objects to list them all each time the screen is opened.
 */
export function createLakeDays(local: LocalLake): LakeDaysReader {
  const { lake } = local;
  const known = new Map<Day, Known>();
  let changes = 0;
  local.events.subscribe(
    (event) => {
      const day = event.type === 'update' ? dayOfKey(event.record.key) : event.day;
      if (day !== undefined) known.delete(day);
      changes++;
    },
    () => {
      known.clear();
    },
  );

  const knownOf = async (day: Day, etag: string | null): Promise<Known> => {
    const before = known.get(day);
    if (before?.etag === etag && performance.now() - before.at < HOLDS_MS) return before;
    const since = changes;
    const now = await look(lake, day, etag);
    // What came while it was counted may have been missed.
    if (etag !== null && since === changes) known.set(day, now);
    return now;
  };

  return {
    async read() {
      const [stored, files, rejected, messages, foundEmpty] = await Promise.all([
        listDays(lake.raw),
        listFiles(lake),
        countRejected(lake),
        countMessages(local),
        countEmpty(local),
      ]);
      const days = [...new Set([...stored, ...files.keys(), ...rejected.keys()])].sort();
      const today = local.today();
      return pMap(
        days,
        async (day): Promise<LakeDay> => {
          const file = files.get(day);
          const { objects, rawBytes, rows, isCurrent } = await knownOf(day, file?.etag ?? null);
          const hasFile = file !== undefined;
          return {
            day,
            state: stateOf(day, today, {
              ...{ hasFile, isCurrent, objects },
              foundEmpty: foundEmpty.get(day),
            }),
            objects,
            rawBytes,
            rejected: rejected.get(day) ?? 0,
            messages: hasFile ? (messages.get(day) ?? 0) : null,
            file: hasFile ? { bytes: file.bytes, rows, writtenAt: file.writtenAt } : null,
          };
        },
        { concurrency: CONCURRENCY },
      );
    },
  };
}
