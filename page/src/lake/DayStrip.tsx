import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import { Link } from 'wouter';
import type { DayState, LakeDay, LakeStatus } from '../../../src/local/api.ts';
import { formatFullDay, formatMonth } from '../../../src/charts/format.ts';
import { hrefOf } from '../app/place.ts';
import type { Catalogue } from '../i18n/en.ts';
import { useText } from '../i18n/language.tsx';
import { formatNumber } from '../shared/format.ts';
import { useRovingFocus } from '../shared/useRovingFocus.ts';
import styles from './DayStrip.module.css';
import { lakeParams } from './lakePlace.ts';
import type { LakePlace } from './lakePlace.ts';
import { stripCells, weightOf } from './stripCells.ts';

/** In the order in which a day goes through them. */
const STATES: readonly DayState[] = ['closed', 'provisional', 'behind', 'open', 'empty'];

/** The days of the lake as a calendar of one line: how much was said, how far each is, what was rejected. */
export function DayStrip(props: {
  readonly lake: LakeStatus;
  readonly days: readonly LakeDay[];
  readonly place: LakePlace;
}) {
  const { lake, days, place } = props;
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const months = useMemo(() => stripCells(days, lake.today), [days, lake.today]);
  const names = useMemo(() => days.map(({ day }) => day), [days]);
  const most = useMemo(() => Math.max(1, ...days.map(weightOf)), [days]);
  const focus = useRovingFocus(names, place.day ?? names.at(-1) ?? null, 'x');

  const last = names.at(-1);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const target = element.querySelector<HTMLElement>('[aria-current]');
    if (!target) {
      if (place.day === null) element.scrollLeft = element.scrollWidth;
      return;
    }
    // A day that is in sight stays where it is.
    const [from, to] = [target.offsetLeft, target.offsetLeft + target.offsetWidth];
    if (from < element.scrollLeft || to > element.scrollLeft + element.clientWidth) {
      element.scrollLeft = from - element.clientWidth / 2;
    }
  }, [place.day, last]);

  return (
    <nav className={styles.strip} aria-label={text.days.strip}>
      <div className={styles.scroller} ref={scroller} {...focus.handlers}>
        <ol className={styles.months}>
          {months.map(({ month, cells }) => (
            <li key={month} className={styles.month}>
              <span className={styles.name}>{formatMonth(`${month}-01`, text.locale)}</span>
              <ol className={styles.days}>
                {cells.map((cell) =>
                  cell.kind === 'gap' ? (
                    <li key={cell.day} className={styles.gap}>
                      {text.days.gap(formatNumber(cell.length, text.locale))}
                    </li>
                  ) : (
                    <li key={cell.day} className={styles.cell}>
                      {cell.kind === 'day' ? (
                        <Day
                          of={cell.of}
                          href={hrefOf({
                            lake: lake.id,
                            screen: 'lake',
                            params: lakeParams({ day: cell.day, tab: place.tab }),
                          })}
                          share={weightOf(cell.of) / most}
                          isCurrent={cell.day === place.day}
                          isToday={cell.day === lake.today}
                          tabIndex={focus.tabIndexOf(cell.day)}
                          text={text}
                        />
                      ) : (
                        <span
                          className={styles.blank}
                          data-today={cell.day === lake.today || undefined}
                        >
                          {numberOf(cell.day)}
                        </span>
                      )}
                    </li>
                  ),
                )}
              </ol>
            </li>
          ))}
        </ol>
      </div>
    </nav>
  );
}

/** What the signs of the strip mean, with how many days have each. */
export function StripLegend({ days }: { readonly days: readonly LakeDay[] }) {
  const text = useText();
  const words = text.days;
  const withRejected = days.filter(({ rejected }) => rejected > 0).length;
  return (
    <ul className={styles.legend}>
      {STATES.map((state) => {
        const count = days.filter((day) => day.state === state).length;
        return (
          count > 0 && (
            <li key={state} title={words.stateHints[state]}>
              <i className={styles.swatch} data-state={state} aria-hidden />
              {words.stateCount[state](count, formatNumber(count, text.locale))}
            </li>
          )
        );
      })}
      {withRejected > 0 && (
        <li>
          <IconAlertTriangleFilled size={12} className={styles.alert} aria-hidden />
          {words.withRejected(formatNumber(withRejected, text.locale))}
        </li>
      )}
    </ul>
  );
}

const Day = memo(function Day(props: {
  readonly of: LakeDay;
  readonly href: string;
  /** Of the busiest day's messages, 0 to 1. */
  readonly share: number;
  readonly isCurrent: boolean;
  readonly isToday: boolean;
  readonly tabIndex: -1 | 0;
  readonly text: Catalogue;
}) {
  const { of, share, isCurrent, text } = props;
  const label = describeDay(of, text);
  return (
    <Link
      href={props.href}
      className={styles.day}
      data-stop={of.day}
      data-state={of.state}
      data-today={props.isToday || undefined}
      aria-current={isCurrent ? 'date' : undefined}
      aria-label={label}
      title={label}
      tabIndex={props.tabIndex}
    >
      <span className={styles.column}>
        {of.rejected > 0 && (
          <IconAlertTriangleFilled size={12} className={styles.alert} aria-hidden />
        )}
        <i className={styles.bar} data-state={of.state} style={{ height: `${share * 100}%` }} />
      </span>
      <span className={styles.number}>{numberOf(of.day)}</span>
    </Link>
  );
});

function numberOf(day: string): number {
  return Number(day.slice(-2));
}

/** A day in words: Fri, 20 Nov 2026, 148 messages, closed. */
function describeDay(
  { day, state, messages, objects, rejected }: LakeDay,
  text: Catalogue,
): string {
  const { locale, days } = text;
  return [
    formatFullDay(day, locale),
    messages === null
      ? days.objects(objects, formatNumber(objects, locale))
      : days.messages(messages, formatNumber(messages, locale)),
    days.states[state],
    ...(rejected > 0 ? [days.rejectedCount(rejected, formatNumber(rejected, locale))] : []),
  ].join(' · ');
}
