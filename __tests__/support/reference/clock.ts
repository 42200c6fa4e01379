/*
 * Days, weeks and hours by other means than the program's: Intl for zones, whole milliseconds for
 * the calendar.
 */

const DAY_MS = 86_400_000;

/** A wall clock of a zone: from Unix milliseconds to the clock's milliseconds, as if it showed UTC. */
export function wallClockOf(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });
  // No zone changes its clock within a quarter of an hour.
  const quarter = 900_000;
  const offsets = new Map<number, number>();
  return (time) => {
    const start = Math.floor(time / quarter) * quarter;
    let offset = offsets.get(start);
    if (offset === undefined) {
      const shown = Object.fromEntries(
        format.formatToParts(start).map(({ type, value }) => [type, value]),
      );
      const { year, month, day, hour, minute, second } = shown;
      offset = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - start;
      offsets.set(start, offset);
    }
    return time + offset;
  };
}

/** The day on a wall clock, `YYYY-MM-DD`. */
export function dayText(clock: number): string {
  return new Date(clock).toISOString().slice(0, 10);
}

/** A moment as results show it: without a fraction when it is zero. */
export function momentText(clock: number): string {
  return new Date(clock).toISOString().replace(/(\.000)?Z$/, '');
}

/** 1 Monday to 7 Sunday. */
export function weekday(clock: number): number {
  return ((Math.floor(clock / DAY_MS) + 3) % 7) + 1;
}

/** The Monday of a moment's week, `YYYY-MM-DD`. */
export function monday(clock: number): string {
  return dayText(clock - (weekday(clock) - 1) * DAY_MS);
}

/** ISO 8601: the week that holds the year's first Thursday is week 1. */
export function isoWeek(clock: number): { readonly year: number; readonly week: number } {
  const thursday = clock + (4 - weekday(clock)) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) };
}

/** Weeks from one Monday to another. */
export function weeksBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / (7 * DAY_MS));
}
