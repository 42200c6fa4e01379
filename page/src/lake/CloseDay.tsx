import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { LakeDay, LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { useCloseDay } from '../shared/queries.ts';
import { sayClosed } from '../shared/sayClosed.ts';
import styles from './CloseDay.module.css';

/** Runs the ETL of a day, the first time or again, and tells what it came to. */
export function CloseDay({ lake, of }: { readonly lake: LakeStatus; readonly of: LakeDay }) {
  const text = useText();
  const close = useCloseDay(lake.id);
  const isDue = of.state === 'open' || of.state === 'behind';
  return (
    <div className={styles.close}>
      <p className={styles.outcome} role="status">
        {close.data && (
          <>
            <IconCheck size={16} aria-hidden className={styles.done} />
            {sayClosed(close.data, text)}
          </>
        )}
      </p>
      <Button
        size="xs"
        variant={isDue ? 'filled' : 'default'}
        loading={close.isPending}
        onClick={() => {
          close.mutate(of.day);
        }}
      >
        {of.file || of.state === 'empty' ? text.days.closeAgain : text.days.close}
      </Button>
      {close.error && (
        <Notice
          error={close.error}
          onDismiss={() => {
            close.reset();
          }}
        />
      )}
    </div>
  );
}
