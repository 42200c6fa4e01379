import { join } from 'node:path';

import { readDayFile } from '../../functions/etl/dayFile.ts';
import { type Replay, type ReplayOptions, replay } from '../../functions/etl/replay.ts';
import type { DayRun } from '../../functions/etl/dayRun.ts';
import { runDay } from '../../functions/etl/runDay.ts';
import { closedDays } from '../../functions/etl/runDays.ts';
import { openAnalytics } from '../analytics/duckdb.ts';
import type { Engine } from '../analytics/engine.ts';
import type { Config } from '../config/config.ts';
import { type Day, dayOf } from '../lake/days.ts';
import { FolderStore } from '../lake/folderStore.ts';
import { dayPrefix, parquetKey } from '../lake/keys.ts';
import { type Lake, openLake } from '../lake/lake.ts';
import type { LakeId, LakeStatus } from './api.ts';
import { createEventHub, type EventHub } from './eventHub.ts';
import { loadRecent, readObjects } from './loadRecent.ts';
import { SQL_FOLDER } from './paths.ts';
import { createRecentRecords, type RecentRecords } from './recentRecords.ts';

/** What of a lake is read at the start: enough for every screen, little enough to begin at once. */
const READ_AT_START = { days: 60, records: 20_000 };

/** What of a lake is kept in memory, about 2 kB each. */
const REMEMBERED = 100_000;

/** Folders of the two layers in a lake's own. */
export function lakeFolders(folder: string): { readonly raw: string; readonly enriched: string } {
  return { raw: join(folder, 'raw'), enriched: join(folder, 'enriched') };
}

/**
 * A lake in a folder, without what only the server needs.
 *
 * @throws LakeError when it was made with another zone
 */
export async function openFolderLake(folder: string, zone: string): Promise<Lake> {
  const { raw, enriched } = lakeFolders(folder);
  return openLake({ raw: new FolderStore(raw), enriched: new FolderStore(enriched), zone });
}

/** A lake in a folder, with all that the one-machine edition does with it. */
export interface LocalLake {
  readonly id: LakeId;
  readonly lake: Lake;
  readonly records: RecentRecords;
  readonly analytics: Engine;
  readonly events: EventHub;
  /** Today in the lake's zone. */
  today(): Day;
  status(): LakeStatus;
  /** Runs the ETL of a day. Runs of one lake wait for each other. */
  closeDay(day: Day): Promise<DayRun>;
  /** Brings back what was rejected, and runs the days that this touches; one after the other, too. */
  replay(what: ReplayWhat): Promise<Replay>;
  close(): void;
}

/** What to replay, and whose updates are stored: see `replay` of functions/etl. */
export type ReplayWhat = Pick<ReplayOptions, 'chats' | 'day' | 'keys' | 'mended'>;

/** What the day's file says, as the status shows it. */
interface Closed {
  readonly day: Day;
  /** ISO 8601 UTC. */
  readonly at: string;
}

async function lastClosed(lake: Lake): Promise<Closed | null> {
  const day = (await closedDays(lake)).at(-1);
  if (day === undefined) return null;
  for await (const { modified } of lake.enriched.list(parquetKey(day))) {
    return { day, at: modified.toISOString() };
  }
  return null;
}

/** @param options.now Unix milliseconds */
export async function openLocalLake(options: {
  readonly id: LakeId;
  readonly folder: string;
  readonly config: Config;
  readonly now: () => number;
}): Promise<LocalLake> {
  const { id, folder, config, now } = options;
  const lake = await openFolderLake(folder, config.zone);
  const records = createRecentRecords(REMEMBERED);
  await loadRecent(lake.raw, records, READ_AT_START);
  const analytics = await openAnalytics({
    enrichedFolder: lakeFolders(folder).enriched,
    sqlFolder: SQL_FOLDER,
  });
  const events = createEventHub();
  const today = () => dayOf(now(), lake.zone);

  let closed: Closed | null = null;
  /** Raw objects of each day that its file was made from; of days closed or asked for here. */
  const seen = new Map<Day, number>();
  const look = async (day: Day) => {
    closed = await lastClosed(lake);
    const file = await readDayFile(lake.enriched, day);
    const { stored = 0, rejected = 0 } = file?.summary ?? {};
    seen.set(day, stored - rejected);
  };
  await look(today());

  /** Objects that were put back are in the conversations, too. */
  const remember = async (keys: Iterable<string>) => {
    for (const key of new Set(keys)) {
      for await (const object of lake.raw.list(key)) {
        if (object.key !== key) continue;
        for (const record of await readObjects(lake.raw, [object])) records.add(record);
      }
    }
  };

  let running: Promise<unknown> = Promise.resolve();
  /** Runs of the ETL wait for each other. */
  const afterOthers = <T>(run: () => Promise<T>): Promise<T> => {
    const done = running.then(run);
    running = done.catch(() => undefined);
    return done;
  };
  const { rawRetentionDays, updatesPerShard } = config;
  const settings = () => ({ now: now(), rawRetentionDays, updatesPerShard });
  return {
    id,
    lake,
    records,
    analytics,
    events,
    today,
    status() {
      const day = today();
      const last = records.lastReceivedAt();
      return {
        id,
        zone: lake.zone,
        today: day,
        lastMessageAt: last === null ? null : new Date(last).toISOString(),
        lastClosedDay: closed?.day ?? null,
        lastClosedAt: closed?.at ?? null,
        openUpdates: Math.max(0, records.countUnder(dayPrefix(day)) - (seen.get(day) ?? 0)),
      };
    },
    closeDay: (day) =>
      afterOthers(async () => {
        const done = await runDay(lake, day, settings());
        await look(day);
        events.send({ type: 'closed', day });
        return done;
      }),
    replay: (what) =>
      afterOthers(async () => {
        const done = await replay(lake, { ...settings(), ...what });
        await remember(done.replayed.map(({ rawKey }) => rawKey));
        for (const day of new Set(done.replayed.map((one) => one.day))) {
          await look(day);
          events.send({ type: 'closed', day });
        }
        return done;
      }),
    close() {
      analytics.close();
    },
  };
}
