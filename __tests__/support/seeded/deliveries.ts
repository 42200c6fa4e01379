import { createHash } from 'node:crypto';

import { type Day, dayOf, eventTime } from '../../../src/lake/days.ts';
import { writeEnvelope } from '../../../src/lake/envelope.ts';
import { dayPrefix, rawKey } from '../../../src/lake/keys.ts';
import type { Message, SeededEvent, SeededUpdate } from './update.ts';

/** Something that was delivered and lies in the raw layer: a line of an object, or all of one. */
export interface Delivery {
  readonly day: Day;
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  /** null for what nobody can read. */
  readonly event: SeededEvent | null;
}

/** Lines that are no updates, in as many ways as there are. */
const DAMAGED: readonly Uint8Array[] = [
  Buffer.from('{"v":1,"source":"telegram","received_at":"2019-01-01T00:00:00Z","upd'),
  Buffer.from('[]'),
  Buffer.from('"update_id"'),
  Buffer.from('{"update_id":"12","message":{}}'),
  Buffer.from(
    '{"v":1,"source":"pigeon","received_at":"never","update":{"update_id":1},"answer":null}',
  ),
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
];

/** The update's own time, Unix seconds: the edit's, or the message's, or the event's. */
export function ownTime(update: SeededUpdate): number | null {
  const fields = (Object.values(update) as unknown[]).find((value) => typeof value === 'object');
  const { edit_date, date } = (fields ?? {}) as Partial<Pick<Message, 'date' | 'edit_date'>>;
  return edit_date ?? date ?? null;
}

/** A course pipeline's key: the clock of the arrival at UTC-3. */
function courseKey(receivedAt: number): { day: Day; key: string } {
  const clock = new Date(receivedAt - 3 * 3_600_000).toISOString();
  const day = clock.slice(0, 10);
  return { day, key: `${dayPrefix(day)}${clock.replaceAll(/\D/g, '')}000.json` };
}

/** Everything that was delivered, in the order of the events. */
export function deliveries(events: readonly SeededEvent[], zone: string): readonly Delivery[] {
  const delivered: Delivery[] = [];
  let number = 0;
  for (const event of events) {
    const { update, source, answer, isBare } = event;
    const json = JSON.stringify(update);
    const isTaken = update.update_id === number;
    number = update.update_id;
    if (isBare) {
      const bytes = Buffer.from(json);
      delivered.push({
        ...courseKey(event.receivedAt),
        bytes,
        receivedAt: event.receivedAt,
        event,
      });
      continue;
    }
    for (const [index, receivedAt] of [event.receivedAt, ...event.again].entries()) {
      const day = dayOf(eventTime(ownTime(update), receivedAt), zone);
      const received_at = new Date(receivedAt).toISOString();
      const envelope = writeEnvelope({ source, received_at, answer }, json);
      const hash = createHash('sha256').update(json).digest('hex');
      let key = `${dayPrefix(day)}${index === 0 ? 'first.ndjson' : 'again.ndjson'}`;
      if (isTaken && index === 0) key = rawKey(day, number, hash);
      delivered.push({ day, key, bytes: Buffer.from(envelope), receivedAt, event });
    }
    const damaged = DAMAGED[number % 991];
    if (damaged) {
      const day = dayOf(event.receivedAt, zone);
      const key = `${dayPrefix(day)}first.ndjson`;
      delivered.push({ day, key, bytes: damaged, receivedAt: event.receivedAt, event: null });
    }
  }
  return delivered;
}
