import { Button, Skeleton } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeDay, LakeStatus, Status } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { formatNumber } from '../shared/format.ts';
import { DayStrip, StripLegend } from './DayStrip.tsx';
import { DayView } from './DayView.tsx';
import styles from './LakeScreen.module.css';
import { Overview } from './Overview.tsx';
import { lakePlaceIn } from './lakePlace.ts';
import { useLakeDays } from './queries.ts';

/** What the lake holds: its days, and of each the raw objects, the Parquet file, what was rejected. */
export default function LakeScreen(props: { readonly place: Place; readonly status: Status }) {
  const lake = props.status.lakes[props.place.lake];
  const text = useText();
  const all = useLakeDays(lake.id);
  const place = lakePlaceIn(props.place.params);
  if (all.isLoadingError) {
    return (
      <div className={styles.failure}>
        <Notice
          error={all.error}
          onRetry={() => {
            void all.refetch();
          }}
        />
      </div>
    );
  }
  const days = all.data?.days;
  if (days?.length === 0) return <EmptyLake lake={lake} />;
  return (
    <div className={styles.screen} data-day={place.day !== null || undefined}>
      <div className={styles.calendar}>
        <div className={styles.about}>
          {place.day === null ? (
            <p className={styles.count}>
              {days ? text.days.count(days.length, formatNumber(days.length, text.locale)) : ' '}
            </p>
          ) : (
            <Link href={hrefOf({ lake: lake.id, screen: 'lake' })} className={styles.back}>
              <IconChevronLeft size={16} aria-hidden />
              {text.days.all}
            </Link>
          )}
          {days && <StripLegend days={days} />}
        </div>
        {days ? (
          <DayStrip lake={lake} days={days} place={place} />
        ) : (
          <Skeleton className={styles.stripLoading} radius={8} />
        )}
      </div>
      {place.isUnreadable ? (
        <div className={styles.failure}>
          <Notice error={new RequestError(text.days.unreadable, text.days.unreadableRemedy, 400)} />
        </div>
      ) : !days ? (
        <Waiting />
      ) : place.day === null ? (
        <Overview lake={lake} days={days} />
      ) : (
        <DayView
          key={place.day}
          lake={lake}
          days={days}
          of={days.find(({ day }) => day === place.day) ?? nothingOf(place.day)}
          place={place}
        />
      )}
    </div>
  );
}

/** A day of which the lake has nothing. */
function nothingOf(day: string): LakeDay {
  return { day, state: 'empty', objects: 0, rawBytes: 0, rejected: 0, messages: null, file: null };
}

/** A lake without anything: what will be here, and three ways to get it. */
function EmptyLake({ lake }: { readonly lake: LakeStatus }) {
  const text = useText();
  const words = text.days.empty;
  return (
    <div className={styles.empty}>
      <EmptyState title={words.title} hint={words.hint}>
        <div className={styles.ways}>
          <Button component={Link} href={hrefOf({ lake: lake.id, screen: 'chat' })} size="xs">
            {words.talk}
          </Button>
          <Button
            component={Link}
            href={hrefOf({ lake: 'sample', screen: 'lake' })}
            size="xs"
            variant="default"
          >
            {words.sample}
          </Button>
        </div>
        <p className={styles.import}>
          {words.import} <code>npx chatbot import course FOLDER</code>
        </p>
      </EmptyState>
    </div>
  );
}

/** The place that the overview or a day will take. */
function Waiting() {
  return (
    <div className={styles.waiting}>
      <Skeleton height={96} radius={8} />
      <Skeleton height={320} radius={8} />
    </div>
  );
}
