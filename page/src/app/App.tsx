import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Redirect } from 'wouter';
import type { Status } from '../../../src/local/api.ts';
import { LanguageProvider, useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError } from '../shared/api.ts';
import { useStatus } from '../shared/queries.ts';
import styles from './App.module.css';
import { Frame } from './Frame.tsx';
import { hrefOf, usePlace } from './place.ts';
import { CONTENTS } from './screens.tsx';
import { cssVariables, theme } from './theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Server-sent events say when something is new.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && error instanceof RequestError && error.status === 0,
    },
  },
});

/** The whole page. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Screens />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Screens() {
  const status = useStatus();
  return (
    <LanguageProvider fallback={status.data?.language ?? 'pt'}>
      {status.data ? (
        <Routed status={status.data} error={status.error} />
      ) : (
        status.isError && (
          <main className={styles.centre}>
            <Notice
              error={status.error}
              onRetry={() => {
                void status.refetch();
              }}
            />
          </main>
        )
      )}
    </LanguageProvider>
  );
}

function Routed(props: { readonly status: Status; readonly error: Error | null }) {
  const { status } = props;
  const place = usePlace();
  const text = useText();
  if (place && CONTENTS[place.screen]) return <Frame place={place} {...props} />;
  const home = hrefOf({ lake: homeLake(status), screen: 'chat' });
  if (location.pathname === '/') return <Redirect to={home} replace />;
  return (
    <main className={styles.centre}>
      <h1>{text.error.notFound}</h1>
      <a href={home}>{text.error.home}</a>
    </main>
  );
}

/** One's own lake once it has something, or a real bot is connected; the sample until then. */
function homeLake({ lakes, bot }: Status) {
  return lakes.own.lastMessageAt !== null || bot.mode !== 'simulator' ? 'own' : 'sample';
}
