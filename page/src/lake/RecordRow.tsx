import { IconAlertTriangleFilled, IconStack2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeObject, RecordRef, UpdateLine } from '../../../src/local/api.ts';
import type { Catalogue } from '../i18n/en.ts';
import { useText } from '../i18n/language.tsx';
import { formatBytes, formatTime } from '../shared/format.ts';
import styles from './RecordRow.module.css';

/** A raw object, or a line of one that holds many. */
export interface RecordItem extends Pick<LakeObject, 'key' | 'line' | 'size'> {
  readonly ref: RecordRef;
}

/** One raw object or line in the list: when, who, what, what the bot did, where it lies. */
export function RecordRow(props: {
  readonly item: RecordItem;
  readonly href: string;
  readonly zone: string;
  /** Whether it is a line of an object that is opened. */
  readonly isInside: boolean;
  readonly isCurrent: boolean;
  readonly stop: string;
  readonly tabIndex: -1 | 0;
}) {
  const { item, isInside } = props;
  const text = useText();
  const words = text.days.record;
  const update = item.line?.update;
  const outcome = update?.outcome;
  return (
    <li>
      <Link
        href={props.href}
        className={styles.row}
        data-stop={props.stop}
        data-inside={isInside || undefined}
        aria-current={props.isCurrent ? 'true' : undefined}
        tabIndex={props.tabIndex}
      >
        <span className={styles.time}>
          {update ? formatTime(update.at, text.locale, props.zone) : ''}
        </span>
        <span className={styles.author}>{update?.author ?? ''}</span>
        {update ? (
          <span className={styles.said} data-quiet={update.text === null || undefined}>
            {sayUpdate(update, text)}
          </span>
        ) : item.line ? (
          <span className={styles.problem}>
            <IconAlertTriangleFilled size={12} aria-hidden className={styles.sign} />
            {words.unreadable}: <span lang="en">{item.line.problem}</span>
          </span>
        ) : (
          <span className={styles.said}>
            <IconStack2 size={14} aria-hidden className={styles.stack} />
            {words.packed}
          </span>
        )}
        <span className={styles.outcome}>
          {outcome && outcome !== 'none' ? (text.trace.answer.outcome[outcome] ?? outcome) : ''}
        </span>
        <span className={styles.name}>
          {isInside ? item.ref.line + 1 : item.key.slice(item.key.lastIndexOf('/') + 1)}
        </span>
        <span className={styles.size}>{formatBytes(item.size, text.locale)}</span>
      </Link>
    </li>
  );
}

/** What an update says, or else what kind of thing it is. */
function sayUpdate({ text: said, contentType, updateType }: UpdateLine, text: Catalogue): string {
  if (said === null) return text.chat.attachment(contentType ?? updateType);
  return updateType === 'callback_query' ? text.chat.tapped(said) : said;
}
