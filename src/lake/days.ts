import { TZDate, tz } from '@date-fns/tz';
import { addDays, eachDayOfInterval, format, isValid, parse, startOfDay } from 'date-fns';

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

/** The day that an instant falls on in a zone. @param time Unix milliseconds */
export function dayOf(time: number, zone: string): Day {
  return format(new TZDate(time, zone), 'yyyy-MM-dd');
}
