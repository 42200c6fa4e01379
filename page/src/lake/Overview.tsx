import { IconAlertTriangleFilled, IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeDay, LakeStatus } from '../../../src/local/api.ts';
import { formatFullDay } from '../../../src/charts/format.ts';
import { hrefOf } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { formatBytes, formatNumber } from '../shared/format.ts';
import styles from './Overview.module.css';
import { Savings } from './Savings.tsx';
import { StateBadge } from './StateBadge.tsx';
import { lakeParams } from './lakePlace.ts';
import { daysToLookAt, totalsOf } from './totals.ts';

/** Days listed; the strip has them all. */
const MOST_DAYS = 8;

/** All days of the lake: what they come to, which ones wait for somebody, what Parquet saves. */
export function Overview(props: { readonly lake: LakeStatus; readonly days: readonly LakeDay[] }) {
  const { lake, days } = props;
  const text = useText();
  const words = text.days.overview;
  const totals = totalsOf(days);
  const waiting = daysToLookAt(days, lake.today);
  const number = (value: number) => formatNumber(value, text.locale);
  const tiles = [
    {
      name: words.objects,
      value: number(totals.objects),
      hint: words.objectsHint(formatBytes(totals.rawBytes, text.locale)),
    },
    {
      name: words.messages,
      value: number(totals.messages),
      hint: words.messagesHint(text.analyses.rows(totals.rows, number(totals.rows))),
    },
    {
      name: words.files,
      value: formatBytes(totals.fileBytes, text.locale),
      hint: words.filesHint(totals.files, number(totals.files)),
    },
    {
      name: words.rejected,
      value: number(totals.rejected),
      hint:
        totals.rejected === 0
          ? words.rejectedNone
          : words.rejectedHint(totals.rejectedDays, number(totals.rejectedDays)),
    },
  ];
  return (
    <div className={styles.page}>
      <dl className={styles.tiles}>
        {tiles.map(({ name, value, hint }) => (
          <div key={name} className={styles.tile}>
            <dt>{name}</dt>
            <dd className={styles.value}>{value}</dd>
            <dd className={styles.hint}>{hint}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.cards}>
        <section className={styles.card} aria-labelledby="attention">
          <h2 id="attention" className={styles.title}>
            {words.attention}
          </h2>
          {waiting.length === 0 ? (
            <p className={styles.calm}>
              <IconCircleCheck size={16} stroke={1.8} aria-hidden className={styles.good} />
              {words.calm}
            </p>
          ) : (
            <ul className={styles.waiting}>
              {waiting.slice(0, MOST_DAYS).map((day) => (
                <Waiting key={day.day} of={day} lake={lake} />
              ))}
            </ul>
          )}
          {waiting.length > MOST_DAYS && (
            <p className={styles.more}>{words.more(number(waiting.length - MOST_DAYS))}</p>
          )}
        </section>
        <Savings lake={lake} days={days} />
      </div>
      <p className={styles.zone}>{text.analyses.zone(lake.zone)}</p>
    </div>
  );
}

/** A day that waits for somebody, with the way to what is to be done there. */
function Waiting({ of, lake }: { readonly of: LakeDay; readonly lake: LakeStatus }) {
  const text = useText();
  const isStill = of.state !== 'open' && of.state !== 'behind';
  const params = lakeParams({ day: of.day, tab: isStill ? 'rejected' : 'objects' });
  return (
    <li>
      <Link href={hrefOf({ lake: lake.id, screen: 'lake', params })} className={styles.day}>
        <span className={styles.date}>{formatFullDay(of.day, text.locale)}</span>
        {!isStill && <StateBadge state={of.state} />}
        {of.rejected > 0 && (
          <span className={styles.rejected}>
            <IconAlertTriangleFilled size={12} aria-hidden />
            {text.days.rejectedCount(of.rejected, formatNumber(of.rejected, text.locale))}
          </span>
        )}
        <IconChevronRight size={16} aria-hidden className={styles.chevron} />
      </Link>
    </li>
  );
}
