import { Button, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { LakeStatus, Section, Status } from '../../../src/local/api.ts';
import { hrefOf } from '../app/place.ts';
import { useSetParams } from '../app/useSetParams.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { useAnalyses, useFilterChoices } from '../shared/queries.ts';
import styles from './AnalysesScreen.module.css';
import { AnalysisCard } from './AnalysisCard.tsx';
import { CloseToday } from './CloseToday.tsx';
import { RowsDrawer } from './RowsDrawer.tsx';
import { SectionNav } from './SectionNav.tsx';
import { Tiles } from './Tiles.tsx';
import { Toolbar } from './Toolbar.tsx';
import { isSummed } from './analysis.ts';
import type { Analysis } from './analysis.ts';
import { askedIn, askedParams } from './asked.ts';
import type { Asked } from './asked.ts';
import { scopeIn } from './scope.ts';
import { topicTitles } from './topicTitles.ts';
import { useScrollPlace } from './useScrollPlace.ts';

/** In the order in which one reads them. */
const SECTIONS: readonly Section[] = ['activity', 'people', 'questions', 'bot', 'quality'];

/** The lake's numbers over a period, and the analyses of `sql/` as charts: the dashboard. */
export default function AnalysesScreen(props: { readonly place: Place; readonly status: Status }) {
  const { place, status } = props;
  const lake = status.lakes[place.lake];
  const text = useText();
  const analyses = useAnalyses();
  const setParams = useSetParams();
  const scroller = useRef<HTMLDivElement>(null);
  const wide = useMediaQuery('(min-width: 720px)', true, { getInitialValueInEffect: false });
  const query = place.params.toString();
  const scope = useMemo(() => scopeIn(new URLSearchParams(query), lake.today), [query, lake.today]);
  // The numbers first: what they can be narrowed to is asked for after them, unless it is needed.
  const [isCalm, setCalm] = useState(false);
  const isNarrowed = scope.chats.length + scope.topics.length > 0;
  const choices = useFilterChoices(lake.id, scope.period, isCalm || isNarrowed);
  const topicTitle = useMemo(() => topicTitles(choices.data), [choices.data]);
  const all = analyses.data?.analyses;
  const ask = askedIn(place.params);
  const asking = all?.find(({ name }) => name === ask?.analysis);
  const isReady = all !== undefined;

  useScrollPlace(scroller, place.lake, isReady);

  const latest = useRef(setParams);
  useEffect(() => {
    latest.current = setParams;
  });
  const onAsk = useCallback((next: Asked) => {
    latest.current(askedParams(next));
  }, []);

  const sections = useMemo(
    () => SECTIONS.filter((section) => all?.some((one) => isCard(one) && one.section === section)),
    [all],
  );
  const { lastClosedDay } = lake;
  const hasDays = lastClosedDay !== null;
  const hasSections = hasDays && scope.problem === null;
  // Always at one place, so that what it tells outlives the first closing.
  const closeToday = <CloseToday lake={lake} />;
  const shared = { lake, scope, topicTitle, onAsk, params: place.params };
  return (
    <div className={styles.screen} ref={scroller}>
      <div className={styles.page}>
        {!wide && <div className={styles.close}>{closeToday}</div>}
        {(hasDays || wide) && (
          <div className={styles.head} data-bare={hasSections ? undefined : true}>
            <div className={styles.controls}>
              {hasDays ? <Toolbar lake={lake} scope={scope} choices={choices.data} /> : <span />}
              {wide && closeToday}
            </div>
            {hasSections && <SectionNav sections={sections} scroller={scroller} />}
          </div>
        )}
        {lastClosedDay === null ? (
          <EmptyLake lake={lake} />
        ) : scope.problem !== null ? (
          <Notice
            error={
              new RequestError(
                text.analyses.problems[scope.problem],
                text.analyses.problemRemedy,
                400,
              )
            }
          />
        ) : analyses.isError ? (
          <Notice
            error={analyses.error}
            onRetry={() => {
              void analyses.refetch();
            }}
          />
        ) : !all ? (
          <Waiting />
        ) : (
          <>
            {all
              .filter((analysis) => !isCard(analysis))
              .map((analysis) => (
                <Tiles
                  key={analysis.name}
                  analysis={analysis}
                  {...shared}
                  lake={lake.id}
                  onSettled={() => {
                    setCalm(true);
                  }}
                />
              ))}
            {sections.map((section) => (
              <section key={section} id={section} className={styles.section}>
                <h2 className={styles.heading}>{text.analyses.sections[section]}</h2>
                <div className={styles.cards}>
                  {cardsOf(all, section).map((analysis) => (
                    <AnalysisCard
                      key={analysis.name}
                      analysis={analysis}
                      lastClosed={lastClosedDay}
                      {...shared}
                    />
                  ))}
                </div>
              </section>
            ))}
          </>
        )}
        <p className={styles.zone}>{text.analyses.zone(lake.zone)}</p>
      </div>
      <RowsDrawer
        {...(ask && asking ? { analysis: asking, ask, lake, scope, topicTitle } : {})}
        onClose={() => {
          setParams(askedParams(null));
        }}
      />
    </div>
  );
}

/** A section's cards; those whose rows are too many for their own chart stand last. */
function cardsOf(all: readonly Analysis[], section: Section): readonly Analysis[] {
  const cards = all.filter((one) => isCard(one) && one.section === section);
  return [...cards.filter((one) => !isSummed(one)), ...cards.filter(isSummed)];
}

/** Whether an analysis is shown as a card; the others are the tiles above. */
function isCard({ chart }: Analysis): boolean {
  return chart.kind !== 'tiles';
}

/** A lake without a closed day: what is missing, and the way there. */
function EmptyLake({ lake }: { readonly lake: LakeStatus }) {
  const text = useText();
  return (
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
  );
}

/** The place that tiles and cards will take. */
function Waiting() {
  return (
    <>
      <Skeleton height={134} radius={8} />
      <div className={styles.cards}>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} height={440} radius={8} />
        ))}
      </div>
    </>
  );
}
