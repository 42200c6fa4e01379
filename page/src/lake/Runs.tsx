import { Skeleton } from '@mantine/core';
import type { LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatInstant, formatNumber } from '../shared/format.ts';
import styles from './FileTab.module.css';
import { useDayRuns } from './queries.ts';

/** The runs of the daily step over a day: what each found, and what became of it. */
export function Runs({ lake, day }: { readonly lake: LakeStatus; readonly day: string }) {
  const text = useText();
  const words = text.days.file;
  const runs = useDayRuns(lake.id, day);
  const number = (value: number) => formatNumber(value, text.locale);
  return (
    <div className={styles.card}>
      <h3 id="runs" className={styles.title}>
        {words.runs}
      </h3>
      {runs.isLoadingError ? (
        <Notice
          error={runs.error}
          onRetry={() => {
            void runs.refetch();
          }}
        />
      ) : !runs.data ? (
        <div className={styles.waiting}>
          <Skeleton height={56} />
        </div>
      ) : runs.data.runs.length === 0 ? (
        <p className={styles.nothing}>{words.noRuns}</p>
      ) : (
        <div className={styles.sideways} tabIndex={0} role="region" aria-labelledby="runs">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{words.finished}</th>
                <th scope="col" data-number>
                  {words.found}
                </th>
                <th scope="col" data-number>
                  {words.rows}
                </th>
                <th scope="col" data-number>
                  {words.duplicates}
                </th>
                <th scope="col" data-number>
                  {words.rejected}
                </th>
                <th scope="col" data-number>
                  {words.late}
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.data.runs.map((run) => (
                <tr key={run.finishedAt}>
                  <th scope="row">{formatInstant(run.finishedAt, text.locale, lake.zone)}</th>
                  <td data-number>{number(run.stored)}</td>
                  <td data-number>{number(run.rows)}</td>
                  <td data-number>{number(run.duplicates)}</td>
                  <td data-number>{number(run.rejected)}</td>
                  <td data-number>{number(run.late)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles.nothing}>{text.analyses.zone(lake.zone)}</p>
    </div>
  );
}
