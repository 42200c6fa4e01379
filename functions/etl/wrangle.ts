import type { MessageInput } from '../../src/lake/columns.ts';
import { type Day, endOfDayIn, eventTime, startOfDayIn, wallClock } from '../../src/lake/days.ts';
import { questionKey } from '../../src/lake/questionKey.ts';
import type { RawRecord } from '../../src/lake/rawRecords.ts';

/** A day and its borders in the lake's zone. */
export interface DayBounds {
  readonly day: Day;
  readonly zone: string;
  /** First instant, Unix milliseconds. */
  readonly start: number;
  /** First instant after it, Unix milliseconds. */
  readonly end: number;
}

/** A row to be, and what decides whether it becomes one. */
export interface Row {
  readonly message: MessageInput;
  /** Whether the update's own time falls on the day; `false` also when it has none. */
  readonly isOwnDay: boolean;
}

/** The borders of a day in a zone. */
export function dayBounds(day: Day, zone: string): DayBounds {
  return { day, zone, start: startOfDayIn(day, zone), end: endOfDayIn(day, zone) };
}

/** From a record of the raw layer to a row of the day. */
export function wrangle(record: RawRecord, { zone, start, end }: DayBounds): Row {
  const { facts, source, receivedAt, answer } = record;
  const time = eventTime(facts.ownTime, receivedAt);
  const question = facts.command === null ? (facts.text ?? facts.caption) : null;
  return {
    message: {
      facts,
      source,
      receivedAt,
      localTime: wallClock(time, zone),
      questionKey: question === null ? null : questionKey(question),
      answer,
    },
    isOwnDay: facts.ownTime !== null && time >= start && time < end,
  };
}
