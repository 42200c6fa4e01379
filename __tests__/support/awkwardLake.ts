import { runDay } from '../../functions/etl/runDay.ts';
import { dayOf, eventTime } from '../../src/lake/days.ts';
import { writeEnvelope } from '../../src/lake/envelope.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { rawKey } from '../../src/lake/keys.ts';
import type { Lake } from '../../src/lake/lake.ts';
import { asUpdate } from '../../src/telegram/parseUpdate.ts';
import { AWKWARD_EVENTS } from './awkwardEvents.ts';

/** Days that hold all of {@link AWKWARD_EVENTS}. */
export const AWKWARD_PERIOD = { from: '2018-11-01', to: '2021-01-31' };

/** Puts the awkward events into a lake, the whole way from raw object to Parquet file. */
export async function makeAwkwardLake(folder: string): Promise<Lake> {
  const lake = {
    raw: new FolderStore(`${folder}/raw`),
    enriched: new FolderStore(`${folder}/enriched`),
    zone: 'America/Sao_Paulo',
  };
  const days = new Set<string>();
  for (const { update, receivedAt: received_at, twice } of AWKWARD_EVENTS) {
    const { facts } = asUpdate(update);
    const day = dayOf(eventTime(facts.ownTime, Date.parse(received_at)), lake.zone);
    const envelope = writeEnvelope(
      { source: 'import', received_at, answer: null },
      JSON.stringify(update),
    );
    days.add(day);
    await lake.raw.put(rawKey(day, update.update_id), Buffer.from(envelope));
    if (twice) await lake.raw.put(rawKey(day, update.update_id, 'again'), Buffer.from(envelope));
  }
  for (const day of days) {
    await runDay(lake, day, { now: Date.parse('2021-02-01T04:00:00Z'), rawRetentionDays: 3_650 });
  }
  return lake;
}
