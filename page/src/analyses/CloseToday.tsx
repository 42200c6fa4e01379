import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { CloseResult, LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import type { Catalogue } from '../i18n/en.ts';
import { Notice } from '../shared/Notice.tsx';
import { formatBytes, formatMs, formatNumber } from '../shared/format.ts';
import { useCloseDay } from '../shared/queries.ts';
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
            {describe(close.data, text)}
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

function describe(result: CloseResult, text: Catalogue): string {
  const { locale, analyses } = text;
  const written = analyses.closed(
    analyses.rows(result.rows, formatNumber(result.rows, locale)),
    formatBytes(result.bytes, locale),
    formatMs(result.ms, locale),
  );
  const extra = analyses.closedExtra(result.duplicates, result.rejected);
  return extra === '' ? written : `${written} · ${extra}`;
}
