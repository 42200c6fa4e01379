import { runDay } from '../../../functions/etl/runDay.ts';
import { type Day, endOfDayIn } from '../../../src/lake/days.ts';
import { FolderStore } from '../../../src/lake/folderStore.ts';
import { runsPrefix } from '../../../src/lake/keys.ts';
import { type Lake, openLake } from '../../../src/lake/lake.ts';
import { type Delivery, deliveries } from './deliveries.ts';
import { type Seeding, seededEvents } from './events.ts';

/** A lake with what was put into it. */
export interface SeededLake {
  /** Folder of the enriched layer. */
  readonly enriched: string;
  readonly zone: string;
  readonly days: readonly Day[];
  readonly deliveries: readonly Delivery[];
  /** When the last run of each day finished, Unix milliseconds: its file's name says so. */
  readonly finishedAt: ReadonlyMap<Day, number>;
}

const NEW_LINE = Buffer.from('\n');

/** The lines of each object. */
function objectsOf(delivered: readonly Delivery[]): Map<string, Uint8Array[]> {
  const objects = new Map<string, Uint8Array[]>();
  for (const { key, bytes } of delivered) {
    const lines = objects.get(key) ?? [];
    lines.push(bytes, NEW_LINE);
    objects.set(key, lines);
  }
  return objects;
}

async function put({ raw }: Lake, delivered: readonly Delivery[]): Promise<void> {
  for (const [key, lines] of objectsOf(delivered)) await raw.put(key, Buffer.concat(lines));
}

async function lastRun({ enriched }: Lake, day: Day): Promise<number> {
  let last = '';
  for await (const { key } of enriched.list(runsPrefix(day))) last = key;
  const [, date, hours, minutes, seconds, ms] =
    /(\d{8})T(\d\d)(\d\d)(\d\d)(\d{3})Z\.parquet$/.exec(last) ?? [];
  const iso = `${date?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${hours}:${minutes}:${seconds}.${ms}Z`;
  return Date.parse(iso);
}

/**
 * Puts the seeded events into a lake, the whole way: raw objects as they are delivered, the ETL of
 * each day, its Parquet files. Every tenth day is run before the retries have come, and once more.
 *
 * @param folder an empty one
 */
export async function makeSeededLake(folder: string, seeding: Seeding): Promise<SeededLake> {
  const { zone } = seeding;
  const enriched = `${folder}/enriched`;
  const lake = await openLake({
    raw: new FolderStore(`${folder}/raw`),
    enriched: new FolderStore(enriched),
    zone,
  });
  const delivered = deliveries(seededEvents(seeding), zone);
  const byDay = new Map<Day, Delivery[]>();
  for (const delivery of delivered) {
    const ofDay = byDay.get(delivery.day) ?? [];
    ofDay.push(delivery);
    byDay.set(delivery.day, ofDay);
  }
  const days = [...byDay.keys()].sort();
  // Each day looks into the one before, so all of them lie there before the first is run.
  const isAgain = ({ key }: Delivery): boolean => key.endsWith('/again.ndjson');
  const isTwice = (index: number): boolean => index % 10 === 0;
  for (const [index, day] of days.entries()) {
    const ofDay = byDay.get(day) ?? [];
    await put(lake, isTwice(index) ? ofDay.filter((delivery) => !isAgain(delivery)) : ofDay);
  }
  const finishedAt = new Map<Day, number>();
  for (const [index, day] of days.entries()) {
    const now = endOfDayIn(day, zone) + 4 * 3_600_000;
    await runDay(lake, day, { now, rawRetentionDays: 3_650 });
    if (isTwice(index)) {
      await put(lake, (byDay.get(day) ?? []).filter(isAgain));
      await runDay(lake, day, { now: now + 86_400_000, rawRetentionDays: 3_650 });
    }
    finishedAt.set(day, await lastRun(lake, day));
  }
  return { enriched, zone, days, deliveries: delivered, finishedAt };
}
