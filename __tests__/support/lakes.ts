import { dayPrefix } from '../../src/lake/keys.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { writeEnvelope } from '../../src/lake/envelope.ts';
import { MemoryStore } from './memoryStore.ts';

/** The lake's zone in tests: UTC-3 all year, as the course's pipelines have it. */
export const ZONE = 'America/Sao_Paulo';

/** The day of the fixtures, in that zone. */
export const DAY = '2026-01-15';

/** Options of a run on the day after {@link DAY}. */
export const RUN = { now: Date.UTC(2026, 0, 16, 4), rawRetentionDays: 365 };

/** A lake in memory. */
export interface MemoryLake {
  readonly raw: MemoryStore;
  readonly enriched: MemoryStore;
  readonly zone: string;
}

export function memoryLake(): MemoryLake {
  return { raw: new MemoryStore(), enriched: new MemoryStore(), zone: ZONE };
}

/** An envelope as the webhook writes it, received at noon of {@link DAY} unless told otherwise. */
export function envelope(update: unknown, receivedAt = '2026-01-15T15:00:00.000Z'): string {
  const fields = { source: 'telegram', received_at: receivedAt, answer: null } as const;
  return writeEnvelope(fields, JSON.stringify(update));
}

/** Puts a text into the raw folder of a day. @returns its key */
export async function putRaw(
  lake: MemoryLake,
  name: string,
  body: Uint8Array | string,
  day = DAY,
): Promise<string> {
  const key = `telegram/context_date=${day}/${name}`;
  await lake.raw.put(key, typeof body === 'string' ? Buffer.from(body) : body);
  return key;
}

/** Rows of a day: of its Parquet file, or of its parts in their order. */
export async function rowsOf(lake: MemoryLake, day = DAY): Promise<Record<string, unknown>[]> {
  const keys = lake.enriched.keys(dayPrefix(day)).filter((key) => key.endsWith('.parquet'));
  return (await Promise.all(keys.map((key) => readRows(lake.enriched.bytes(key))))).flat();
}
