import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  DayFileDetails,
  DayRows,
  DayRuns,
  LakeDays,
  LakeId,
  LakeObjects,
  LakeScans,
  LineContent,
  ObjectLines,
  RecordRef,
  RejectedDetails,
  RejectedRecords,
  ReplayResult,
} from '../../../src/local/api.ts';
import { get, post } from '../shared/api.ts';
import type { Period } from '../shared/period.ts';
import { keys } from '../shared/queries.ts';

/** A page of a list, as the API counts. */
interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** What to ask for with the parameters of a query. */
function withQuery(path: string, params: Readonly<Record<string, number | string>>): string {
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]) => [name, String(value)]),
  );
  return `${path}?${query.toString()}`;
}

/**
 * Whether two questions are for pages of one list, of which the last part of a key tells: the page
 * before then stays in sight while the next one is read.
 */
function isSameList(one: readonly unknown[] | undefined, other: readonly unknown[]): boolean {
  return JSON.stringify(one?.slice(0, -1)) === JSON.stringify(other.slice(0, -1));
}

/** Every day of a lake, in order. */
export function useLakeDays(lake: LakeId) {
  return useQuery({
    queryKey: keys.days(lake),
    queryFn: ({ signal }) => get<LakeDays>(`/lakes/${lake}/days`, signal),
  });
}

/** What the four analyses read of some days. @param period null asks for nothing */
export function useScans(lake: LakeId, period: Period | null) {
  const queryKey = ['lake', lake, 'scans', period];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<LakeScans>(withQuery(`/lakes/${lake}/scans`, { ...period }), signal),
    enabled: period !== null,
    placeholderData: (previous, query) =>
      isSameList(query?.queryKey, queryKey) ? previous : undefined,
  });
}

/** Raw objects of a day. */
export function useDayObjects(lake: LakeId, day: string, slice: Slice) {
  const queryKey = [...keys.day(lake, day), 'objects', slice];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<LakeObjects>(withQuery(`/lakes/${lake}/days/${day}/objects`, { ...slice }), signal),
    placeholderData: (previous, query) =>
      isSameList(query?.queryKey, queryKey) ? previous : undefined,
  });
}

/** Records of an object that holds one a line. @param key null asks for nothing */
export function useObjectLines(lake: LakeId, day: string, key: string | null, slice: Slice) {
  const queryKey = [...keys.day(lake, day), 'lines', key, slice];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<ObjectLines>(withQuery(`/lakes/${lake}/lines`, { key: key ?? '', ...slice }), signal),
    enabled: key !== null,
    placeholderData: (previous, query) =>
      isSameList(query?.queryKey, queryKey) ? previous : undefined,
  });
}

/** One record as it is stored. */
export function useLineContent(lake: LakeId, { key, line }: RecordRef) {
  return useQuery({
    queryKey: ['lake', lake, 'line', key, line],
    queryFn: ({ signal }) =>
      get<LineContent>(withQuery(`/lakes/${lake}/line`, { key, line }), signal),
  });
}

/** The day's Parquet file, as its footer describes it. @param exists whether there is one */
export function useDayFile(lake: LakeId, day: string, exists: boolean) {
  return useQuery({
    queryKey: [...keys.day(lake, day), 'file'],
    queryFn: ({ signal }) => get<DayFileDetails>(`/lakes/${lake}/days/${day}/file`, signal),
    enabled: exists,
  });
}

/** Rows of the day's file. @param exists whether there is one */
export function useDayRows(lake: LakeId, day: string, exists: boolean, slice: Slice) {
  const queryKey = [...keys.day(lake, day), 'rows', slice];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<DayRows>(withQuery(`/lakes/${lake}/days/${day}/rows`, { ...slice }), signal),
    enabled: exists,
    placeholderData: (previous, query) =>
      isSameList(query?.queryKey, queryKey) ? previous : undefined,
  });
}

/** Runs of the daily step over a day, the last one first. */
export function useDayRuns(lake: LakeId, day: string) {
  return useQuery({
    queryKey: [...keys.day(lake, day), 'runs'],
    queryFn: ({ signal }) => get<DayRuns>(`/lakes/${lake}/days/${day}/runs`, signal),
  });
}

/** What was rejected on a day. */
export function useRejected(lake: LakeId, day: string, slice: Slice) {
  const queryKey = [...keys.day(lake, day), 'rejected', slice];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      get<RejectedRecords>(withQuery(`/lakes/${lake}/days/${day}/rejected`, { ...slice }), signal),
    placeholderData: (previous, query) =>
      isSameList(query?.queryKey, queryKey) ? previous : undefined,
  });
}

/** One rejected record with what is kept of it. */
export function useRejectedDetails(lake: LakeId, key: string) {
  return useQuery({
    // Its key is a hash of what it holds: it may go, and never changes.
    queryKey: ['rejected', lake, key],
    queryFn: ({ signal }) =>
      get<RejectedDetails>(withQuery(`/lakes/${lake}/rejected`, { key }), signal),
    staleTime: Infinity,
  });
}

/** What is to be replayed: all of a day, or one record, mended where there is a body. */
export type ReplayWish =
  { readonly day: string } | { readonly key: string; readonly body?: string };

/** Brings back what was rejected. */
export function useReplay(lake: LakeId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: ReplayWish) => post<ReplayResult>(`/lakes/${lake}/replay`, wish),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.lake(lake) }),
        client.invalidateQueries({ queryKey: keys.status }),
      ]),
  });
}
