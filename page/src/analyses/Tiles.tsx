import { Skeleton } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { LakeId } from '../../../src/local/api.ts';
import { tilesOf } from '../../../src/charts/tiles.ts';
import type { Tile } from '../../../src/charts/tiles.ts';
import { useLanguage, useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatPeriod } from '../shared/format.ts';
import { periodBefore } from '../shared/period.ts';
import { useAnalysis } from '../shared/queries.ts';
import styles from './Tiles.module.css';
import type { Analysis } from './analysis.ts';
import { asked } from './asked.ts';
import type { Asked } from './asked.ts';
import { Ignored } from './Ignored.tsx';
import { questionFor, questionQuery } from './scope.ts';
import type { Scope } from './scope.ts';

/** The period in a few numbers, each with its change against the period before. */
export function Tiles(props: {
  readonly analysis: Analysis;
  readonly lake: LakeId;
  readonly scope: Scope;
  readonly onAsk: (ask: Asked) => void;
  /** Told when the numbers are there, or will not come. */
  readonly onSettled: () => void;
}) {
  const { analysis, lake, scope, onAsk, onSettled } = props;
  const { text, language } = useLanguage();
  const question = questionFor(analysis, scope);
  const result = useAnalysis(lake, analysis.name, questionQuery(question));
  const { data, isPending } = result;
  // The numbers of now do not wait for those of before.
  const period = periodBefore(scope.period);
  const earlier = useAnalysis(
    lake,
    analysis.name,
    data ? questionQuery({ ...question, period }) : null,
  );
  const isCompared = earlier.data !== undefined && !earlier.isPlaceholderData;
  useEffect(() => {
    if (!isPending) onSettled();
  }, [isPending, onSettled]);
  if (result.isLoadingError) {
    return (
      <Notice
        error={result.error}
        onRetry={() => {
          void result.refetch();
        }}
      />
    );
  }
  const before = isCompared ? earlier.data : null;
  const tiles = data ? tilesOf(analysis, data, before, language) : null;
  return (
    <section
      aria-label={analysis.title[language]}
      aria-busy={result.isFetching}
      className={styles.section}
    >
      <ul className={styles.tiles}>
        {analysis.chart.y.map((name, index) => {
          const tile = tiles?.[index];
          const ask = asked(analysis, { values: {}, number: name });
          return (
            <li key={name} className={styles.tile}>
              {tile ? (
                <Figure
                  tile={tile}
                  isCompared={isCompared}
                  onAsk={
                    ask && tile.value !== null && tile.value !== 0
                      ? () => {
                          onAsk(ask);
                        }
                      : null
                  }
                />
              ) : (
                <Skeleton height={76} />
              )}
            </li>
          );
        })}
      </ul>
      <p className={styles.before}>
        {text.analyses.against(formatPeriod(period, text.locale))}
        <Ignored analysis={analysis} scope={scope} />
      </p>
    </section>
  );
}

function Figure(props: {
  readonly tile: Tile;
  readonly isCompared: boolean;
  readonly onAsk: (() => void) | null;
}) {
  const { tile, isCompared, onAsk } = props;
  const text = useText();
  const content = (
    <>
      <span className={styles.name}>{tile.title}</span>
      <span className={styles.value}>{tile.text}</span>
      {isCompared ? <Delta tile={tile} /> : <span className={styles.delta}></span>}
    </>
  );
  if (!onAsk) return <div className={styles.figure}>{content}</div>;
  return (
    <button type="button" className={styles.figure} title={text.analyses.showRows} onClick={onAsk}>
      {content}
    </button>
  );
}

function Delta({ tile: { change } }: { readonly tile: Tile }) {
  const { analyses } = useText();
  if (!change) return <span className={styles.delta}>{analyses.noBefore}</span>;
  if (change.direction === 'same') return <span className={styles.delta}>{analyses.same}</span>;
  const isUp = change.direction === 'up';
  const Icon = isUp ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={styles.delta} data-good={change.isGood ?? undefined}>
      <Icon size={14} aria-hidden />
      {isUp ? '+' : '−'}
      {change.text}
    </span>
  );
}
