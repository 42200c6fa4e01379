import { Skeleton } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { LakeObject, RecordRef } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { isSame } from '../chat/sameRecord.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { formatBytes } from '../shared/format.ts';
import { useRovingFocus } from '../shared/useRovingFocus.ts';
import type { DayProps } from './dayProps.ts';
import { ListAndPane, useIsBeside } from './ListAndPane.tsx';
import styles from './ObjectsTab.module.css';
import { Pager } from './Pager.tsx';
import { RecordPane } from './RecordPane.tsx';
import { RecordRow } from './RecordRow.tsx';
import type { RecordItem } from './RecordRow.tsx';
import { lakeParams } from './lakePlace.ts';
import type { LakePlace } from './lakePlace.ts';
import { useDayObjects, useObjectLines } from './queries.ts';

/** Items of a page. */
const PAGE = 100;

/** The raw objects of a day, the lines of one that holds many, and one record with its JSON. */
export function ObjectsTab({ lake, of, place }: DayProps) {
  const text = useText();
  const words = text.days.record;
  const [, navigate] = useLocation();
  const beside = useIsBeside();
  const slice = { offset: (place.page - 1) * PAGE, limit: PAGE };
  // The pages are those of the lines where an object is opened.
  const isOpened = place.object !== null;
  const objects = useDayObjects(lake.id, of.day, isOpened ? { offset: 0, limit: PAGE } : slice);
  const only = onlyPacked(objects.data?.objects, of.objects);
  const opened = place.object ?? only?.key ?? null;
  const lines = useObjectLines(lake.id, of.day, opened, slice);
  const list = opened === null ? objects : lines;

  const items: readonly RecordItem[] | undefined =
    opened === null
      ? objects.data?.objects.map((object) => ({ ...object, ref: refOf(object) }))
      : lines.data?.lines.map((line) => ({
          key: line.key,
          size: line.bytes,
          line,
          ref: { key: line.key, line: line.line },
        }));
  const total = opened === null ? of.objects : (lines.data?.total ?? 0);

  const here = (changes: Partial<LakePlace>) =>
    hrefOf({
      lake: lake.id,
      screen: 'lake',
      params: lakeParams({ day: of.day, page: place.page, object: place.object, ...changes }),
    });
  const hrefOfItem = ({ key, line, ref }: RecordItem) =>
    line === null ? here({ object: key, page: 1 }) : here({ record: ref });
  const first = items?.find(({ line }) => line !== null)?.ref ?? null;
  const shown = place.record ?? (beside ? first : null);
  const names = items?.map(({ ref }) => nameOf(ref)) ?? [];
  const focus = useRovingFocus(names, shown ? nameOf(shown) : null, 'y');
  const isListed = items !== undefined;
  const rows = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (isListed)
      rows.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [isListed]);
  const packed = objects.data?.objects.find(({ key }) => key === opened);

  return (
    <ListAndPane
      label={words.details}
      closeLabel={words.close}
      isChosen={place.record !== null}
      onClose={() => {
        navigate(here({ record: null }));
      }}
      list={
        <>
          {opened !== null && (
            <div className={styles.object}>
              {of.objects > 1 && (
                <Link
                  href={here({ object: null, page: 1 })}
                  className={styles.back}
                  aria-label={words.allObjects}
                  title={words.allObjects}
                >
                  <IconArrowLeft size={16} stroke={1.6} aria-hidden />
                </Link>
              )}
              <code className={styles.key}>{opened}</code>
              {packed && <span>{formatBytes(packed.size, text.locale)}</span>}
              <CopyIcon value={opened} label={text.days.file.copyKey} />
            </div>
          )}
          {list.isLoadingError ? (
            <div className={styles.failure}>
              {list.error instanceof RequestError && list.error.status === 404 ? (
                <EmptyState title={words.none} hint={words.gone} />
              ) : (
                <Notice
                  error={list.error}
                  onRetry={() => {
                    void list.refetch();
                  }}
                />
              )}
            </div>
          ) : !items ? (
            <Loading />
          ) : items.length === 0 ? (
            place.page > 1 ? (
              <EmptyState title={words.noneHere} hint="">
                <Link href={here({ page: 1 })}>{words.toFirst}</Link>
              </EmptyState>
            ) : (
              <EmptyState title={words.none} hint={words.noneHint} />
            )
          ) : (
            <ol
              ref={rows}
              className={styles.items}
              aria-label={words.list}
              data-stale={list.isPlaceholderData || undefined}
              {...focus.handlers}
            >
              {items.map((item) => (
                <RecordRow
                  key={nameOf(item.ref)}
                  item={item}
                  href={hrefOfItem(item)}
                  zone={lake.zone}
                  isInside={opened !== null}
                  isCurrent={isSame(item.ref, shown)}
                  stop={nameOf(item.ref)}
                  tabIndex={focus.tabIndexOf(nameOf(item.ref))}
                />
              ))}
            </ol>
          )}
        </>
      }
      foot={
        <>
          <span>{text.analyses.zone(lake.zone)}</span>
          <Pager
            page={place.page}
            size={PAGE}
            total={total}
            hrefOf={(page) => here({ page, record: null })}
          />
        </>
      }
      pane={
        shown ? (
          <RecordPane key={nameOf(shown)} lake={lake} day={of.day} record={shown} />
        ) : (
          <EmptyState title={words.noneChosen} hint={words.noneChosenHint} />
        )
      }
    />
  );
}

/** The one object of a day, where it holds many records: its lines are what one wants to see. */
function onlyPacked(
  objects: readonly LakeObject[] | undefined,
  count: number,
): LakeObject | undefined {
  const [only] = objects ?? [];
  return count === 1 && only?.line === null ? only : undefined;
}

function refOf({ key, line }: LakeObject): RecordRef {
  return { key, line: line?.line ?? 0 };
}

function nameOf({ key, line }: RecordRef): string {
  return `${key} ${line}`;
}

function Loading() {
  return (
    <div className={styles.loading}>
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={24} />
      ))}
    </div>
  );
}
