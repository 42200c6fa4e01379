import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { useCloseDay } from '../shared/queries.ts';
import { sayClosed } from '../shared/sayClosed.ts';
import styles from './CloseToday.module.css';

/** Runs the ETL of today, and tells what it wrote. */
export function CloseToday({ lake }: { readonly lake: LakeStatus }) {
  const text = useText();
  const close = useCloseDay(lake.id);
  const words = text.analyses;
  return (
    <div className={styles.close}>
      <p className={styles.state} role="status">
        {close.data && lake.openUpdates === 0 ? (
          <>
            <IconCheck size={16} aria-hidden className={styles.done} />
            {sayClosed(close.data, text)}
          </>
        ) : lake.openUpdates > 0 ? (
          words.open(lake.openUpdates)
        ) : (
          lake.lastMessageAt !== null && words.allIn
        )}
      </p>
      <Button
        size="xs"
        variant={lake.openUpdates > 0 ? 'filled' : 'default'}
        loading={close.isPending}
        onClick={() => {
          close.mutate(undefined);
        }}
      >
        {words.close}
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
