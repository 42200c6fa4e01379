import { recordIn, recordParams } from '../app/place.ts';
import { dayOfKey } from '../shared/dayOfKey.ts';
import { isDay } from '../shared/period.ts';
import type { RecordRef } from '../../../src/local/api.ts';

/** Parts of a day, in their order. */
export const TABS = ['objects', 'rows', 'file', 'rejected'] as const;

/** One of {@link TABS}. */
export type Tab = (typeof TABS)[number];

/** What of the lake is looked at: all its days, or a part of one. */
export interface LakePlace {
  /** YYYY-MM-DD; null for all days. */
  readonly day: string | null;
  /** Whether the URL names something that is no day. */
  readonly isUnreadable: boolean;
  readonly tab: Tab;
  /** From 1. */
  readonly page: number;
  /** Key of the packed object whose lines are listed. */
  readonly object: string | null;
  /** The record that is shown. */
  readonly record: RecordRef | null;
  /** Key of the rejected record that is shown. */
  readonly rejected: string | null;
}

/** Reads from the query what is looked at. */
export function lakePlaceIn(params: URLSearchParams): LakePlace {
  const day = params.get('day');
  const isUnreadable = day !== null && !isDay(day);
  const wish = params.get('tab');
  const page = Number(params.get('page') ?? '1');
  return {
    day: isUnreadable ? null : day,
    isUnreadable,
    tab: TABS.find((tab) => tab === wish) ?? TABS[0],
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    object: params.get('object'),
    record: recordIn(params),
    rejected: params.get('rejected'),
  };
}

/** The query that leads to a part of the lake; what is not named is left at its beginning. */
export function lakeParams(place: Partial<Omit<LakePlace, 'isUnreadable'>>): URLSearchParams {
  const { day, tab, page, object, record, rejected } = place;
  const params = new URLSearchParams();
  const set = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) params.set(name, value);
  };
  set('day', day);
  if (tab !== TABS[0]) set('tab', tab);
  if (page !== undefined && page > 1) set('page', String(page));
  set('object', object);
  if (record) for (const [name, value] of Object.entries(recordParams(record))) set(name, value);
  set('rejected', rejected);
  return params;
}

/** Whether an object holds many records, one a line. */
export function isPacked(key: string): boolean {
  return /\.ndjson(?:\.gz)?$/.test(key);
}

/** Where a raw object's record is shown, by its key. */
export function placeOfRecord(record: RecordRef): Partial<LakePlace> {
  const day = dayOfKey(record.key) ?? null;
  return { day, tab: 'objects', record, ...(isPacked(record.key) && { object: record.key }) };
}
