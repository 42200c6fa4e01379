import { RollingNumber, Skeleton } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import type { Change, LakeId } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import type { Catalogue } from '../i18n/en.ts';
import { Notice } from '../shared/Notice.tsx';
import { formatNumber, formatPercent } from '../shared/format.ts';
import { lengthOf } from '../shared/period.ts';
import type { Period } from '../shared/period.ts';
import { useSummary } from '../shared/queries.ts';
import styles from './Tiles.module.css';

const TILES = [
  { name: 'messages', share: false, upIsGood: true },
  { name: 'people', share: false, upIsGood: true },
  { name: 'answeredRate', share: true, upIsGood: true },
  { name: 'fallbackRate', share: true, upIsGood: false },
] as const;

/** The period in four numbers, each with its change against the period before. */
export function Tiles(props: { readonly lake: LakeId; readonly period: Period }) {
  const text = useText();
  const summary = useSummary(props.lake, props.period);
  const before = text.analyses.before(lengthOf(props.period));
  if (summary.isError) {
    return (
      <Notice
        error={summary.error}
        onRetry={() => {
          void summary.refetch();
        }}
      />
    );
  }
  return (
    <dl className={styles.tiles} aria-busy={summary.isFetching}>
      {TILES.map(({ name, share, upIsGood }) => {
        const change = summary.data?.[name];
        return (
          <div key={name} className={styles.tile}>
            <dt className={styles.name}>{text.analyses.tiles[name]}</dt>
            <dd className={styles.figures}>
              {change ? (
                <>
                  <Figure value={change.now} share={share} text={text} />
                  <Delta change={change} share={share} upIsGood={upIsGood} before={before} />
                </>
              ) : (
                <Skeleton height={56} />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Figure(props: {
  readonly value: number | null;
  readonly share: boolean;
  readonly text: Catalogue;
}) {
  const { value, share, text } = props;
  if (value === null) return <span className={styles.value}>{text.analyses.none}</span>;
  return (
    <RollingNumber
      className={styles.value}
      value={share ? Math.round(value * 1000) / 10 : value}
      decimalScale={share ? 1 : 0}
      suffix={share ? '%' : ''}
      decimalSeparator={separator(text.locale, 'decimal')}
      thousandSeparator={separator(text.locale, 'group')}
      animationDuration={400}
    />
  );
}

function Delta(props: {
  readonly change: Change;
  readonly share: boolean;
  readonly upIsGood: boolean;
  readonly before: string;
}) {
  const { change, share, upIsGood, before } = props;
  const { analyses, locale } = useText();
  const { now, before: then } = change;
  if (now === null || then === null || (!share && then === 0)) {
    return <span className={styles.delta}>{analyses.noBefore}</span>;
  }
  const difference = share ? now - then : now / then - 1;
  // Less than what one decimal shows is no change.
  if (Math.abs(difference) < 0.0005) return <span className={styles.delta}>{analyses.same}</span>;
  const up = difference > 0;
  const Icon = up ? IconArrowUpRight : IconArrowDownRight;
  const size = Math.abs(difference);
  const value = share
    ? analyses.points(formatNumber(size * 100, locale))
    : formatPercent(size, locale);
  return (
    <span className={styles.delta}>
      <span className={styles.change} data-good={up === upIsGood || undefined}>
        <Icon size={14} aria-hidden />
        {up ? '+' : '−'}
        {value}
      </span>{' '}
      {before}
    </span>
  );
}

function separator(locale: string, type: 'decimal' | 'group'): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(12_345.6);
  return parts.find((part) => part.type === type)?.value ?? '';
}
