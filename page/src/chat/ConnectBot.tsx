import { Modal } from '@mantine/core';
import type { Status } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import styles from './ConnectBot.module.css';

const SHELL = 'TELEGRAM_BOT_TOKEN=123456:ABC… npm start';
const POWERSHELL = "$env:TELEGRAM_BOT_TOKEN='123456:ABC…'; npm start";

/** The three steps that put the bot on Telegram. */
export function ConnectBot(props: {
  readonly opened: boolean;
  readonly bot: Status['bot'];
  readonly onClose: () => void;
}) {
  const text = useText();
  return (
    <Modal.Root opened={props.opened} onClose={props.onClose} size={560} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.header}>
          <Modal.Title className={styles.title}>{text.connect.title}</Modal.Title>
          <Modal.CloseButton aria-label={text.trace.close} />
        </div>
        <Modal.Body>
          <ol className={styles.steps}>
            <li>{text.connect.step1}</li>
            <li>{text.connect.step2}</li>
            <li>
              {text.connect.step3}
              <Command value={SHELL} />
              <span className={styles.windows}>{text.connect.windows}</span>
              <Command value={POWERSHELL} />
            </li>
          </ol>
          <p className={styles.note}>{text.connect.note}</p>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Command({ value }: { readonly value: string }) {
  const text = useText();
  return (
    <span className={styles.command}>
      <code>{value}</code>
      <CopyIcon value={value} label={text.trace.copy} />
    </span>
  );
}
