import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { Link, Redirect } from 'wouter';
import type { Chat, Conversation as Said, RecordRef, Status } from '../../../src/local/api.ts';
import { aroundIn, aroundParams, hrefOf, recordIn, recordParams, soughtIn } from '../app/place.ts';
import { useSetParams } from '../app/useSetParams.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import {
  useChats,
  useConversation,
  useConversationAround,
  useFoundRecord,
} from '../shared/queries.ts';
import { TracePanel } from '../trace/TracePanel.tsx';
import { entryOf } from '../trace/entryOf.ts';
import { ChatList } from './ChatList.tsx';
import styles from './ChatScreen.module.css';
import { ConnectBot } from './ConnectBot.tsx';
import { Conversation } from './Conversation.tsx';
import type { ActionBody } from './draft.ts';

/** Chats, one conversation, and what happened to the selected message. */
export function ChatScreen({ place, status }: { readonly place: Place; readonly status: Status }) {
  const text = useText();
  const wide = useMediaQuery('(min-width: 720px)', true, { getInitialValueInEffect: false });
  const chats = useChats(place.lake);
  const [connecting, setConnecting] = useState(false);
  const connect = () => {
    setConnecting(true);
  };

  if (chats.isLoadingError) {
    return (
      <div className={styles.failure}>
        <Notice
          error={chats.error}
          onRetry={() => {
            void chats.refetch();
          }}
        />
      </div>
    );
  }
  const list = chats.data?.chats;
  const first = list?.find(({ people }) => people.length > 0) ?? list?.[0];
  if (wide && place.chat === null && first) {
    return <Redirect to={hrefOf({ ...place, chat: first.id })} replace />;
  }
  const chat = list?.find(({ id }) => id === place.chat);
  const sought = soughtIn(place.params);
  return (
    <div className={styles.screen} data-conversation={place.chat !== null || undefined}>
      <ChatList place={place} chats={list} status={status} onConnect={connect} />
      {sought && place.chat !== null ? (
        <Sought place={place} chat={place.chat} query={sought} />
      ) : chat ? (
        <OpenChat key={chat.id} place={place} chat={chat} status={status} onConnect={connect} />
      ) : list && place.chat !== null && (recordIn(place.params) ?? aroundIn(place.params)) ? (
        <OpenChat
          key={place.chat}
          place={place}
          // It is in the raw layer only, not among those in memory: who it is comes with what was said.
          chat={{ ...UNKNOWN, id: place.chat, title: String(place.chat) }}
          status={status}
          onConnect={connect}
        />
      ) : (
        list && (
          <section className={styles.nothing} aria-label={text.chat.conversation}>
            {list.length === 0 ? (
              <EmptyState title={text.chat.none} hint={text.chat.noneHint} />
            ) : (
              <Link href={hrefOf({ lake: place.lake, screen: 'chat' })}>{text.chat.unknown}</Link>
            )}
          </section>
        )
      )}
      <ConnectBot
        opened={connecting}
        bot={status.bot}
        onClose={() => {
          setConnecting(false);
        }}
      />
    </div>
  );
}

/** A chat of which nothing is known yet. */
const UNKNOWN: Omit<Chat, 'id' | 'title'> = {
  type: 'private',
  people: [],
  lastText: null,
  lastAt: null,
};

/** Leads from a row of the table to its update in the conversation. */
function Sought(props: {
  readonly place: Place;
  readonly chat: number;
  readonly query: URLSearchParams;
}) {
  const { place, chat, query } = props;
  const text = useText();
  const found = useFoundRecord(place.lake, chat, query);
  if (found.data) {
    const params = aroundParams(found.data.record);
    return <Redirect to={hrefOf({ lake: place.lake, screen: 'chat', chat, params })} replace />;
  }
  return (
    <section className={styles.nothing} aria-label={text.chat.conversation} aria-busy>
      {!found.isError ? (
        <p className={styles.finding}>{text.chat.finding}</p>
      ) : found.error instanceof RequestError && found.error.status === 404 ? (
        <EmptyState title={text.chat.lost} hint={text.chat.lostHint} />
      ) : (
        <Notice
          error={found.error}
          onRetry={() => {
            void found.refetch();
          }}
        />
      )}
    </section>
  );
}

/** Updates shown around an old one on each side, at first and with each step further. */
const STEP = 100;

function OpenChat(props: {
  readonly place: Place;
  readonly chat: Chat;
  readonly status: Status;
  readonly onConnect: () => void;
}) {
  const { place, status } = props;
  const text = useText();
  const setParams = useSetParams();
  const beside = useMediaQuery('(min-width: 1160px)', true, { getInitialValueInEffect: false });
  const latest = useConversation(place.lake, props.chat.id);
  const pinned = recordIn(place.params);
  const asked = aroundIn(place.params) ?? pinned;
  // What is not among the last is read around the place where it stands.
  const isPast = asked !== null && latest.data !== undefined && !holds(latest.data, asked);
  const [span, setSpan] = useState({ before: STEP, after: STEP });
  const around = useConversationAround(place.lake, props.chat.id, isPast ? asked : null, span);
  const conversation = isPast ? around : latest;
  const chat = isPast ? (around.data?.chat ?? props.chat) : props.chat;
  const entries = conversation.data?.entries;
  const selected =
    pinned ?? aroundIn(place.params) ?? (beside ? (entries?.at(-1)?.record ?? null) : null);

  const select = (ref: RecordRef | null) => {
    // The old part that is read stays, whatever is selected in it.
    const stay = isPast ? Object.fromEntries(aroundParams(asked)) : {};
    setParams({ ...stay, ...(ref ? recordParams(ref) : { record: null, line: null }) });
  };
  const toLatest = () => {
    setParams({ record: null, line: null, around: null, aroundLine: null });
  };
  // What was just done is what one wants to see next: a new message is the latest anyhow.
  const showNext = ({ type }: ActionBody, record: RecordRef | null) => {
    if (!beside) return;
    const isLatest = type !== 'edit' && type !== 'react';
    if (isLatest && !pinned) return;
    setParams(isLatest || !record ? { record: null, line: null } : recordParams(record), {
      replace: true,
    });
  };
  const trace = (
    <TracePanel
      lake={status.lakes[place.lake]}
      matcher={status.matcher}
      entries={entries ?? []}
      selected={selected}
      pinned={pinned !== null}
      onSelect={select}
      {...(beside
        ? {}
        : {
            onClose: () => {
              select(null);
            },
          })}
    />
  );
  return (
    <>
      <Conversation
        place={place}
        chat={chat}
        status={status}
        entries={entries}
        error={conversation.isLoadingError ? conversation.error : null}
        onRetry={() => {
          void conversation.refetch();
        }}
        selected={selected}
        onSelect={select}
        onActed={showNext}
        onConnect={props.onConnect}
        {...(isPast && {
          past: {
            earlier: around.data?.earlier ?? false,
            later: around.data?.later ?? false,
            busy: around.isPlaceholderData,
            onLatest: toLatest,
            onMore: (side: 'after' | 'before') => {
              setSpan({ ...span, [side]: span[side] + STEP });
            },
          },
        })}
      />
      {beside ? (
        <aside className={styles.trace} aria-label={text.trace.title}>
          {trace}
        </aside>
      ) : (
        <Drawer.Root
          opened={pinned !== null}
          onClose={() => {
            select(null);
          }}
          position="right"
          size={440}
        >
          <Drawer.Overlay />
          <Drawer.Content aria-label={text.trace.title}>{trace}</Drawer.Content>
        </Drawer.Root>
      )}
    </>
  );
}

/** Whether a record is behind something that is shown of a conversation. */
function holds({ entries }: Said, ref: RecordRef): boolean {
  return entryOf(entries, ref) !== undefined;
}
