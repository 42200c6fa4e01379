import { type Day, addToDay, dayOf } from '../../src/lake/days.ts';

/**
 * Whether raw objects of a day may have expired by now: what its file holds beyond them is then all
 * that is left.
 *
 * @param options.now Unix milliseconds
 */
export function mayBeGone(
  day: Day,
  zone: string,
  { now, rawRetentionDays }: { readonly now: number; readonly rawRetentionDays: number },
): boolean {
  return addToDay(day, rawRetentionDays) <= dayOf(now, zone);
}

/** Why a file with such rows was left alone. */
export function keptReason(lost: number, rows: number, rawRetentionDays: number): string {
  return (
    `Left as it is: ${lost} of its ${rows} rows have no raw object any more, ` +
    `which is to be expected after ${rawRetentionDays} days.`
  );
}
