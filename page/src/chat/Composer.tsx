import { ActionIcon, Combobox, Menu, Textarea, UnstyledButton, useCombobox } from '@mantine/core';
import {
  IconArrowUp,
  IconCheck,
  IconChevronDown,
  IconDoorEnter,
  IconDoorExit,
  IconMoodSmile,
  IconPhoto,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { Chat, Entry, Person, Status } from '../../../src/local/api.ts';
import { useLanguage } from '../i18n/language.tsx';
import { Avatar } from './Avatar.tsx';
import styles from './Composer.module.css';
import { NEW_DRAFT, actionOf } from './draft.ts';
import type { ActionBody, Draft } from './draft.ts';

const STICKERS = ['👋', '👍', '😀', '😂', '😢', '🎉', '🤔', '🙏'];

interface ComposerProps {
  readonly chat: Chat;
  readonly me: Person;
  readonly status: Status;
  readonly draft: Draft;
  readonly busy: boolean;
  /** One's last message that can be edited. */
  readonly lastOwn: Entry | undefined;
  readonly onDraft: (draft: Draft) => void;
  readonly onSend: (body: ActionBody, afterwards?: () => void) => void;
  readonly onSpeakAs: (person: Person) => void;
}

/** Where one writes: text, photo, sticker, reply, edit, and commands after a slash. */
export function Composer(props: ComposerProps) {
  const { chat, me, status, draft, busy, onDraft } = props;
  const { text, language } = useLanguage();
  const field = useRef<HTMLTextAreaElement>(null);
  const combobox = useCombobox();
  const inGroup = chat.type !== 'private';
  const typed = /^\/(\w*)$/.exec(draft.text)?.[1];
  const commands =
    typed === undefined || draft.about?.kind === 'edit'
      ? []
      : status.commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));

  useEffect(() => {
    // On a touch screen the keyboard would cover the conversation.
    if (matchMedia('(hover: hover)').matches || draft.about) field.current?.focus();
  }, [draft.about, me.id]);

  const send = (body: ActionBody | null) => {
    if (!body || busy) return;
    props.onSend(body, () => {
      onDraft(NEW_DRAFT);
      field.current?.focus();
    });
  };
  const type = (value: string) => {
    onDraft({ ...draft, text: value });
    combobox.openDropdown();
    combobox.resetSelectedOption();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const choosing = commands.length > 0 && combobox.getSelectedOptionIndex() !== -1;
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && !choosing) {
      event.preventDefault();
      send(actionOf(draft));
    } else if (event.key === 'Escape' && (draft.about ?? draft.photo)) {
      onDraft(NEW_DRAFT);
    } else if (event.key === 'ArrowUp' && draft.text === '' && props.lastOwn && !draft.about) {
      event.preventDefault();
      const entry = props.lastOwn;
      onDraft({ text: entry.text ?? '', photo: false, about: { kind: 'edit', entry } });
    }
  };
  const placeholder = draft.photo
    ? text.composer.placeholderCaption
    : inGroup && status.bot.mode !== 'problem'
      ? text.composer.placeholderGroup(status.bot.username)
      : text.composer.placeholder;

  return (
    <div className={styles.composer}>
      {chat.people.length > 1 && <SpeakAs {...props} />}
      {draft.about && (
        <Strip
          label={draft.about.kind === 'edit' ? text.composer.editing : text.composer.replyingTo}
          words={draft.about.entry.text ?? draft.about.entry.contentType}
          cancel={text.composer.cancel}
          onCancel={() => {
            onDraft(NEW_DRAFT);
          }}
        />
      )}
      {draft.photo && (
        <Strip
          label={text.composer.photo}
          words={text.composer.photoAttached}
          cancel={text.composer.photoRemove}
          onCancel={() => {
            onDraft({ ...draft, photo: false });
          }}
        />
      )}
      <div className={styles.line}>
        <Attach {...props} />
        <Combobox
          store={combobox}
          position="top-start"
          width={320}
          onOptionSubmit={(command) => {
            send({ type: 'text', text: `/${command}` });
          }}
        >
          <Combobox.Target withKeyboardNavigation={commands.length > 0}>
            <Textarea
              ref={field}
              className={styles.field}
              variant="unstyled"
              autosize
              minRows={1}
              maxRows={6}
              maxLength={draft.photo ? 1024 : 4096}
              value={draft.text}
              placeholder={placeholder}
              aria-label={text.composer.label}
              onChange={(event) => {
                type(event.currentTarget.value);
              }}
              onKeyDown={onKeyDown}
              onBlur={() => {
                combobox.closeDropdown();
              }}
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={commands.length === 0}>
            <Combobox.Options aria-label={text.composer.commands}>
              {commands.map(({ command, description }) => (
                <Combobox.Option key={command} value={command}>
                  <span className={styles.command}>/{command}</span>
                  <span className={styles.description}>{description[language]}</span>
                </Combobox.Option>
              ))}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
        <Stickers
          onSend={(emoji) => {
            send({ type: 'sticker', emoji });
          }}
        />
        <ActionIcon
          size={32}
          radius="xl"
          variant="filled"
          loading={busy}
          disabled={actionOf(draft) === null}
          aria-label={draft.about?.kind === 'edit' ? text.composer.save : text.composer.send}
          onClick={() => {
            send(actionOf(draft));
          }}
        >
          {draft.about?.kind === 'edit' ? <IconCheck size={18} /> : <IconArrowUp size={18} />}
        </ActionIcon>
      </div>
    </div>
  );
}

function SpeakAs({ chat, me, onSpeakAs }: ComposerProps) {
  const { text } = useLanguage();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <UnstyledButton className={styles.speaker}>
          <span className={styles.quiet}>{text.composer.speakAs}</span>
          <Avatar id={me.id} name={me.firstName} size={20} />
          <span>{me.firstName}</span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={String(me.id)}
          onChange={(id) => {
            const person = chat.people.find((one) => String(one.id) === id);
            if (person) onSpeakAs(person);
          }}
        >
          {chat.people.map((person) => (
            <Menu.RadioItem key={person.id} value={String(person.id)}>
              <span className={styles.person}>
                <Avatar id={person.id} name={person.firstName} size={20} />
                {person.firstName}
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function Attach({ chat, me, draft, onDraft, onSend }: ComposerProps) {
  const { text } = useLanguage();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <ActionIcon size={32} variant="subtle" color="gray" aria-label={text.composer.attach}>
          <IconPlus size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPhoto size={16} stroke={1.6} />}
          onClick={() => {
            onDraft({ text: draft.text, photo: true, about: null });
          }}
        >
          {text.composer.photo}
        </Menu.Item>
        {chat.type !== 'private' && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconDoorEnter size={16} stroke={1.6} />}
              onClick={() => {
                onSend({ type: 'join' });
              }}
            >
              {text.composer.join(me.firstName)}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconDoorExit size={16} stroke={1.6} />}
              onClick={() => {
                onSend({ type: 'leave' });
              }}
            >
              {text.composer.leave(me.firstName)}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Stickers({ onSend }: { readonly onSend: (emoji: string) => void }) {
  const { text } = useLanguage();
  return (
    <Menu position="top-end">
      <Menu.Target>
        <ActionIcon size={32} variant="subtle" color="gray" aria-label={text.composer.sticker}>
          <IconMoodSmile size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.stickers}>
          {STICKERS.map((emoji) => (
            <Menu.Item
              key={emoji}
              className={styles.sticker}
              aria-label={text.composer.sendSticker(emoji)}
              onClick={() => {
                onSend(emoji);
              }}
            >
              {emoji}
            </Menu.Item>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function Strip(props: {
  readonly label: string;
  readonly words: string;
  readonly cancel: string;
  readonly onCancel: () => void;
}) {
  return (
    <div className={styles.strip}>
      <span className={styles.stripLabel}>{props.label}</span>
      <span className={styles.stripWords}>{props.words}</span>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={props.cancel}
        onClick={props.onCancel}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
