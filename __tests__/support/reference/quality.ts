import type { Period } from '../../../src/analytics/scope.ts';
import type { SeededLake } from '../seeded/lake.ts';
import type { SeededEvent } from '../seeded/update.ts';
import { dayText, momentText, wallClockOf } from './clock.ts';
import { type Row, groupBy, sortRows } from './rows.ts';

/** From what was delivered: what of it became rows, and what did not. */
export function dataQualityPerDay(
  { deliveries, zone, finishedAt }: SeededLake,
  { from, to }: Period,
): Row[] {
  const toClock = wallClockOf(zone);
  const seen = new Set<SeededEvent>();
  const days = groupBy(deliveries, ({ day }) => day);
  const rows = [...days].map(([context_date, own]) => {
    let [fresh, rejected, late] = [0, 0, 0];
    for (const { event, receivedAt } of own) {
      if (event === null) rejected++;
      else if (!seen.has(event)) {
        seen.add(event);
        fresh++;
        if (dayText(toClock(receivedAt)) > context_date) late++;
      }
    }
    return {
      context_date,
      stored: own.length,
      row_amount: fresh,
      duplicates: own.length - fresh - rejected,
      rejected,
      late,
      finished_at: momentText(finishedAt.get(context_date) ?? Number.NaN),
    };
  });
  return sortRows(
    rows.filter(({ context_date: day }) => from <= day && day <= to),
    '-context_date',
  );
}
