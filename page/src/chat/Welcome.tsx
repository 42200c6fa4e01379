import { Button } from '@mantine/core';
import { IconBrandTelegram, IconMessageCircle } from '@tabler/icons-react';
import { useText } from '../i18n/language.tsx';
import styles from './Welcome.module.css';

/** What an empty lake of one's own opens with: talk to the bot, or connect it to Telegram. */
export function Welcome(props: {
  readonly onSay: (words: string) => void;
  readonly onConnect: () => void;
}) {
  const text = useText();
  return (
    <div className={styles.welcome}>
      <h2 className={styles.title}>{text.welcome.title}</h2>
      <p className={styles.lead}>{text.welcome.lead}</p>
      <div className={styles.ways}>
        <section className={styles.way}>
          <h3>
            <IconMessageCircle size={18} stroke={1.6} aria-hidden />
            {text.welcome.talk}
          </h3>
          <p>{text.welcome.talkHint}</p>
          <div className={styles.starters}>
            {text.welcome.starters.map((words) => (
              <Button
                key={words}
                size="xs"
                variant="light"
                onClick={() => {
                  props.onSay(words);
                }}
              >
                {words}
              </Button>
            ))}
          </div>
        </section>
        <section className={styles.way}>
          <h3>
            <IconBrandTelegram size={18} stroke={1.6} aria-hidden />
            {text.welcome.connect}
          </h3>
          <p>{text.welcome.connectHint}</p>
          <Button size="xs" variant="default" onClick={props.onConnect}>
            {text.welcome.connectAction}
          </Button>
        </section>
      </div>
    </div>
  );
}
