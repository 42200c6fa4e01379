import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconDots,
  IconFile,
  IconMicrophone,
  IconPencil,
  IconPhoto,
  IconVideo,
} from '@tabler/icons-react';
import type { Entry, Person, RecordRef } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { formatTime } from '../shared/format.ts';
import { colourOf } from '../shared/palette.ts';
import { Avatar } from './Avatar.tsx';
import styles from './Bubble.module.css';
import { Words } from './Words.tsx';
import type { ActionBody, Draft } from './draft.ts';
import { isSame } from './sameRecord.ts';

/** Some of the reactions that Telegram offers. */
const REACTIONS = ['👍', '👎', '🔥', '🎉', '😢', '🙏'];

/** Content of which only a file id is kept, and the sign that stands for it. */
const MEDIA: Readonly<Record<string, typeof IconPhoto>> = {
  photo: IconPhoto,
  video: IconVideo,
  video_note: IconVideo,
  animation: IconVideo,
  voice: IconMicrophone,
  audio: IconMicrophone,
  document: IconFile,
};

interface BubbleProps {
  readonly entry: Entry;
  readonly zone: string;
  /** Whether the Tab key stops here. */
  readonly stop: boolean;
  readonly selected: RecordRef | null;
  readonly onSelect: (ref: RecordRef) => void;
  readonly group: boolean;
  readonly own: boolean;
  /** Whether the entry before is of the same voice. */
  readonly follows: boolean;
  readonly me: Person | undefined;
  readonly onDraft: (draft: Draft) => void;
  readonly onAct: (body: ActionBody) => void;
}

/** One message as in Telegram: who, what, buttons, reactions, and what one can do with it. */
export function Bubble(props: BubbleProps) {
  const { entry, own, group, me } = props;
  const text = useText();
  const selected = isSame(props.selected, entry.record);
  const time = formatTime(entry.at, text.locale, props.zone);
  const named = group && !own && !props.follows;
  const name = entry.by === 'bot' ? text.chat.bot : (entry.author?.firstName ?? '');
  return (
    <li
      className={styles.row}
      data-own={own || undefined}
      data-by={entry.by}
      data-follows={props.follows || undefined}
      data-selected={selected || undefined}
      data-edit-selected={isSame(props.selected, entry.edit?.record) || undefined}
    >
      {group && !own && (
        <span className={styles.face}>
          {named && <Avatar id={entry.author?.id ?? 0} name={name} size={32} />}
        </span>
      )}
      <div className={styles.stack}>
        <div
          className={styles.bubble}
          data-sticker={entry.contentType === 'sticker' || undefined}
          onClick={() => {
            if (getSelection()?.isCollapsed ?? true) props.onSelect(entry.record);
          }}
        >
          {named && (
            <span className={styles.name} data-colour={colourOf(entry.author?.id ?? 0)}>
              {name}
            </span>
          )}
          {entry.replyTo && (
            <span className={styles.quote}>
              <span className={styles.hidden}>{text.chat.inReplyTo} </span>
              {entry.replyTo.text ?? `#${entry.replyTo.messageId}`}
            </span>
          )}
          <Content {...props} />
          <span className={styles.meta}>
            {entry.edit && (
              <EditMark edit={entry.edit} stop={props.stop} onSelect={props.onSelect} />
            )}
            <button
              type="button"
              className={styles.time}
              data-stop={entry.id}
              tabIndex={props.stop ? 0 : -1}
              aria-pressed={selected}
              aria-label={text.chat.show(time)}
              onClick={(event) => {
                event.stopPropagation();
                props.onSelect(entry.record);
              }}
            >
              {time}
            </button>
          </span>
        </div>
        {entry.buttons.length > 0 && <Buttons {...props} />}
        {entry.reactions.length > 0 && (
          <div className={styles.reactions}>
            {entry.reactions.map(({ emoji, record }) => (
              <button
                key={`${record.key} ${record.line} ${emoji}`}
                type="button"
                className={styles.reaction}
                tabIndex={props.stop ? 0 : -1}
                aria-pressed={isSame(props.selected, record)}
                aria-label={text.chat.showReaction(emoji)}
                onClick={() => {
                  props.onSelect(record);
                }}
              >
                {emoji}
              </button>
            ))}
          </div>
        )}
      </div>
      {me && entry.messageId !== null && <Actions {...props} messageId={entry.messageId} />}
    </li>
  );
}

function Content({ entry, me, stop, onAct }: BubbleProps) {
  const text = useText();
  if (entry.contentType === 'sticker') {
    return (
      <span
        className={styles.sticker}
        role="img"
        aria-label={`${text.chat.sticker} ${entry.text ?? ''}`}
      >
        {entry.text ?? text.chat.sticker}
      </span>
    );
  }
  const Icon = MEDIA[entry.contentType];
  return (
    <>
      {Icon && (
        <span className={styles.media}>
          <Icon size={28} stroke={1.4} aria-hidden />
          {entry.contentType === 'photo' ? text.chat.photo : entry.contentType}
        </span>
      )}
      {entry.text !== null ? (
        <Words
          text={entry.text}
          stop={stop}
          {...(entry.by === 'bot' && me
            ? {
                onCommand: (command: string) => {
                  onAct({ type: 'text', text: command });
                },
              }
            : {})}
        />
      ) : (
        !Icon && <span className={styles.kind}>{text.chat.attachment(entry.contentType)}</span>
      )}
    </>
  );
}

function EditMark(props: {
  readonly edit: NonNullable<Entry['edit']>;
  readonly stop: boolean;
  readonly onSelect: (ref: RecordRef) => void;
}) {
  const text = useText();
  return (
    <button
      type="button"
      className={styles.edited}
      tabIndex={props.stop ? 0 : -1}
      aria-label={text.chat.showEdit}
      onClick={(event) => {
        event.stopPropagation();
        props.onSelect(props.edit.record);
      }}
    >
      {text.chat.edited}
    </button>
  );
}

function Buttons({ entry, me, stop, onAct }: BubbleProps) {
  return (
    <div className={styles.buttons}>
      {entry.buttons.map((row, index) => (
        <div key={index} className={styles.buttonRow}>
          {row.map(({ text: label, data }) => (
            <button
              key={data}
              type="button"
              className={styles.button}
              tabIndex={stop ? 0 : -1}
              disabled={!me || entry.messageId === null}
              onClick={() => {
                if (entry.messageId !== null)
                  onAct({ type: 'tap', messageId: entry.messageId, data });
              }}
            >
              {label}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function Actions(props: BubbleProps & { readonly messageId: number }) {
  const { entry, messageId } = props;
  const text = useText();
  return (
    <Menu position="bottom" width={216} returnFocus>
      <Menu.Target>
        <ActionIcon
          className={styles.actions}
          size={28}
          variant="subtle"
          color="gray"
          tabIndex={props.stop ? 0 : -1}
          aria-label={text.entry.actions}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text.entry.react}</Menu.Label>
        <div className={styles.palette}>
          {REACTIONS.map((emoji) => (
            <Menu.Item
              key={emoji}
              className={styles.emoji}
              aria-label={text.entry.reactWith(emoji)}
              onClick={() => {
                props.onAct({ type: 'react', messageId, emoji });
              }}
            >
              {emoji}
            </Menu.Item>
          ))}
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
          onClick={() => {
            props.onDraft({ text: '', photo: false, about: { kind: 'reply', entry } });
          }}
        >
          {text.entry.reply}
        </Menu.Item>
        {props.own && entry.contentType === 'text' && (
          <Menu.Item
            leftSection={<IconPencil size={16} stroke={1.6} />}
            onClick={() => {
              props.onDraft({
                text: entry.text ?? '',
                photo: false,
                about: { kind: 'edit', entry },
              });
            }}
          >
            {text.entry.edit}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
