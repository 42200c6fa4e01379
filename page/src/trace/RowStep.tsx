import { Button } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import type { LakeStatus, RecordDetails, RowCell } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { Notice } from '../shared/Notice.tsx';
import { sayDay } from '../shared/format.ts';
import { useCloseDay } from '../shared/queries.ts';
import styles from './RowStep.module.css';
import { Step } from './Step.tsx';

/** The update as a row of the day's Parquet file, or the way there. */
export function RowStep(props: { readonly details: RecordDetails; readonly lake: LakeStatus }) {
  const { details, lake } = props;
  const text = useText();
  const words = text.trace.row;
  const close = useCloseDay(lake.id);
  return (
    <Step
      reached={details.row !== null}
      icon={<IconTable size={16} stroke={1.6} />}
      title={words.title}
      hint={words.hint}
    >
      {details.row ? (
        <>
          <p className={styles.key}>
            <code>{details.parquetKey}</code>
            <CopyIcon value={details.parquetKey} label={text.trace.copyKey} />
          </p>
          <Cells row={details.row} />
        </>
      ) : (
        <div className={styles.pending}>
          <div className={styles.words}>
            <p className={styles.title}>{words.pending}</p>
            <p className={styles.hint}>{words.pendingHint}</p>
          </div>
          <Button
            size="xs"
            loading={close.isPending}
            onClick={() => {
              close.mutate(details.day);
            }}
          >
            {words.close(sayDay(details.day, lake.today, text))}
          </Button>
        </div>
      )}
      {close.error && <Notice error={close.error} />}
    </Step>
  );
}

function Cells({ row }: { readonly row: readonly RowCell[] }) {
  const text = useText();
  const words = text.trace.row;
  const [all, setAll] = useState(false);
  const empty = row.filter(({ value }) => value === null).length;
  return (
    <>
      <dl className={styles.cells}>
        {row
          .filter(({ value }) => all || value !== null)
          .map(({ name, type, meaning, value }) => (
            <div key={name} className={styles.cell}>
              <dt>
                <span className={styles.name}>{name}</span>{' '}
                <span className={styles.type}>{type}</span>
              </dt>
              <dd className={styles.value} data-null={value === null || undefined}>
                {value === null ? words.null : String(value)}
              </dd>
              <dd className={styles.meaning} lang="en">
                {meaning}
              </dd>
            </div>
          ))}
      </dl>
      {empty > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? words.hideEmpty : words.empty(empty)}
        </Button>
      )}
    </>
  );
}
