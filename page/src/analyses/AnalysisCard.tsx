import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconChartHistogram, IconCode, IconTable } from '@tabler/icons-react';
import { Suspense, lazy } from 'react';
import type { AnalysisResult, LakeId } from '../../../src/local/api.ts';
import { useSetParams } from '../app/place.ts';
import { useLanguage } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatMs, formatNumber } from '../shared/format.ts';
import type { Period } from '../shared/period.ts';
import { useAnalysis } from '../shared/queries.ts';
import styles from './AnalysisCard.module.css';
import { ResultTable } from './ResultTable.tsx';
import type { Analysis } from './analysis.ts';

const Chart = lazy(() => import('./charts/Chart.tsx'));
const SqlView = lazy(() => import('../shared/SqlView.tsx'));

const SIDES = { chart: IconChartHistogram, table: IconTable, sql: IconCode } as const;
type Side = keyof typeof SIDES;

/** One analysis: a card that turns over to its table and to its SQL. */
export function AnalysisCard(props: {
  readonly analysis: Analysis;
  readonly lake: LakeId;
  readonly period: Period;
  readonly lastClosed: string;
  readonly params: URLSearchParams;
}) {
  const { analysis, period } = props;
  const { text, language } = useLanguage();
  const setParams = useSetParams();
  const result = useAnalysis(props.lake, analysis.name, period);
  const wish = props.params.get(analysis.name);
  const side: Side = wish === 'table' || wish === 'sql' ? wish : 'chart';
  const title = analysis.title[language];
  return (
    <section className={styles.card} aria-label={title} aria-busy={result.isFetching}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.question}>{analysis.question[language]}</p>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={`${text.analyses.sides}: ${title}`}
          value={side}
          data={Object.entries(SIDES).map(([value, Icon]) => ({
            value,
            label: (
              <span className={styles.side} title={text.analyses[value as Side]}>
                <Icon size={16} stroke={1.6} aria-hidden />
                <span className={styles.hidden}>{text.analyses[value as Side]}</span>
              </span>
            ),
          }))}
          onChange={(value: string) => {
            setParams({ [analysis.name]: value === 'chart' ? null : value });
          }}
        />
      </header>
      <div className={styles.body} data-side={side}>
        {side === 'sql' ? (
          <Suspense fallback={<Skeleton height="100%" />}>
            <SqlView sql={analysis.sql} label={`SQL: ${title}`} />
          </Suspense>
        ) : result.isError ? (
          <Notice
            error={result.error}
            onRetry={() => {
              void result.refetch();
            }}
          />
        ) : result.data ? (
          <Answer {...props} result={result.data} side={side} />
        ) : (
          <Skeleton height="100%" />
        )}
      </div>
      <footer className={styles.footer}>
        {side === 'sql' ? (
          <>
            <CopyIcon value={analysis.sql} label={text.analyses.copySql} />
            <code>sql/{analysis.name}.sql</code>
          </>
        ) : (
          result.data && (
            <>
              {text.analyses.rows(
                result.data.rows.length,
                formatNumber(result.data.rows.length, text.locale),
              )}{' '}
              · {text.analyses.took(formatMs(result.data.ms, text.locale))}
            </>
          )
        )}
      </footer>
    </section>
  );
}

function Answer(props: {
  readonly analysis: Analysis;
  readonly result: AnalysisResult;
  readonly period: Period;
  readonly lastClosed: string;
  readonly side: 'chart' | 'table';
}) {
  const { text } = useLanguage();
  if (props.result.rows.length === 0) {
    return <EmptyState title={text.analyses.empty} hint={text.analyses.emptyHint} />;
  }
  if (props.side === 'table') return <ResultTable {...props} />;
  return (
    <Suspense fallback={<Skeleton height="100%" />}>
      <Chart {...props} />
    </Suspense>
  );
}
