import { Button, Skeleton } from '@mantine/core';
import { IconBrandTelegram } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Chat, LakeStatus, Status } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { dayOf, formatTime, sayDay } from '../shared/format.ts';
import { Avatar } from './Avatar.tsx';
import styles from './ChatList.module.css';

/** The chats there are, most recently active first. */
export function ChatList(props: {
  readonly place: Place;
  readonly chats: readonly Chat[] | undefined;
  readonly status: Status;
  readonly onConnect: () => void;
}) {
  const { place, chats, status } = props;
  const text = useText();
  return (
    <nav className={styles.list} aria-label={text.chat.list}>
      <ul className={styles.chats}>
        {chats?.map((chat) => (
          <li key={chat.id}>
            <Row chat={chat} place={place} lake={status.lakes[place.lake]} />
          </li>
        )) ??
          Array.from({ length: 5 }, (_, index) => (
            <li key={index} className={styles.loading}>
              <Skeleton circle height={40} />
              <Skeleton height={32} style={{ flex: 1 }} />
            </li>
          ))}
      </ul>
      {place.lake === 'own' && (
        <div className={styles.foot}>
          {status.bot.mode === 'telegram' ? (
            <a
              className={styles.bot}
              href={`https://t.me/${status.bot.username}`}
              target="_blank"
              rel="noreferrer"
            >
              <IconBrandTelegram size={16} stroke={1.6} aria-hidden />
              {text.connect.connected(status.bot.username)}
            </a>
          ) : (
            <Button
              fullWidth
              variant="default"
              size="xs"
              leftSection={<IconBrandTelegram size={16} stroke={1.6} aria-hidden />}
              onClick={props.onConnect}
            >
              {text.connect.open}
            </Button>
          )}
        </div>
      )}
    </nav>
  );
}

function Row(props: { readonly chat: Chat; readonly place: Place; readonly lake: LakeStatus }) {
  const { chat, place, lake } = props;
  const text = useText();
  const isToday = chat.lastAt !== null && dayOf(chat.lastAt, lake.zone) === lake.today;
  const when =
    chat.lastAt === null
      ? null
      : isToday
        ? formatTime(chat.lastAt, text.locale, lake.zone)
        : sayDay(dayOf(chat.lastAt, lake.zone), lake.today, text);
  return (
    <Link
      href={hrefOf({ lake: place.lake, screen: 'chat', chat: chat.id })}
      className={styles.chat}
      aria-current={place.chat === chat.id ? 'true' : undefined}
    >
      <Avatar id={chat.id} name={chat.title} group={chat.type !== 'private'} />
      <span className={styles.words}>
        <span className={styles.head}>
          <span className={styles.name}>{chat.title}</span>
          {when && <span className={styles.when}>{when}</span>}
        </span>
        <span className={styles.last}>{chat.lastText ?? text.chat.noMessage}</span>
      </span>
    </Link>
  );
}
