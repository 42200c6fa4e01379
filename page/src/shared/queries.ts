import { useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import type {
  Action,
  ActionResult,
  AnalysisList,
  AnalysisResult,
  ChatList,
  CloseResult,
  Conversation,
  LakeId,
  RecordDetails,
  RecordRef,
  Status,
  Summary,
} from '../../../src/local/api.ts';
import { get, post } from './api.ts';
import type { Period } from './period.ts';

/** Names under which answers of the API are cached; a prefix invalidates all beneath it. */
export const keys = {
  status: ['status'] as const,
  lake: (lake: LakeId) => ['lake', lake] as const,
  chats: (lake: LakeId) => ['lake', lake, 'chats'] as const,
  conversation: (lake: LakeId, chat: number) => ['lake', lake, 'chat', chat] as const,
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

/** Rows of one analysis over a period. */
export function useAnalysis(lake: LakeId, name: string, period: Period) {
  return useQuery({
    queryKey: ['lake', lake, 'analysis', name, period.from, period.to],
    queryFn: ({ signal }) =>
      get<AnalysisResult>(`/lakes/${lake}/analyses/${name}?${periodQuery(period)}`, signal),
    placeholderData: keepPreviousData,
  });
}

/** The tiles' numbers over a period and the one before. */
export function useSummary(lake: LakeId, period: Period) {
  return useQuery({
    queryKey: ['lake', lake, 'summary', period.from, period.to],
    queryFn: ({ signal }) => get<Summary>(`/lakes/${lake}/summary?${periodQuery(period)}`, signal),
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

function periodQuery({ from, to }: Period): URLSearchParams {
  return new URLSearchParams({ from, to });
}
