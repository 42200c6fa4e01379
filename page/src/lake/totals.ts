import type { LakeDay } from '../../../src/local/api.ts';

/** What all days of a lake come to. */
export interface Totals {
  readonly objects: number;
  readonly rawBytes: number;
  readonly messages: number;
  readonly rows: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly rejected: number;
  /** Days on which something was rejected. */
  readonly rejectedDays: number;
}

/** Adds up the days of a lake. */
export function totalsOf(days: readonly LakeDay[]): Totals {
  const sum = (of: (day: LakeDay) => number) => days.reduce((total, day) => total + of(day), 0);
  return {
    objects: sum(({ objects }) => objects),
    rawBytes: sum(({ rawBytes }) => rawBytes),
    messages: sum(({ messages }) => messages ?? 0),
    rows: sum(({ file }) => file?.rows ?? 0),
    files: sum(({ file }) => (file ? 1 : 0)),
    fileBytes: sum(({ file }) => file?.bytes ?? 0),
    rejected: sum(({ rejected }) => rejected),
    rejectedDays: sum(({ rejected }) => (rejected > 0 ? 1 : 0)),
  };
}

/**
 * Days that wait for somebody: over and not closed with all they hold, or with something rejected;
 * the latest first.
 *
 * @param today YYYY-MM-DD; that it is not closed yet is as it should be
 */
export function daysToLookAt(days: readonly LakeDay[], today: string): readonly LakeDay[] {
  return days
    .filter(({ day, state, rejected }) => {
      const isDue = day < today && (state === 'open' || state === 'behind');
      return isDue || rejected > 0;
    })
    .toReversed();
}
