import type { Entry, RecordRef } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { formatTime } from '../shared/format.ts';
import styles from './ServiceLine.module.css';
import { isSame } from './sameRecord.ts';

/** Something that happened in the chat without being said: joined, left, tapped a button. */
export function ServiceLine(props: {
  readonly entry: Entry;
  readonly zone: string;
  readonly stop: boolean;
  readonly selected: RecordRef | null;
  readonly onSelect: (ref: RecordRef) => void;
}) {
  const { entry } = props;
  const text = useText();
  const selected = isSame(props.selected, entry.record);
  const words = entry.text ?? entry.contentType;
  const what =
    entry.contentType === 'callback_query' ? text.chat.tapped(words) : text.chat.service(words);
  return (
    <li className={styles.line} data-selected={selected || undefined}>
      <button
        type="button"
        className={styles.pill}
        data-stop={entry.id}
        tabIndex={props.stop ? 0 : -1}
        aria-pressed={selected}
        onClick={() => {
          props.onSelect(entry.record);
        }}
      >
        {entry.author ? `${entry.author.firstName} ${what}` : what}
        <span className={styles.time}>{formatTime(entry.at, text.locale, props.zone)}</span>
      </button>
    </li>
  );
}
