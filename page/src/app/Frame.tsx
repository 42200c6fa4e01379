import { Skeleton, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Suspense } from 'react';
import { Link } from 'wouter';
import type { Status } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { RequestError } from '../shared/api.ts';
import { useLakeEvents } from '../shared/useLakeEvents.ts';
import { Alert } from './Alert.tsx';
import styles from './Frame.module.css';
import { Freshness } from './Freshness.tsx';
import { LakeSwitch } from './LakeSwitch.tsx';
import { Preferences } from './Preferences.tsx';
import { SampleBanner } from './SampleBanner.tsx';
import icon from './icon.svg';
import { SCREENS, hrefOf } from './place.ts';
import type { Place } from './place.ts';
import { CONTENTS } from './screens.tsx';

/** What stands around every screen: the rail, the bar, the banner of the sample lake. */
export function Frame(props: {
  readonly place: Place;
  readonly status: Status;
  /** Why the status could not be brought up to date. */
  readonly error: Error | null;
}) {
  const { place, status } = props;
  const text = useText();
  const lake = status.lakes[place.lake];
  const Content = CONTENTS[place.screen]?.Content;
  useLakeEvents(place.lake);
  useDocumentTitle(`${text.nav[place.screen]} · ${text.product}`);
  const inConversation = place.screen === 'chat' && place.chat !== null;
  return (
    <div className={styles.frame} data-conversation={inConversation || undefined}>
      <a className={styles.skip} href="#content">
        {text.nav.skip}
      </a>
      <nav className={styles.rail} aria-label={text.nav.label}>
        <img className={styles.logo} src={icon} alt="" width={32} height={32} />
        {SCREENS.map((screen) => {
          const Icon = CONTENTS[screen]?.Icon;
          return (
            Icon && (
              <Link
                key={screen}
                href={hrefOf({ lake: place.lake, screen })}
                className={styles.tab}
                aria-current={place.screen === screen ? 'page' : undefined}
              >
                <Icon size={22} stroke={1.6} aria-hidden />
                {text.nav[screen]}
              </Link>
            )
          );
        })}
      </nav>
      <header className={styles.bar}>
        <p className={styles.title} aria-hidden>
          {text.nav[place.screen]}
        </p>
        <LakeSwitch place={place} />
        <Freshness lake={lake} />
        <Preferences />
      </header>
      <div className={styles.banners}>
        {place.lake === 'sample' && <SampleBanner screen={place.screen} />}
        {props.error ? (
          <Alert error={props.error} />
        ) : (
          status.bot.mode === 'problem' && (
            <Alert error={new RequestError(status.bot.problem, status.bot.remedy, 502)} />
          )
        )}
      </div>
      <main id="content" tabIndex={-1} className={styles.content}>
        <VisuallyHidden component="h1">{text.nav[place.screen]}</VisuallyHidden>
        <Suspense fallback={<Skeleton height="100%" radius={0} />}>
          {Content && (
            <Content key={`${place.lake} ${place.screen}`} place={place} status={status} />
          )}
        </Suspense>
      </main>
    </div>
  );
}
