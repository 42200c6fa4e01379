import { type ChatSettings, createChatGate } from '../../src/lake/chatGate.ts';
import type { Day } from '../../src/lake/days.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { NotFoundError } from '../../src/lake/objectStore.ts';
import { UnreadableError } from '../../src/lake/rawRecords.ts';
import {
  NotARejectedRecordError,
  type RejectedObject,
  listRejected,
  readRejected,
} from '../../src/lake/rejected.ts';
import { type PutBack, putBack } from './putBack.ts';
import type { RunOptions } from './runDay.ts';
import { type DaysRun, runDays } from './runDays.ts';

/** What to replay; without `day` and `keys`, everything that was rejected. */
export interface ReplayOptions extends RunOptions {
  /** Whose updates are stored. */
  readonly chats: ChatSettings;
  /** Only what was rejected on this day. */
  readonly day?: Day;
  /** Only these records, by their keys under `rejected/`. */
  readonly keys?: readonly string[];
  /** Mended bytes, by the key of the record whose object or line they replace. */
  readonly mended?: ReadonlyMap<string, Uint8Array>;
}

/** A rejected record that is an update of the raw layer now. */
interface Replayed extends PutBack {
  /** Key that the record had. */
  readonly key: string;
}

/** A rejected record that stays, and why. */
interface NotReplayed {
  readonly key: string;
  readonly reason: string;
}

/** What became of the rejected records, and of the days that were run for them. */
export interface Replay extends DaysRun {
  readonly replayed: readonly Replayed[];
  readonly failed: readonly NotReplayed[];
}

async function listAll(lake: Lake, day: Day | undefined): Promise<RejectedObject[]> {
  const records: RejectedObject[] = [];
  for await (const rejected of listRejected(lake.raw, day)) records.push(rejected);
  return records;
}

/** The records that are asked for; of those that are not there, the reason. */
async function select(
  lake: Lake,
  { day, keys }: Pick<ReplayOptions, 'day' | 'keys'>,
): Promise<{ found: RejectedObject[]; failed: NotReplayed[] }> {
  if (!keys) return { found: await listAll(lake, day), failed: [] };
  const found: RejectedObject[] = [];
  const failed: NotReplayed[] = [];
  for (const key of keys) {
    try {
      found.push({ key, record: await readRejected(lake.raw, key) });
    } catch (error) {
      if (!(error instanceof NotFoundError || error instanceof NotARejectedRecordError))
        throw error;
      failed.push({ key, reason: error.message });
    }
  }
  return { found, failed };
}

/** Why a record of the ETL is still there after its day was run; null when it is not. */
function remaining({ record }: RejectedObject, left: readonly RejectedObject[]): string | null {
  const same = left.find(
    (other) =>
      other.record.source_key === record.source_key &&
      (other.record.line === record.line || other.record.line === null || record.line === null),
  );
  return same?.record.reason ?? null;
}

/**
 * Brings back what was rejected: puts each object, mended where mended bytes are given, in its
 * place in the raw layer, runs the days that this touches, and removes the records. A body that the
 * webhook refused gets the key that it would have had. What still cannot be read stays rejected.
 *
 * @throws UnavailableError when the store does not answer
 */
export async function replay(lake: Lake, options: ReplayOptions): Promise<Replay> {
  const { found, failed } = await select(lake, options);
  const gate = createChatGate(options.chats, lake.raw);
  const put: (Replayed & { readonly rejected: RejectedObject })[] = [];
  for (const rejected of found) {
    options.signal?.throwIfAborted();
    const { key } = rejected;
    try {
      const where = await putBack(lake, gate, rejected, options.mended?.get(key));
      put.push({ key, rejected, ...where });
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      failed.push({ key, reason: error.reason });
    }
  }

  const days = [...new Set(put.map(({ day }) => day))].sort();
  const run = await runDays(lake, days, { ...options, force: true });
  const left = new Map<Day, RejectedObject[]>();
  for (const day of days) left.set(day, await listAll(lake, day));

  const replayed: Replayed[] = [];
  for (const { rejected, key, day, rawKey } of put) {
    const reason = rejected.record.from === 'etl' ? remaining(rejected, left.get(day) ?? []) : null;
    if (reason === null) replayed.push({ key, day, rawKey });
    else failed.push({ key, reason });
  }
  return { replayed, failed, ...run };
}
