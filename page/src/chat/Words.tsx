import styles from './Words.module.css';

/** A command as Telegram sees it: at the start, or after white space. */
const COMMAND = /(?<=^|\s)(\/[a-z][a-z0-9_]{0,31})(?![\w/])/;

/** A message's text; where it can be acted on, its commands are buttons, as in Telegram. */
export function Words(props: {
  readonly text: string;
  /** Whether the Tab key stops at its commands. */
  readonly stop: boolean;
  readonly onCommand?: (command: string) => void;
}) {
  const { onCommand } = props;
  const parts = onCommand ? props.text.split(COMMAND) : [props.text];
  return (
    <span className={styles.words}>
      {parts.map((part, index) =>
        // Splitting by a group leaves the commands at the odd places.
        index % 2 === 1 ? (
          <button
            key={index}
            type="button"
            className={styles.command}
            tabIndex={props.stop ? 0 : -1}
            onClick={(event) => {
              event.stopPropagation();
              onCommand?.(part);
            }}
          >
            {part}
          </button>
        ) : (
          part
        ),
      )}
    </span>
  );
}
