import { Button, Skeleton } from '@mantine/core';
import { Link } from 'wouter';
import type { LakeStatus } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { useAnalyses } from '../shared/queries.ts';
import styles from './AnalysesScreen.module.css';
import { AnalysisCard } from './AnalysisCard.tsx';
import { CloseToday } from './CloseToday.tsx';
import { PeriodPicker } from './PeriodPicker.tsx';
import { Tiles } from './Tiles.tsx';
import { periodIn } from './periodIn.ts';

/** The lake's numbers over a period, and the analyses of `sql/` as charts. */
export default function AnalysesScreen(props: {
  readonly place: Place;
  readonly lake: LakeStatus;
}) {
  const { place, lake } = props;
  const text = useText();
  const analyses = useAnalyses();
  const { period } = periodIn(place.params, lake.today);
  const { lastClosedDay } = lake;
  return (
    <div className={styles.screen}>
      <div className={styles.page}>
        <div className={styles.controls}>
          <PeriodPicker params={place.params} today={lake.today} />
          <CloseToday lake={lake} />
        </div>
        {lastClosedDay === null ? (
          <div className={styles.empty}>
            <EmptyState title={text.analyses.emptyLake} hint={text.analyses.emptyLakeHint}>
              {lake.lastMessageAt === null && (
                <Button
                  component={Link}
                  href={hrefOf({ lake: lake.id, screen: 'chat' })}
                  variant="light"
                  mt={8}
                >
                  {text.analyses.goChat}
                </Button>
              )}
            </EmptyState>
          </div>
        ) : (
          <>
            <Tiles lake={lake.id} period={period} />
            {analyses.isError && (
              <Notice
                error={analyses.error}
                onRetry={() => {
                  void analyses.refetch();
                }}
              />
            )}
            <div className={styles.cards}>
              {analyses.data?.analyses.map((analysis) => (
                <AnalysisCard
                  key={analysis.name}
                  analysis={analysis}
                  lake={lake.id}
                  period={period}
                  lastClosed={lastClosedDay}
                  params={place.params}
                />
              )) ??
                (analyses.isPending &&
                  [0, 1, 2, 3].map((index) => <Skeleton key={index} height={416} radius={8} />))}
            </div>
          </>
        )}
        <p className={styles.zone}>{text.analyses.zone(lake.zone)}</p>
      </div>
    </div>
  );
}
