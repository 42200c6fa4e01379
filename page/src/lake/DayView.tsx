import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeDay } from '../../../src/local/api.ts';
import { formatFullDay } from '../../../src/charts/format.ts';
import { hrefOf } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { formatBytes, formatNumber } from '../shared/format.ts';
import { CloseDay } from './CloseDay.tsx';
import type { DayProps } from './dayProps.ts';
import styles from './DayView.module.css';
import { FileTab } from './FileTab.tsx';
import { ObjectsTab } from './ObjectsTab.tsx';
import { RejectedTab } from './RejectedTab.tsx';
import { RowsTab } from './RowsTab.tsx';
import { StateBadge } from './StateBadge.tsx';
import { TABS, lakeParams } from './lakePlace.ts';
import type { Tab } from './lakePlace.ts';

const CONTENTS = { objects: ObjectsTab, rows: RowsTab, file: FileTab, rejected: RejectedTab };

/** One day: how far it is, closing it, and its four parts. */
export function DayView(props: DayProps & { readonly days: readonly LakeDay[] }) {
  const { lake, of, place, days } = props;
  const text = useText();
  const words = text.days;
  const Content = CONTENTS[place.tab];
  const hrefTo = (day: string, tab: Tab) =>
    hrefOf({ lake: lake.id, screen: 'lake', params: lakeParams({ day, tab }) });
  const isNothing = of.state === 'empty' && of.objects === 0 && of.rejected === 0;
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <div className={styles.date}>
          <Step
            href={hrefTo(days.findLast(({ day }) => day < of.day)?.day ?? '', place.tab)}
            isThere={days.some(({ day }) => day < of.day)}
            label={words.previous}
            Icon={IconChevronLeft}
          />
          <h2 className={styles.title}>{formatFullDay(of.day, text.locale)}</h2>
          <Step
            href={hrefTo(days.find(({ day }) => day > of.day)?.day ?? '', place.tab)}
            isThere={days.some(({ day }) => day > of.day)}
            label={words.next}
            Icon={IconChevronRight}
          />
        </div>
        <StateBadge state={of.state} />
        <p className={styles.hint}>{isNothing ? words.nothing : words.stateHints[of.state]}</p>
        {of.objects > 0 && <CloseDay lake={lake} of={of} />}
      </header>
      <nav className={styles.tabs} aria-label={words.tabs}>
        {TABS.map((tab) => (
          <Link
            key={tab}
            href={hrefTo(of.day, tab)}
            className={styles.tab}
            aria-current={tab === place.tab ? 'page' : undefined}
          >
            {words.tab[tab]}{' '}
            <span className={styles.amount} data-tab={tab}>
              {amountOf(of, tab, text.locale)}
            </span>
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Content lake={lake} of={of} place={place} />
      </div>
    </div>
  );
}

/** What a tab holds, in few letters. */
function amountOf({ objects, file, rejected }: LakeDay, tab: Tab, locale: string): string {
  switch (tab) {
    case 'objects':
      return formatNumber(objects, locale);
    case 'rows':
      return formatNumber(file?.rows ?? 0, locale);
    case 'file':
      return file ? formatBytes(file.bytes, locale) : '–';
    case 'rejected':
      return formatNumber(rejected, locale);
  }
}

/** Leads to the day before or after; where there is none it keeps its place. */
function Step(props: {
  readonly href: string;
  readonly isThere: boolean;
  readonly label: string;
  readonly Icon: typeof IconChevronLeft;
}) {
  const { Icon } = props;
  const icon = <Icon size={18} stroke={1.6} aria-hidden />;
  return props.isThere ? (
    <ActionIcon
      component={Link}
      href={props.href}
      size={32}
      variant="subtle"
      color="gray"
      aria-label={props.label}
      title={props.label}
    >
      {icon}
    </ActionIcon>
  ) : (
    <span className={styles.nowhere}>{icon}</span>
  );
}
