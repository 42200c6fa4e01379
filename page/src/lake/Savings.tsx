import { SegmentedControl, Skeleton } from '@mantine/core';
import type { LakeDay, LakeScans, LakeStatus, ScanCost } from '../../../src/local/api.ts';
import { usePlace } from '../app/place.ts';
import { useSetParams } from '../app/useSetParams.ts';
import { useLanguage } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatBytes, formatDollars, formatNumber, formatPeriod } from '../shared/format.ts';
import { lastDays } from '../shared/period.ts';
import type { Period } from '../shared/period.ts';
import styles from './Savings.module.css';
import { useScans } from './queries.ts';

const SPANS = { '30d': 30, '90d': 90, all: null } as const;
type Span = keyof typeof SPANS;

/** As long as the analyses look back by themselves. */
const DEFAULT: Span = '90d';

/** What the four analyses read over raw JSON and over Parquet, and what Athena asks for it. */
export function Savings(props: { readonly lake: LakeStatus; readonly days: readonly LakeDay[] }) {
  const { lake, days } = props;
  const { text } = useLanguage();
  const words = text.days.savings;
  const place = usePlace();
  const setParams = useSetParams();
  const wish = place?.params.get('span');
  const span = (Object.keys(SPANS) as Span[]).find((one) => one === wish) ?? DEFAULT;
  const period = periodOf(span, days, lake.today);
  const scans = useScans(lake.id, period);
  return (
    <section className={styles.card} aria-labelledby="savings" aria-busy={scans.isFetching}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 id="savings">{words.title}</h2>
          <p className={styles.hint}>{words.hint}</p>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={words.span}
          value={span}
          data={Object.keys(SPANS).map((value) => ({ value, label: words.spans[value as Span] }))}
          onChange={(value: string) => {
            setParams({ span: value === DEFAULT ? null : value });
          }}
        />
      </header>
      <div className={styles.body} data-stale={scans.isPlaceholderData || undefined}>
        {scans.isLoadingError ? (
          <Notice
            error={scans.error}
            onRetry={() => {
              void scans.refetch();
            }}
          />
        ) : scans.data ? (
          <Table scans={scans.data} />
        ) : (
          <Skeleton height={236} />
        )}
      </div>
      <p className={styles.note}>
        {formatPeriod(period, text.locale)}. {words.note}
      </p>
    </section>
  );
}

function periodOf(span: Span, days: readonly LakeDay[], today: string): Period {
  const length = SPANS[span];
  if (length !== null) return lastDays(length, today);
  const [first, last] = [days[0]?.day ?? today, days.at(-1)?.day ?? today];
  return { from: first, to: last };
}

function Table({ scans }: { readonly scans: LakeScans }) {
  const { text, language } = useLanguage();
  const words = text.days.savings;
  if (scans.analyses.every(({ parquet }) => parquet.objects === 0)) {
    return <p className={styles.nothing}>{words.nothing}</p>;
  }
  const most = Math.max(1, ...scans.analyses.flatMap((one) => [one.raw.bytes, one.parquet.bytes]));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{words.analysis}</th>
          <th scope="col">{words.raw}</th>
          <th scope="col">{words.parquet}</th>
          <th scope="col" data-number>
            {words.less}
          </th>
        </tr>
      </thead>
      <tbody>
        {scans.analyses.map(({ name, title, columns, raw, parquet }) => (
          <tr key={name}>
            <th scope="row">
              {title[language]}
              <span className={styles.columns} title={`${words.columns}: ${columns.join(', ')}`}>
                {columns.join(', ')}
              </span>
            </th>
            <td data-label={words.raw}>
              <Cost cost={raw} share={raw.bytes / most} kind="raw" />
            </td>
            <td data-label={words.parquet}>
              <Cost cost={parquet} share={parquet.bytes / most} kind="parquet" />
            </td>
            <td data-number className={styles.times}>
              {words.times(formatTimes(raw.bytes / Math.max(1, parquet.bytes), text.locale))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cost(props: {
  readonly cost: ScanCost;
  /** Of the most that any of them reads. */
  readonly share: number;
  readonly kind: 'parquet' | 'raw';
}) {
  const { bytes, dollars } = props.cost;
  const { locale } = useLanguage().text;
  return (
    <div className={styles.cost}>
      <span className={styles.bytes}>{formatBytes(bytes, locale)}</span>
      <span className={styles.dollars}>{formatDollars(dollars, locale)}</span>
      <span className={styles.track} aria-hidden>
        <i data-kind={props.kind} style={{ width: `${props.share * 100}%` }} />
      </span>
    </div>
  );
}

/** How many times as much: 1.1, 18. */
function formatTimes(times: number, locale: string): string {
  return formatNumber(times, locale, times < 10 ? 1 : 0);
}
