import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconChartHistogram, IconCode, IconTable } from '@tabler/icons-react';
import { Suspense, lazy, useRef } from 'react';
import type { AnalysisResult, LakeStatus } from '../../../src/local/api.ts';
import { useSetParams } from '../app/useSetParams.ts';
import { useLanguage } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatMs, formatNumber } from '../shared/format.ts';
import { useAnalysis } from '../shared/queries.ts';
import { useSeen } from '../shared/useSeen.ts';
import styles from './AnalysisCard.module.css';
import { CardMenu } from './CardMenu.tsx';
import { Ignored } from './Ignored.tsx';
import { ResultTable } from './ResultTable.tsx';
import { isSummed } from './analysis.ts';
import type { Analysis } from './analysis.ts';
import { asked } from './asked.ts';
import type { Asked } from './asked.ts';
import { questionFor, questionQuery } from './scope.ts';
import type { Scope } from './scope.ts';
import { withoutHeader } from './withoutHeader.ts';
import { withTopicTitles } from './topicTitles.ts';
import type { TopicTitle } from './topicTitles.ts';

const Chart = lazy(() => import('./charts/Chart.tsx'));
const SqlView = lazy(() => import('../shared/SqlView.tsx'));

const SIDES = { chart: IconChartHistogram, table: IconTable, sql: IconCode } as const;
type Side = keyof typeof SIDES;

interface CardProps {
  readonly analysis: Analysis;
  readonly lake: LakeStatus;
  /** The last day that is in the table. */
  readonly lastClosed: string;
  readonly scope: Scope;
  readonly params: URLSearchParams;
  readonly topicTitle: TopicTitle;
  readonly onAsk: (ask: Asked) => void;
}

/** One analysis: a card that turns over to its table and to its SQL. Nothing is asked until it is seen. */
export function AnalysisCard(props: CardProps) {
  const { analysis, lake, scope, params } = props;
  const { text, language } = useLanguage();
  const setParams = useSetParams();
  const card = useRef<HTMLElement>(null);
  const seen = useSeen(card);
  const query = questionQuery(questionFor(analysis, scope));
  if (scope.compare) query.set('compare', '1');
  const result = useAnalysis(lake.id, analysis.name, seen ? query : null);
  const { data } = result;
  const sides = sidesOf(analysis);
  const wish = params.get(analysis.name);
  const side = sides.find((one) => one === wish) ?? sides[0] ?? 'table';
  const title = analysis.title[language];
  const sql = withoutHeader(data?.sql ?? analysis.sql);
  return (
    <section ref={card} className={styles.card} aria-label={title} aria-busy={result.isFetching}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h3 className={styles.title}>{title}</h3>
          <p className={styles.question} title={analysis.question[language]}>
            {analysis.question[language]}
          </p>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={`${text.analyses.sides}: ${title}`}
          value={side}
          data={sides.map((value) => {
            const Icon = SIDES[value];
            return {
              value,
              label: (
                <span className={styles.side} title={text.analyses[value]}>
                  <Icon size={16} stroke={1.6} aria-hidden />
                  <span className={styles.hidden}>{text.analyses[value]}</span>
                </span>
              ),
            };
          })}
          onChange={(value: string) => {
            setParams({ [analysis.name]: value === sides[0] ? null : value });
          }}
        />
        <CardMenu
          {...props}
          result={data}
          query={query}
          // While an answer is awaited, what is here is of other days, or of none.
          sql={result.isPlaceholderData || result.isPending ? null : sql}
        />
      </header>
      <div
        className={styles.body}
        data-side={side}
        data-stale={result.isPlaceholderData || undefined}
      >
        {side === 'sql' ? (
          <Suspense fallback={<Skeleton height="100%" />}>
            <SqlView sql={sql} label={`SQL: ${title}`} />
          </Suspense>
        ) : result.isLoadingError ? (
          <Notice
            error={result.error}
            onRetry={() => {
              void result.refetch();
            }}
          />
        ) : data ? (
          <Answer {...props} result={data} side={side} />
        ) : (
          <Skeleton height="100%" />
        )}
      </div>
      <footer className={styles.footer}>
        <Ignored analysis={analysis} scope={scope} />
        {side === 'sql' ? (
          <>
            <CopyIcon value={sql} label={text.analyses.copySql} />
            <code>sql/{analysis.name}.sql</code>
          </>
        ) : (
          data && (
            <span className={styles.facts}>
              {text.analyses.rows(data.rows.length, formatNumber(data.rows.length, text.locale))} ·{' '}
              {text.analyses.took(formatMs(data.ms, text.locale))}
            </span>
          )
        )}
      </footer>
    </section>
  );
}

/** The sides of a card, the one that is shown first before the others. */
function sidesOf(analysis: Analysis): readonly Side[] {
  if (analysis.chart.kind === 'table') return ['table', 'sql'];
  return isSummed(analysis) ? ['table', 'chart', 'sql'] : ['chart', 'table', 'sql'];
}

function Answer(props: CardProps & { readonly result: AnalysisResult; readonly side: Side }) {
  const { analysis, result, scope, lastClosed, topicTitle, onAsk } = props;
  const { text, language } = useLanguage();
  if (result.rows.length === 0) {
    const isNarrowed = scope.chats.length + scope.topics.length > 0;
    return (
      <EmptyState
        title={text.analyses.empty}
        hint={isNarrowed ? text.analyses.emptyNarrowHint : text.analyses.emptyHint}
      />
    );
  }
  if (props.side === 'table') {
    return <ResultTable {...props} />;
  }
  return (
    <Suspense fallback={<Skeleton height="100%" />}>
      <Chart
        analysis={analysis}
        result={result}
        shown={withTopicTitles(result, topicTitle, language)}
        period={scope.period}
        lastClosed={lastClosed}
        {...(analysis.rows && {
          onPoint: (pointed) => {
            const ask = asked(analysis, pointed);
            if (ask) onAsk(ask);
          },
        })}
      />
    </Suspense>
  );
}
