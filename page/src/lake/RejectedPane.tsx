import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconRotateClockwise } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import type { LakeStatus, RejectedDetails } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { formatBytes, formatInstant } from '../shared/format.ts';
import { Facts } from '../trace/Step.tsx';
import styles from './RejectedPane.module.css';
import { lakeParams, placeOfRecord } from './lakePlace.ts';
import { useRejectedDetails } from './queries.ts';
import type { ReplayWish } from './queries.ts';

interface PaneProps {
  readonly lake: LakeStatus;
  /** Of the record under `rejected/`. */
  readonly recordKey: string;
  readonly isReplaying: boolean;
  /** Why the last replay did not bring it back; null when none was tried. */
  readonly failure: string | null;
  readonly onReplay: (wish: ReplayWish) => void;
}

/** One rejected record: why it was refused, where it came from, what came, mending and replay. */
export function RejectedPane(props: PaneProps) {
  const text = useText();
  const details = useRejectedDetails(props.lake.id, props.recordKey);
  if (details.isLoadingError) {
    return details.error instanceof RequestError && details.error.status === 404 ? (
      <EmptyState title={text.days.rejected.noneChosen} hint={text.days.rejected.gone} />
    ) : (
      <div className={styles.pane}>
        <Notice
          error={details.error}
          onRetry={() => {
            void details.refetch();
          }}
        />
      </div>
    );
  }
  return details.data ? (
    <Content {...props} details={details.data} />
  ) : (
    <div className={styles.pane}>
      <Skeleton height={48} />
      <Skeleton height={72} />
      <Skeleton style={{ flex: 1 }} />
    </div>
  );
}

function Content(props: PaneProps & { readonly details: RejectedDetails }) {
  const { lake, details, isReplaying, failure } = props;
  const { record, body, notMendable } = details;
  const text = useText();
  const words = text.days.rejected;
  const id = useId();
  const [mended, setMended] = useState(body.text);
  const isMendable = notMendable === null && body.isText;
  const isChanged = mended !== body.text;
  return (
    <div className={styles.pane}>
      <div className={styles.reason}>
        <IconAlertTriangle size={18} aria-hidden className={styles.sign} />
        <div>
          <h3>{words.reason}</h3>
          <p lang="en">{record.reason}</p>
        </div>
      </div>
      <Facts
        facts={[
          {
            name: words.from.toLowerCase(),
            value: record.from === null ? words.foreign : words.who[record.from],
          },
          ...(record.receivedAt === null
            ? []
            : [
                {
                  name: words.received,
                  value: formatInstant(record.receivedAt, text.locale, lake.zone),
                },
              ]),
          { name: words.bytes, value: formatBytes(record.bytes, text.locale) },
          ...(record.from === null
            ? []
            : [{ name: words.object, value: <Origin lake={lake} details={details} /> }]),
        ]}
      />
      <p className={styles.kept}>
        {words.key} <code title={record.key}>{record.key}</code>
        <CopyIcon value={record.key} label={text.trace.copyKey} />
      </p>
      <div className={styles.head}>
        <h3 id={id}>{words.body}</h3>
        <CopyIcon value={body.text} label={words.copyBody} />
        {isMendable && (
          <span className={styles.state} data-good={isJson(mended)}>
            {isJson(mended) ? words.isJson : words.notJson}
          </span>
        )}
      </div>
      <p className={styles.hint}>
        {isMendable ? words.bodyHint : notMendable === null ? words.notText : words[notMendable]}
      </p>
      <textarea
        className={styles.body}
        aria-labelledby={id}
        spellCheck={false}
        readOnly={!isMendable}
        value={mended}
        onChange={(event) => {
          setMended(event.currentTarget.value);
        }}
      />
      {failure !== null && !isReplaying && (
        <p className={styles.failure}>
          {words.still(1, '1')} <span lang="en">{failure}</span>
        </p>
      )}
      <div className={styles.actions}>
        <Button
          size="xs"
          leftSection={<IconRotateClockwise size={14} stroke={1.6} aria-hidden />}
          loading={isReplaying}
          onClick={() => {
            props.onReplay({ key: record.key, ...(isChanged && { body: mended }) });
          }}
        >
          {isChanged ? words.replayMended : words.replay}
        </Button>
        {isChanged && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} stroke={1.6} aria-hidden />}
            onClick={() => {
              setMended(body.text);
            }}
          >
            {words.undo}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Where the record was read from. */
function Origin(props: { readonly lake: LakeStatus; readonly details: RejectedDetails }) {
  const { sourceKey, line } = props.details.record;
  const text = useText();
  if (sourceKey === null) return text.days.rejected.noObject;
  const name = (
    <>
      <code className={styles.key}>{sourceKey}</code>
      {line !== null && ` ${text.trace.raw.line(line)}`}
    </>
  );
  const place = placeOfRecord({ key: sourceKey, line: line ?? 0 });
  // What was imported lies in another lake.
  if (props.details.record.from !== 'etl' || typeof place.day !== 'string') return name;
  return (
    <Link
      href={hrefOf({ lake: props.lake.id, screen: 'lake', params: lakeParams(place) })}
      className={styles.link}
      title={text.days.rejected.toObject}
    >
      {name}
    </Link>
  );
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
