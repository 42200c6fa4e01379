import { useLocation, useSearch } from 'wouter';
import type { LakeId, RecordRef } from '../../../src/local/api.ts';

/** The page's screens, in the order of the rail. */
export const SCREENS = ['chat', 'lake', 'analyses', 'sql'] as const;

/** One of {@link SCREENS}. */
export type Screen = (typeof SCREENS)[number];

/** Where in the page one is. All of it stands in the URL, so that Back and a reload work. */
export interface Place {
  readonly lake: LakeId;
  readonly screen: Screen;
  readonly chat: number | null;
  readonly params: URLSearchParams;
}

const PATH = new RegExp(`^/(own|sample)/(${SCREENS.join('|')})(?:/(-?\\d{1,16}))?/?$`);

/** Reads a place from a URL's path and query; null where the page has none. */
export function parsePlace(path: string, search: string): Place | null {
  const [, lake, screen, chat] = PATH.exec(path) ?? [];
  if (!lake || !screen || (chat && screen !== 'chat')) return null;
  return {
    lake: lake as LakeId,
    screen: screen as Screen,
    chat: chat ? Number(chat) : null,
    params: new URLSearchParams(search),
  };
}

/** The URL of a place. */
export function hrefOf(place: {
  readonly lake: LakeId;
  readonly screen: Screen;
  readonly chat?: number | null;
  readonly params?: URLSearchParams;
}): string {
  const chat = typeof place.chat === 'number' ? `/${place.chat}` : '';
  const query = place.params?.toString() ?? '';
  return `/${place.lake}/${place.screen}${chat}${query ? `?${query}` : ''}`;
}

/** The place shown now. */
export function usePlace(): Place | null {
  const [path] = useLocation();
  return parsePlace(path, useSearch());
}

/** The selected record, if the query names one. */
export function recordIn(params: URLSearchParams): RecordRef | null {
  return refIn(params, 'record', 'line');
}

/** The record around which a conversation is read, if the query names one. */
export function aroundIn(params: URLSearchParams): RecordRef | null {
  return refIn(params, 'around', 'aroundLine');
}

function refIn(params: URLSearchParams, keyName: string, lineName: string): RecordRef | null {
  const key = params.get(keyName);
  if (!key) return null;
  const line = Number(params.get(lineName) ?? '0');
  return { key, line: Number.isSafeInteger(line) && line >= 0 ? line : 0 };
}

/** The query of a conversation that is read around a record. */
export function aroundParams({ key, line }: RecordRef): URLSearchParams {
  return new URLSearchParams({ around: key, ...(line > 0 && { aroundLine: String(line) }) });
}

/** What of the table the query wants to see in its conversation: the API's query of `FoundRecord`. */
export function soughtIn(params: URLSearchParams): URLSearchParams | null {
  const day = params.get('day');
  const sought = (['update', 'time'] as const).find((name) => params.has(name));
  if (!day || !sought) return null;
  return new URLSearchParams({ day, [sought]: params.get(sought) ?? '' });
}

/** Query parameters that select a record. */
export function recordParams(ref: RecordRef): Readonly<Record<'line' | 'record', string | null>> {
  return { record: ref.key, line: ref.line === 0 ? null : String(ref.line) };
}
