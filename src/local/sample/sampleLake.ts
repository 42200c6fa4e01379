import { gzipSync } from 'node:zlib';
import pMap from 'p-map';

import { runDay } from '../../../functions/etl/runDay.ts';
import type { Bot } from '../../bot/bot.ts';
import { dayOf, endOfDayIn, eventTime } from '../../lake/days.ts';
import type { Day } from '../../lake/days.ts';
import { writeEnvelope } from '../../lake/envelope.ts';
import { dayPrefix, rawKey } from '../../lake/keys.ts';
import type { Lake } from '../../lake/lake.ts';
import { sampleEvents } from './events.ts';

/** Updates of a day that Telegram delivered twice, and that were stored twice. */
const RETRIED_EVERY = 1_900;

/** The sample is younger than any retention: no day of it has lost raw objects. */
const RETENTION_DAYS = 365;

/** Days that are closed at a time. */
const CONCURRENCY = 4;

/** What the sample is made of. */
export interface SampleOptions {
  /** Answers; with a clock that stands still, the sample is the same to the byte. */
  readonly bot: Bot;
  /** The last day, which is left open. */
  readonly today: Day;
  readonly seed: number;
  /** Unix milliseconds: what happens today later than this is left out. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

/**
 * Fills an empty lake with 60 days of a small shop's conversations, up to and including today, which
 * nobody had: plainly marked `sample`. Each update goes through the bot and becomes an envelope, as
 * in the webhook; the days before today are one NDJSON object each and closed by the ETL, today's
 * updates are single objects and open, so that closing the day has something to show.
 *
 * @returns how many updates there are, and on how many days
 * @throws what the store throws; what `signal` aborts with
 */
export async function makeSampleLake(
  lake: Lake,
  { bot, today, seed, now, signal }: SampleOptions,
): Promise<{ readonly updates: number; readonly days: number }> {
  const lines = new Map<Day, { readonly updateId: number; readonly line: string }[]>();
  let updates = 0;
  for (const event of sampleEvents({ bot, zone: lake.zone, today, seed, until: now })) {
    signal?.throwIfAborted();
    const { facts, receivedAt, answer, updateJson } = event;
    const day = dayOf(eventTime(facts.ownTime, receivedAt), lake.zone);
    const received_at = new Date(receivedAt).toISOString();
    const line = writeEnvelope({ source: 'sample', received_at, answer }, updateJson);
    const ofDay = lines.get(day) ?? [];
    lines.set(day, ofDay);
    ofDay.push({ updateId: facts.updateId, line });
    updates += 1;
    if (updates % RETRIED_EVERY === 0 && day < today)
      ofDay.push({ updateId: facts.updateId, line });
  }

  await pMap(
    lines,
    async ([day, ofDay]) => {
      signal?.throwIfAborted();
      if (day === today) return;
      const body = gzipSync(ofDay.map(({ line }) => line).join(''));
      await lake.raw.put(`${dayPrefix(day)}sample.ndjson.gz`, body);
    },
    { concurrency: CONCURRENCY },
  );
  await pMap(
    lines.get(today) ?? [],
    async ({ updateId, line }) => {
      signal?.throwIfAborted();
      await lake.raw.put(rawKey(today, updateId), Buffer.from(line), { ifNoneMatch: '*' });
    },
    { concurrency: 16 },
  );
  const closed = [...lines.keys()].filter((day) => day < today);
  await pMap(
    closed,
    (day) => {
      // An hour after midnight, as the daily run does.
      const ranAt = endOfDayIn(day, lake.zone) + 3_600_000;
      return runDay(lake, day, {
        now: ranAt,
        rawRetentionDays: RETENTION_DAYS,
        ...(signal && { signal }),
      });
    },
    { concurrency: CONCURRENCY },
  );
  return { updates, days: lines.size };
}
