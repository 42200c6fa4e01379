import { Button, CloseButton, Skeleton } from '@mantine/core';
import type { Entry, LakeStatus, RecordRef, Status } from '../../../src/local/api.ts';
import { isSame } from '../chat/sameRecord.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { useRecord } from '../shared/queries.ts';
import { AnswerStep } from './AnswerStep.tsx';
import { RawStep } from './RawStep.tsx';
import { RowStep } from './RowStep.tsx';
import styles from './TracePanel.module.css';
import { UpdateStep } from './UpdateStep.tsx';
import { entryOf, updatesOf } from './entryOf.ts';

interface TraceProps {
  readonly lake: LakeStatus;
  readonly matcher: Status['matcher'];
  readonly entries: readonly Entry[];
  readonly selected: RecordRef | null;
  /** Whether the selection was made, rather than follows the latest. */
  readonly pinned: boolean;
  readonly onSelect: (ref: RecordRef | null) => void;
  readonly onClose?: () => void;
}

/** What happened to one message: update → answer → raw object → row. */
export function TracePanel(props: TraceProps) {
  const { selected, pinned, onClose } = props;
  const text = useText();
  return (
    <div className={styles.panel}>
      <div className={styles.header}>
        <h2 className={styles.title}>{text.trace.title}</h2>
        {selected && !onClose && pinned && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              props.onSelect(null);
            }}
          >
            {text.trace.follow}
          </Button>
        )}
        {selected && !pinned && <span className={styles.latest}>{text.trace.latest}</span>}
        {onClose && <CloseButton aria-label={text.trace.close} onClick={onClose} />}
      </div>
      {selected ? (
        <Steps {...props} selected={selected} />
      ) : (
        <EmptyState title={text.trace.nothing} hint={text.trace.nothingHint} />
      )}
    </div>
  );
}

function Steps(props: TraceProps & { readonly selected: RecordRef }) {
  const { lake, selected, entries } = props;
  const record = useRecord(lake.id, selected);
  const entry = entryOf(entries, selected);
  if (record.isLoadingError) {
    return (
      <div className={styles.failure}>
        <Notice
          error={record.error}
          onRetry={() => {
            void record.refetch();
          }}
        />
      </div>
    );
  }
  const details = record.data;
  if (!details) {
    return (
      <div className={styles.steps}>
        {[88, 176, 328, 240].map((height) => (
          <Skeleton key={height} height={height} radius={8} mb={24} />
        ))}
      </div>
    );
  }
  return (
    <div
      className={styles.scroller}
      tabIndex={0}
      role="region"
      aria-label={entry?.text ?? selected.key}
    >
      {entry && <Updates entry={entry} selected={selected} onSelect={props.onSelect} />}
      <ol className={styles.steps} aria-busy={record.isPlaceholderData}>
        <UpdateStep details={details} entry={entry} zone={lake.zone} />
        <AnswerStep details={details} matcher={props.matcher} />
        <RawStep details={details} />
        <RowStep details={details} lake={lake} />
      </ol>
    </div>
  );
}

/** The updates of a message that was edited or reacted to, to choose among. */
function Updates(props: {
  readonly entry: Entry;
  readonly selected: RecordRef;
  readonly onSelect: (ref: RecordRef) => void;
}) {
  const text = useText();
  const updates = updatesOf(props.entry, text);
  if (updates.length < 2) return null;
  return (
    <div className={styles.updates} role="group" aria-label={text.trace.updates}>
      {updates.map(({ label, record }) => (
        <button
          key={`${record.key} ${record.line}`}
          type="button"
          className={styles.update}
          aria-pressed={isSame(record, props.selected)}
          onClick={() => {
            props.onSelect(record);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
