import { IconMessageCircle } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeStatus, ResultValue, RowsBehind } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { useLanguage } from '../i18n/language.tsx';
import type { Catalogue } from '../i18n/en.ts';
import { formatWallClock } from '../shared/format.ts';
import styles from './UpdateRows.module.css';
import type { TopicTitle } from './topicTitles.ts';

type Row = Readonly<Record<string, ResultValue>>;

/** Updates with who, where, what, and what the bot made of it; each is a link to its conversation. */
export function UpdateRows(props: {
  readonly rows: RowsBehind;
  readonly lake: LakeStatus;
  readonly topicTitle: TopicTitle;
}) {
  const { rows, lake, topicTitle } = props;
  const { text, language } = useLanguage();
  const words = text.analyses.updateColumns;
  return (
    <div
      className={styles.scroller}
      tabIndex={0}
      role="region"
      aria-label={text.analyses.rowsBehind}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.chat}</th>
            <th scope="col">{words.text}</th>
            <th scope="col">{words.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((values, index) => {
            const row: Row = Object.fromEntries(
              rows.columns.map((name, at) => [name, values[at] ?? null]),
            );
            const href = conversationHref(row, lake);
            const said = whatWasSaid(row, text);
            const outcome = row.answer_outcome;
            const intent = row.answer_intent;
            return (
              <tr key={index} data-way={href !== null || undefined}>
                <td className={styles.time}>
                  {formatWallClock(String(row.local_time), text.locale)}
                </td>
                <td className={styles.person}>{personOf(row)}</td>
                <td className={styles.chat}>{chatOf(row, text)}</td>
                <td className={styles.text}>
                  {href === null ? (
                    said
                  ) : (
                    <Link
                      href={href}
                      className={styles.link}
                      title={text.analyses.openConversation}
                    >
                      {said}
                    </Link>
                  )}
                </td>
                <td className={styles.outcome}>
                  {typeof outcome === 'string' && outcome !== 'none' && (
                    <span className={styles.badge} data-outcome={outcome}>
                      {text.trace.answer.outcome[outcome] ?? outcome}
                    </span>
                  )}
                  {typeof intent === 'string' && (
                    <span className={styles.topic}>{topicTitle(intent, language)}</span>
                  )}
                  {href !== null && (
                    <IconMessageCircle size={16} stroke={1.6} className={styles.sign} aria-hidden />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The conversation at that update; null for what happened in no conversation. */
function conversationHref(row: Row, lake: LakeStatus): string | null {
  const chat = row.chat_id ?? row.user_id ?? row.sender_chat_id;
  if (typeof chat !== 'number') return null;
  const params = new URLSearchParams({
    day: String(row.context_date),
    update: String(row.update_id),
  });
  return hrefOf({ lake: lake.id, screen: 'chat', chat, params });
}

function personOf(row: Row): string {
  return String(row.user_first_name ?? row.user_id ?? row.chat_title ?? '–');
}

function chatOf(row: Row, text: Catalogue): string {
  const type = String(row.chat_type ?? 'private');
  return String(row.chat_title ?? text.chat.types[type] ?? type);
}

/** Text or caption, or else what kind of thing it was. */
function whatWasSaid(row: Row, text: Catalogue): string {
  const words = row.text ?? row.caption;
  if (words !== null && words !== undefined) return String(words);
  if (typeof row.callback_data === 'string') return text.chat.tapped(row.callback_data);
  if (typeof row.reaction === 'string' && row.reaction !== '') return row.reaction;
  if (row.member_status_new !== null && row.member_status_new !== undefined) {
    return `${String(row.member_status_old ?? '')} → ${String(row.member_status_new)}`;
  }
  return text.chat.attachment(String(row.content_type ?? row.update_type));
}
