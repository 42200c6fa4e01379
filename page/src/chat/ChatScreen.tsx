import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { Link, Redirect } from 'wouter';
import type { Chat, RecordRef, Status } from '../../../src/local/api.ts';
import { hrefOf, recordIn, recordParams, useSetParams } from '../app/place.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { useChats, useConversation } from '../shared/queries.ts';
import { TracePanel } from '../trace/TracePanel.tsx';
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
  return (
    <div className={styles.screen} data-conversation={place.chat !== null || undefined}>
      <ChatList place={place} chats={list} status={status} onConnect={connect} />
      {chat ? (
        <OpenChat key={chat.id} place={place} chat={chat} status={status} onConnect={connect} />
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

function OpenChat(props: {
  readonly place: Place;
  readonly chat: Chat;
  readonly status: Status;
  readonly onConnect: () => void;
}) {
  const { place, chat, status } = props;
  const text = useText();
  const setParams = useSetParams();
  const beside = useMediaQuery('(min-width: 1160px)', true, { getInitialValueInEffect: false });
  const conversation = useConversation(place.lake, chat.id);
  const entries = conversation.data?.entries;
  const pinned = recordIn(place.params);
  const selected = pinned ?? (beside ? (entries?.at(-1)?.record ?? null) : null);

  const select = (ref: RecordRef | null) => {
    setParams(ref ? recordParams(ref) : { record: null, line: null });
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
