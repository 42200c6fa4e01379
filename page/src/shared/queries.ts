import { useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import type {
  Action,
  ActionResult,
  AnalysisList,
  AnalysisResult,
  ChatList,
  CloseResult,
  Conversation,
  ConversationAround,
  FilterChoices,
  FoundRecord,
  LakeId,
  RecordDetails,
  RecordRef,
  RowsBehind,
  Status,
} from '../../../src/local/api.ts';
import { get, post } from './api.ts';
import { inTurn } from './inTurn.ts';
import type { Period } from './period.ts';

/** Names under which answers of the API are cached; a prefix invalidates all beneath it. */
export const keys = {
  status: ['status'] as const,
  lake: (lake: LakeId) => ['lake', lake] as const,
  chats: (lake: LakeId) => ['lake', lake, 'chats'] as const,
  conversation: (lake: LakeId, chat: number) => ['lake', lake, 'chat', chat] as const,
  days: (lake: LakeId) => ['lake', lake, 'days'] as const,
  day: (lake: LakeId, day: string) => ['lake', lake, 'day', day] as const,
};

/** The server's state, both lakes and the bot. */
export function useStatus() {
  return useQuery({
    queryKey: keys.status,
    queryFn: ({ signal }) => get<Status>('/status', signal),
    // A new day begins, a real bot comes up or fails: no event tells of these.
    refetchInterval: 30_000,
  });
}

/** The lake's chats, most recently active first. */
export function useChats(lake: LakeId) {
  return useQuery({
    queryKey: keys.chats(lake),
    queryFn: ({ signal }) => get<ChatList>(`/lakes/${lake}/chats`, signal),
  });
}

/** A chat's last entries, oldest first. */
export function useConversation(lake: LakeId, chat: number) {
  return useQuery({
    queryKey: keys.conversation(lake, chat),
    queryFn: ({ signal }) => get<Conversation>(`/lakes/${lake}/chats/${chat}/entries`, signal),
  });
}

/** What happened to one update. */
export function useRecord(lake: LakeId, ref: RecordRef) {
  return useQuery({
    queryKey: ['lake', lake, 'record', ref.key, ref.line],
    queryFn: ({ signal }) =>
      get<RecordDetails>(
        `/lakes/${lake}/record?${new URLSearchParams({ key: ref.key, line: String(ref.line) })}`,
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** The analyses there are, with their charts and SQL. */
export function useAnalyses() {
  return useQuery({
    queryKey: ['analyses'],
    queryFn: ({ signal }) => get<AnalysisList>('/analyses', signal),
    staleTime: Infinity,
  });
}

/**
 * Rows of one analysis.
 *
 * @param query period and filters, as `AnalysisResult` has them; null asks for nothing yet
 */
export function useAnalysis(lake: LakeId, name: string, query: URLSearchParams | null) {
  return useQuery({
    queryKey: ['lake', lake, 'analysis', name, String(query)],
    queryFn: ({ signal }) =>
      inTurn(signal, () =>
        get<AnalysisResult>(`/lakes/${lake}/analyses/${name}?${String(query)}`, signal),
      ),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  });
}

/** The rows behind a number. @param query as `RowsBehind` has it */
export function useRowsBehind(lake: LakeId, name: string, query: URLSearchParams) {
  return useQuery({
    queryKey: ['lake', lake, 'rows', name, String(query)],
    queryFn: ({ signal }) =>
      get<RowsBehind>(`/lakes/${lake}/analyses/${name}/rows?${String(query)}`, signal),
  });
}

/** Chats and topics of a period, to filter by. @param enabled whether it is time to ask */
export function useFilterChoices(lake: LakeId, { from, to }: Period, enabled = true) {
  return useQuery({
    queryKey: ['lake', lake, 'filters', from, to],
    queryFn: ({ signal }) =>
      get<FilterChoices>(
        `/lakes/${lake}/filters?${String(new URLSearchParams({ from, to }))}`,
        signal,
      ),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** Where the raw layer holds what a row of the table was made from. @param query as `FoundRecord` */
export function useFoundRecord(lake: LakeId, chat: number, query: URLSearchParams | null) {
  return useQuery({
    queryKey: ['lake', lake, 'found', chat, String(query)],
    queryFn: ({ signal }) =>
      get<FoundRecord>(`/lakes/${lake}/chats/${chat}/find?${String(query)}`, signal),
    enabled: query !== null,
    staleTime: Infinity,
  });
}

/** What was said around an update. @param ref null asks for nothing */
export function useConversationAround(
  lake: LakeId,
  chat: number,
  ref: RecordRef | null,
  span: { readonly before: number; readonly after: number },
) {
  return useQuery({
    queryKey: ['lake', lake, 'chat', chat, 'around', ref?.key, ref?.line, span.before, span.after],
    queryFn: ({ signal }) =>
      get<ConversationAround>(
        `/lakes/${lake}/chats/${chat}/around?${String(
          new URLSearchParams({
            key: ref?.key ?? '',
            line: String(ref?.line ?? 0),
            before: String(span.before),
            after: String(span.after),
          }),
        )}`,
        signal,
      ),
    enabled: ref !== null,
    placeholderData: keepPreviousData,
  });
}

/** Does what a person does in the simulator. */
export function useAct(lake: LakeId, chat: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: Action) =>
      post<ActionResult>(`/lakes/${lake}/chats/${chat}/actions`, action),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.conversation(lake, chat) }),
        client.invalidateQueries({ queryKey: keys.chats(lake) }),
        client.invalidateQueries({ queryKey: keys.status }),
      ]),
  });
}

/** Runs the ETL of a day; of today when none is named. */
export function useCloseDay(lake: LakeId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (day?: string) =>
      post<CloseResult>(`/lakes/${lake}/close`, day === undefined ? {} : { day }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.lake(lake) }),
        client.invalidateQueries({ queryKey: keys.status }),
      ]),
  });
}
