import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useText } from '../i18n/language.tsx';
import { RequestError } from './api.ts';
import styles from './Notice.module.css';

/** Says what went wrong and what to do about it. */
export function Notice(props: {
  readonly error: Error;
  readonly onRetry?: () => void;
  readonly onDismiss?: () => void;
}) {
  const text = useText();
  const lost = props.error instanceof RequestError && props.error.status === 0;
  const message = lost ? text.error.unreachable : props.error.message;
  const remedy = lost
    ? text.error.unreachableRemedy
    : props.error instanceof RequestError
      ? props.error.remedy
      : null;
  return (
    <div className={styles.notice} role="alert">
      <IconAlertTriangle size={18} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.message}>{message}</p>
        {remedy && <p className={styles.remedy}>{remedy}</p>}
      </div>
      {props.onRetry && (
        <Button size="compact-sm" variant="default" onClick={props.onRetry}>
          {text.error.retry}
        </Button>
      )}
      {props.onDismiss && (
        <CloseButton size="sm" aria-label={text.error.dismiss} onClick={props.onDismiss} />
      )}
    </div>
  );
}
