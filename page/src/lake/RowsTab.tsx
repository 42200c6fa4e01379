import { Skeleton } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { hrefOf } from '../app/place.ts';
import { consoleHref } from '../console/sqlInUrl.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { ResultGrid } from '../shared/ResultGrid.tsx';
import { formatNumber } from '../shared/format.ts';
import type { DayProps } from './dayProps.ts';
import { Pager } from './Pager.tsx';
import styles from './RowsTab.module.css';
import { lakeParams } from './lakePlace.ts';
import { useDayFile, useDayRows } from './queries.ts';

/** Rows of a page. */
const PAGE = 500;

/** The rows of a day's Parquet file. */
export function RowsTab({ lake, of, place }: DayProps) {
  const text = useText();
  const words = text.days.rows;
  const hasFile = of.file !== null;
  const slice = { offset: (place.page - 1) * PAGE, limit: PAGE };
  const rows = useDayRows(lake.id, of.day, hasFile, slice);
  const file = useDayFile(lake.id, of.day, hasFile);
  const meanings = useMemo(
    () => new Map(file.data?.columns.map(({ name, meaning }) => [name, meaning ?? ''])),
    [file.data],
  );
  const here = (page: number) =>
    hrefOf({
      lake: lake.id,
      screen: 'lake',
      params: lakeParams({ day: of.day, tab: 'rows', page }),
    });
  if (!hasFile) {
    return (
      <EmptyState
        title={words.none}
        hint={of.objects > 0 ? words.noneHint : text.days.stateHints.empty}
      />
    );
  }
  if (rows.isLoadingError) {
    return (
      <div className={styles.failure}>
        <Notice
          error={rows.error}
          onRetry={() => {
            void rows.refetch();
          }}
        />
      </div>
    );
  }
  const sql = `SELECT *
FROM telegram
WHERE context_date = DATE '${of.day}'
ORDER BY update_id
LIMIT 500`;
  return (
    <div className={styles.whole} aria-busy={rows.isFetching}>
      <div className={styles.grid} data-stale={rows.isPlaceholderData || undefined}>
        {!rows.data ? (
          <Loading />
        ) : rows.data.rows.length === 0 ? (
          <EmptyState title={text.days.record.noneHere} hint="">
            <Link href={here(1)}>{text.days.record.toFirst}</Link>
          </EmptyState>
        ) : (
          <ResultGrid key={place.page} result={rows.data} label={words.label} meanings={meanings} />
        )}
      </div>
      <div className={styles.foot}>
        <Link href={consoleHref(lake.id, sql)} className={styles.console}>
          <IconTerminal2 size={14} stroke={1.6} aria-hidden />
          {words.console}
        </Link>
        <span className={styles.count}>
          {text.analyses.rows(of.file.rows, formatNumber(of.file.rows, text.locale))}
        </span>
        <Pager page={place.page} size={PAGE} total={of.file.rows} hrefOf={here} />
      </div>
    </div>
  );
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
