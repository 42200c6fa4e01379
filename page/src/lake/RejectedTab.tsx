import { Button, CloseButton, Skeleton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconAlertTriangleFilled,
  IconCircleCheck,
  IconRotateClockwise,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import type { LakeStatus, RejectedRecord, ReplayResult } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatBytes, formatNumber, formatTime } from '../shared/format.ts';
import { useRovingFocus } from '../shared/useRovingFocus.ts';
import type { DayProps } from './dayProps.ts';
import { ListAndPane, useIsBeside } from './ListAndPane.tsx';
import { Pager } from './Pager.tsx';
import { RejectedPane } from './RejectedPane.tsx';
import styles from './RejectedTab.module.css';
import { lakeParams, placeOfRecord } from './lakePlace.ts';
import type { LakePlace } from './lakePlace.ts';
import { useRejected, useReplay } from './queries.ts';
import type { ReplayWish } from './queries.ts';
import { sayReplay } from './sayReplay.ts';

/** Items of a page. */
const PAGE = 100;

/** What of a day could not be read: why, where it came from, what came; and bringing it back. */
export function RejectedTab({ lake, of, place }: DayProps) {
  const text = useText();
  const words = text.days.rejected;
  const [, navigate] = useLocation();
  const beside = useIsBeside();
  const slice = { offset: (place.page - 1) * PAGE, limit: PAGE };
  const list = useRejected(lake.id, of.day, slice);
  const replay = useReplay(lake.id);
  // What is back is gone from the list at once, not with the next answer of the server.
  const back = new Set(replay.data?.replayed.map(({ key }) => key));
  const records = list.data?.records.filter(({ key }) => !back.has(key));
  const total = list.data?.total ?? of.rejected;

  const here = (changes: Partial<LakePlace>) =>
    hrefOf({
      lake: lake.id,
      screen: 'lake',
      params: lakeParams({ day: of.day, tab: 'rejected', page: place.page, ...changes }),
    });
  const isGone = place.rejected !== null && back.has(place.rejected);
  const chosen = isGone ? null : place.rejected;
  const shown = chosen ?? (beside ? (records?.[0]?.key ?? null) : null);
  const focus = useRovingFocus(records?.map(({ key }) => key) ?? [], shown, 'y');

  const ask = (wish: ReplayWish) => {
    replay.mutate(wish, {
      onSuccess: ({ replayed }) => {
        // On a telephone what it came to stands behind the record.
        if (replayed.some(({ key }) => key === place.rejected)) {
          navigate(here({ rejected: null }), { replace: true });
        }
      },
    });
  };

  return (
    <ListAndPane
      label={words.details}
      closeLabel={text.days.record.close}
      isChosen={chosen !== null}
      onClose={() => {
        navigate(here({ rejected: null }));
      }}
      list={
        <>
          {records && records.length > 0 && (
            <div className={styles.bar}>
              <Button
                size="xs"
                variant="default"
                title={words.replayHint}
                leftSection={<IconRotateClockwise size={14} stroke={1.6} aria-hidden />}
                loading={replay.isPending && 'day' in replay.variables}
                disabled={replay.isPending}
                onClick={() => {
                  ask({ day: of.day });
                }}
              >
                {words.replayAll(total, formatNumber(total, text.locale))}
              </Button>
              <p className={styles.hint}>{words.replayHint}</p>
            </div>
          )}
          {replay.error && (
            <div className={styles.outcome}>
              <Notice
                error={replay.error}
                onDismiss={() => {
                  replay.reset();
                }}
              />
            </div>
          )}
          <div role="status">
            {replay.data && (
              <Outcome
                result={replay.data}
                lake={lake}
                onDismiss={() => {
                  replay.reset();
                }}
              />
            )}
          </div>
          {list.isLoadingError ? (
            <div className={styles.outcome}>
              <Notice
                error={list.error}
                onRetry={() => {
                  void list.refetch();
                }}
              />
            </div>
          ) : !records ? (
            <div className={styles.loading}>
              {Array.from({ length: Math.min(8, Math.max(1, of.rejected)) }, (_, index) => (
                <Skeleton key={index} height={40} />
              ))}
            </div>
          ) : records.length === 0 ? (
            place.page > 1 ? (
              <EmptyState title={text.days.record.noneHere} hint="">
                <Link href={here({ page: 1 })}>{text.days.record.toFirst}</Link>
              </EmptyState>
            ) : (
              <EmptyState title={words.none} hint={words.noneHint} />
            )
          ) : (
            <ol
              aria-label={text.days.tab.rejected}
              data-stale={list.isPlaceholderData || undefined}
              {...focus.handlers}
            >
              {records.map((record) => (
                <Row
                  key={record.key}
                  record={record}
                  zone={lake.zone}
                  href={here({ rejected: record.key })}
                  isCurrent={record.key === shown}
                  tabIndex={focus.tabIndexOf(record.key)}
                />
              ))}
            </ol>
          )}
        </>
      }
      foot={
        <>
          <span>{text.analyses.zone(lake.zone)}</span>
          <Pager page={place.page} size={PAGE} total={total} hrefOf={(page) => here({ page })} />
        </>
      }
      pane={
        shown !== null ? (
          <RejectedPane
            key={shown}
            lake={lake}
            recordKey={shown}
            isReplaying={replay.isPending}
            failure={replay.data?.failed.find(({ key }) => key === shown)?.reason ?? null}
            onReplay={ask}
          />
        ) : (
          <EmptyState title={words.noneChosen} hint={words.noneChosenHint} />
        )
      }
    />
  );
}

function Row(props: {
  readonly record: RejectedRecord;
  readonly zone: string;
  readonly href: string;
  readonly isCurrent: boolean;
  readonly tabIndex: -1 | 0;
}) {
  const { record } = props;
  const text = useText();
  const words = text.days.rejected;
  return (
    <li>
      <Link
        href={props.href}
        className={styles.row}
        data-stop={record.key}
        aria-current={props.isCurrent ? 'true' : undefined}
        tabIndex={props.tabIndex}
      >
        <IconAlertTriangleFilled size={14} aria-hidden className={styles.sign} />
        <span className={styles.reason} lang="en">
          {record.reason}
        </span>
        <span className={styles.time}>
          {record.receivedAt === null ? '' : formatTime(record.receivedAt, text.locale, props.zone)}
        </span>
        <span className={styles.origin}>
          {record.from === null ? words.foreign : words.who[record.from]}
          {record.sourceKey !== null && (
            <>
              {' · '}
              <code>{record.sourceKey.slice(record.sourceKey.lastIndexOf('/') + 1)}</code>
            </>
          )}
          {record.line !== null && ` · ${text.trace.raw.line(record.line)}`}
        </span>
        <span className={styles.size}>{formatBytes(record.bytes, text.locale)}</span>
      </Link>
    </li>
  );
}

/** What the last replay came to. */
function Outcome(props: {
  readonly result: ReplayResult;
  readonly lake: LakeStatus;
  readonly onDismiss: () => void;
}) {
  const text = useText();
  const { isGood, lines, back } = sayReplay(props.result, text);
  const Icon = isGood ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={styles.said} data-good={isGood}>
      <Icon size={18} aria-hidden className={styles.saidSign} />
      <ul className={styles.lines}>
        {lines.map(({ words, details }) => (
          <li key={words}>
            {words}{' '}
            {details.length > 0 && (
              <span lang="en">{details.map((one) => `“${one}”`).join(', ')}</span>
            )}
          </li>
        ))}
        {back && (
          <li>
            <Link
              href={hrefOf({
                lake: props.lake.id,
                screen: 'lake',
                params: lakeParams(placeOfRecord(back)),
              })}
            >
              {text.days.rejected.show}
            </Link>
          </li>
        )}
      </ul>
      <CloseButton size="sm" aria-label={text.days.rejected.dismiss} onClick={props.onDismiss} />
    </div>
  );
}
