import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowLeft } from '@tabler/icons-react';
import { Fragment, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Link } from 'wouter';
import type { Chat, Entry, LakeStatus, Person, RecordRef, Status } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { useSetParams } from '../app/useSetParams.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { dayOf, sayDay } from '../shared/format.ts';
import { useAct } from '../shared/queries.ts';
import { Avatar } from './Avatar.tsx';
import { Bubble } from './Bubble.tsx';
import { Composer } from './Composer.tsx';
import styles from './Conversation.module.css';
import { ServiceLine } from './ServiceLine.tsx';
import { Welcome } from './Welcome.tsx';
import type { Draft } from './draft.ts';
import { NEW_DRAFT } from './draft.ts';
import type { ActionBody } from './draft.ts';

/** How far from the end, in pixels, one may have scrolled and still be carried along. */
const NEAR_END = 80;

/** One chat: its entries, and what one can say in it. */
export function Conversation(props: {
  readonly place: Place;
  readonly chat: Chat;
  readonly status: Status;
  readonly entries: readonly Entry[] | undefined;
  readonly error: Error | null;
  readonly onRetry: () => void;
  readonly selected: RecordRef | null;
  readonly onSelect: (ref: RecordRef | null) => void;
  /** Told when something was done, with the update that it became. */
  readonly onActed: (body: ActionBody, record: RecordRef | null) => void;
  readonly onConnect: () => void;
  /** Set when an old part of the conversation is shown: it is to be read only. */
  readonly past?: {
    readonly earlier: boolean;
    readonly later: boolean;
    readonly busy: boolean;
    readonly onLatest: () => void;
    readonly onMore: (side: 'after' | 'before') => void;
  };
}) {
  const { place, chat, status, entries, past } = props;
  const text = useText();
  const lake = status.lakes[place.lake];
  const setParams = useSetParams();
  const act = useAct(place.lake, chat.id);
  const [draft, setDraft] = useState<Draft>(NEW_DRAFT);
  const mine = past ? [] : chat.people;
  const me = mine.find(({ id }) => String(id) === place.params.get('as')) ?? mine[0];

  const send = (body: ActionBody, afterwards?: () => void) => {
    if (!me) return;
    act.mutate(
      { personId: me.id, ...body },
      {
        onSuccess: ({ record }) => {
          props.onActed(body, record);
          afterwards?.();
        },
      },
    );
  };
  const speakAs = (person: Person) => {
    setParams({ as: String(person.id) }, { replace: true });
  };

  return (
    <section className={styles.conversation} aria-label={text.chat.conversation}>
      <header className={styles.header}>
        <ActionIcon
          component={Link}
          href={hrefOf({ lake: place.lake, screen: 'chat' })}
          className={styles.back}
          size={40}
          variant="subtle"
          color="gray"
          aria-label={text.chat.back}
        >
          <IconArrowLeft size={20} stroke={1.6} />
        </ActionIcon>
        <Avatar id={chat.id} name={chat.title} group={chat.type !== 'private'} size={32} />
        <div className={styles.about}>
          <h2 className={styles.title}>{chat.title}</h2>
          <p className={styles.subtitle}>{subtitle(chat, status, text)}</p>
        </div>
      </header>
      {props.error ? (
        <div className={styles.failure}>
          <Notice error={props.error} onRetry={props.onRetry} />
        </div>
      ) : (
        <Entries
          lake={lake}
          chat={chat}
          me={me}
          entries={entries}
          selected={props.selected}
          onSelect={props.onSelect}
          onDraft={setDraft}
          onAct={send}
          past={past}
          empty={
            place.lake === 'own' && lake.lastMessageAt === null && me ? (
              <Welcome
                onConnect={props.onConnect}
                onSay={(words) => {
                  send({ type: 'text', text: words });
                }}
              />
            ) : (
              <EmptyState title={text.chat.empty} hint={text.chat.emptyHint} />
            )
          }
        />
      )}
      <footer className={styles.footer}>
        {act.error && (
          <Notice
            error={act.error}
            onDismiss={() => {
              act.reset();
            }}
          />
        )}
        {act.data && (act.data.status >= 300 || act.data.record === null) && (
          <Notice
            error={
              new RequestError(
                act.data.status >= 300
                  ? text.composer.refused(act.data.status)
                  : text.composer.notStored,
                null,
                act.data.status,
              )
            }
            onDismiss={() => {
              act.reset();
            }}
          />
        )}
        {past ? (
          <p className={styles.readOnly}>
            {text.chat.past}{' '}
            <button type="button" onClick={past.onLatest}>
              {text.chat.toLatest}
            </button>
          </p>
        ) : me ? (
          <Composer
            chat={chat}
            me={me}
            status={status}
            draft={draft}
            busy={act.isPending}
            lastOwn={entries?.findLast((entry) => isOwn(entry, me) && entry.contentType === 'text')}
            onDraft={setDraft}
            onSend={send}
            onSpeakAs={speakAs}
          />
        ) : (
          <p className={styles.readOnly}>
            {place.lake === 'sample' ? text.chat.readOnlySample : text.chat.readOnly}{' '}
            {place.lake === 'sample' && (
              <Link href={hrefOf({ lake: 'own', screen: 'chat' })}>{text.lake.toOwn}</Link>
            )}
          </p>
        )}
      </footer>
    </section>
  );
}

function Entries(props: {
  readonly lake: LakeStatus;
  readonly chat: Chat;
  readonly me: Person | undefined;
  readonly entries: readonly Entry[] | undefined;
  readonly selected: RecordRef | null;
  readonly onSelect: (ref: RecordRef) => void;
  readonly onDraft: (draft: Draft) => void;
  readonly onAct: (body: ActionBody) => void;
  readonly empty: React.ReactNode;
  readonly past: Parameters<typeof Conversation>[0]['past'];
}) {
  const { lake, chat, me, entries, selected, past } = props;
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const wasNearEnd = useRef(true);
  /** The last entry that was shown so far. */
  const shown = useRef<string | null>(null);
  /** The first one, the height of all, and whether they were old: to stay in place when more come. */
  const first = useRef<string | null>(null);
  const height = useRef(0);
  const wasPast = useRef(false);
  const [below, setBelow] = useState(false);
  const [focused, setFocused] = useState<string | null>(null);
  const last = entries?.at(-1)?.id;
  // One stop for the Tab key; the arrows go through the messages.
  const tabStop = entries?.some(({ id }) => id === focused) ? focused : last;

  const isPast = past !== undefined;
  useLayoutEffect(() => {
    const element = scroller.current;
    const newest = entries?.at(-1)?.id;
    if (!element || newest === undefined) return;
    const oldest = entries?.[0]?.id ?? null;
    const grown = element.scrollHeight - height.current;
    height.current = element.scrollHeight;
    const isEarlier = isPast && wasPast.current && first.current !== oldest;
    const isOpened = shown.current === null || wasPast.current !== isPast;
    first.current = oldest;
    wasPast.current = isPast;
    if (isEarlier) {
      // What came in above pushes down what is read.
      element.scrollTop += grown;
      shown.current = newest;
      return;
    }
    const target = isOpened ? element.querySelector('[data-selected]') : null;
    if (target) target.scrollIntoView({ block: 'center' });
    else if (isPast) return;
    else if (wasNearEnd.current) element.scrollTop = element.scrollHeight;
    else if (newest !== shown.current) setBelow(true);
    shown.current = newest;
  }, [entries, isPast]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    wasNearEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    if (wasNearEnd.current) setBelow(false);
  };
  const toEnd = () => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'smooth' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const from = (event.target as HTMLElement).closest('[data-stop]');
    if (step === undefined || !from) return;
    const stops = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];
    const next = stops[stops.indexOf(from as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    setFocused(next.dataset.stop ?? null);
  };

  return (
    <div className={styles.scroller} ref={scroller} onScroll={onScroll} onKeyDown={onKeyDown}>
      {entries?.length === 0 ? (
        props.empty
      ) : (
        <div
          className={styles.log}
          role="log"
          aria-label={text.chat.conversation}
          aria-live="polite"
        >
          {past?.earlier && <More side="before" past={past} />}
          <ol className={styles.entries}>
            {entries?.map((entry, index) => {
              const day = dayOf(entry.at, lake.zone);
              const before = entries[index - 1];
              const newDay = !before || dayOf(before.at, lake.zone) !== day;
              const shared = {
                entry,
                zone: lake.zone,
                stop: entry.id === tabStop,
                selected: selected,
                onSelect: props.onSelect,
              };
              return (
                <Fragment key={entry.id}>
                  {newDay && <li className={styles.day}>{sayDay(day, lake.today, text)}</li>}
                  {entry.by === 'service' || entry.contentType === 'callback_query' ? (
                    <ServiceLine {...shared} />
                  ) : (
                    <Bubble
                      {...shared}
                      group={chat.type !== 'private'}
                      own={me ? isOwn(entry, me) : chat.type === 'private' && entry.by === 'person'}
                      follows={!newDay && sameVoice(before, entry)}
                      me={me}
                      onDraft={props.onDraft}
                      onAct={props.onAct}
                    />
                  )}
                </Fragment>
              );
            }) ??
              [200, 320, 240, 360].map((width, index) => (
                <li key={width} className={styles.loading} data-own={index % 2 === 0 || undefined}>
                  <Skeleton height={56} width={width} radius={16} />
                </li>
              ))}
          </ol>
          {past?.later && <More side="after" past={past} />}
        </div>
      )}
      {below && (
        <Button
          className={styles.below}
          size="xs"
          radius="xl"
          leftSection={<IconArrowDown size={14} aria-hidden />}
          onClick={toEnd}
        >
          {text.chat.newMessages}
        </Button>
      )}
    </div>
  );
}

/** Shows more of an old conversation, before or after what is shown. */
function More(props: {
  readonly side: 'after' | 'before';
  readonly past: NonNullable<Parameters<typeof Conversation>[0]['past']>;
}) {
  const { side, past } = props;
  const text = useText();
  return (
    <div className={styles.more}>
      <Button
        size="xs"
        variant="default"
        loading={past.busy}
        onClick={() => {
          past.onMore(side);
        }}
      >
        {side === 'before' ? text.chat.earlier : text.chat.later}
      </Button>
    </div>
  );
}

/** Whether an entry was written by the person one is. */
function isOwn(entry: Entry, me: Person): boolean {
  return entry.by === 'person' && entry.author?.id === me.id;
}

/** Whether two neighbours are of one voice, so that the name need not stand twice. */
function sameVoice(before: Entry | undefined, entry: Entry): boolean {
  return before?.by === entry.by && before.author?.id === entry.author?.id;
}

function subtitle(chat: Chat, status: Status, text: ReturnType<typeof useText>): string {
  if (chat.type === 'channel') return text.chat.channel;
  if (chat.type !== 'private') {
    return chat.people.length > 0
      ? `${text.chat.group} · ${text.chat.members(chat.people.length + 1)}`
      : text.chat.group;
  }
  const [person] = chat.people;
  const name = person?.username ? `@${person.username}` : chat.title;
  return status.bot.mode === 'problem' ? name : `${name} ↔ @${status.bot.username}`;
}
