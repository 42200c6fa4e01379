import { closeCompletion } from '@codemirror/autocomplete';
import { Button, Drawer, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactCodeMirrorRef } from '@uiw/react-codemirror';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { SqlSchema, Status } from '../../../src/local/api.ts';
import type { Place } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { Notice } from '../shared/Notice.tsx';
import { RequestError, get } from '../shared/api.ts';
import { formatNumber } from '../shared/format.ts';
import { AnalysesMenu, HistoryMenu } from './ConsoleMenus.tsx';
import styles from './ConsoleScreen.module.css';
import { ResultPane } from './ResultPane.tsx';
import { SchemaPanel } from './SchemaPanel.tsx';
import { SqlEditor, goTo, insert } from './SqlEditor.tsx';
import type { Mistake } from './SqlEditor.tsx';
import { forgetHistory, readHistory, remember } from './history.ts';
import { consoleHref, readDraft, sqlInUrl, writeDraft } from './sqlInUrl.ts';
import { useRun } from './useRun.ts';

/** What a new console begins with. */
const FIRST_QUERY = `SELECT context_date, count(*) AS messages
FROM messages
WHERE context_date >= current_date - INTERVAL '29' DAY
GROUP BY 1
ORDER BY 1 DESC`;

/** Queries of one's own: an editor, the tables at hand, and the result. */
export default function ConsoleScreen({
  place,
  status,
}: {
  readonly place: Place;
  readonly status: Status;
}) {
  const lake = status.lakes[place.lake];
  const text = useText();
  const [, navigate] = useLocation();
  const editor = useRef<ReactCodeMirrorRef>(null);
  const wide = useMediaQuery('(min-width: 960px)', true, { getInitialValueInEffect: false });
  const [showsTables, setShowsTables] = useState(false);
  const [sql, setSql] = useState(() => sqlInUrl() ?? readDraft() ?? FIRST_QUERY);
  const [isMended, setIsMended] = useState(false);
  const [history, setHistory] = useState(readHistory);
  const schema = useQuery({
    queryKey: ['sql'],
    queryFn: ({ signal }) => get<SqlSchema>('/sql', signal),
    staleTime: Infinity,
  });
  const { since, outcome, run, cancel } = useRun(place.lake, (asked, ended) => {
    if (ended.state === 'cancelled') return;
    const rows = ended.state === 'done' ? ended.result.rows.length : null;
    setHistory(remember({ sql: asked, lake: place.lake, at: Date.now(), rows }));
  });

  const write = (next: string): void => {
    setSql(next);
    setIsMended(true);
    writeDraft(next);
  };
  const ask = (query: string): void => {
    if (query.trim() === '') return;
    setIsMended(false);
    run(query);
  };
  /** Each query run is a step that Back leads to. */
  const askAndNote = (query: string): void => {
    if (editor.current?.view) closeCompletion(editor.current.view);
    if (sqlInUrl() !== query) navigate(consoleHref(place.lake, query));
    ask(query);
  };

  const showUrl = useEffectEvent((isArrival: boolean) => {
    const asked = sqlInUrl();
    if (asked === null) return;
    // Out of what is sent to the server when the page is loaded again.
    if (isArrival && location.search !== '') {
      navigate(consoleHref(place.lake, asked), { replace: true });
    }
    setSql(asked);
    writeDraft(asked);
    ask(asked);
  });
  useEffect(() => {
    const arrival = setTimeout(() => {
      showUrl(true);
    });
    const onBack = () => {
      showUrl(false);
    };
    addEventListener('popstate', onBack);
    return () => {
      clearTimeout(arrival);
      removeEventListener('popstate', onBack);
    };
  }, []);

  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    // A list of completions closes first.
    if (event.key === 'Escape' && !event.defaultPrevented) cancel();
  });
  const isRunning = since !== null;
  useEffect(() => {
    if (!isRunning) return;
    const listen = (event: KeyboardEvent) => {
      onEscape(event);
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, [isRunning]);

  const error = outcome?.state === 'failed' ? outcome.error : null;
  const mistake = useMemo<Mistake | null>(() => {
    if (!(error instanceof RequestError) || !error.place || isMended) return null;
    return { message: error.message, ...error.place };
  }, [error, isMended]);

  const put = (words: string): void => {
    setShowsTables(false);
    if (editor.current?.view) insert(editor.current.view, words);
  };

  return (
    <div className={styles.screen}>
      <div className={styles.toolbar} role="toolbar" aria-label={text.console.editor}>
        {isRunning ? (
          <Button
            size="xs"
            color="red"
            variant="light"
            w={112}
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            title={text.console.cancelKeys}
            onClick={cancel}
          >
            {text.console.cancel}
          </Button>
        ) : (
          <Button
            size="xs"
            w={112}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            title={text.console.runKeys}
            disabled={sql.trim() === ''}
            onClick={() => {
              askAndNote(sql);
            }}
          >
            {text.console.run}
          </Button>
        )}
        <AnalysesMenu onChoose={write} />
        <HistoryMenu
          history={history}
          zone={lake.zone}
          onChoose={write}
          onForget={() => {
            forgetHistory();
            setHistory([]);
          }}
        />
        {!wide && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTable size={14} aria-hidden />}
            onClick={() => {
              setShowsTables(true);
            }}
          >
            {text.console.tables}
          </Button>
        )}
        {since !== null && <Elapsed since={since} />}
      </div>
      <section
        className={styles.editor}
        aria-label={text.console.editor}
        // On its way down: the editor itself would begin a new line.
        onKeyDownCapture={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          askAndNote(sql);
        }}
      >
        {schema.data ? (
          <SqlEditor
            value={sql}
            label={text.console.editor}
            schema={schema.data}
            mistake={mistake}
            view={editor}
            onChange={write}
          />
        ) : schema.isError ? (
          <Notice
            error={schema.error}
            onRetry={() => {
              void schema.refetch();
            }}
          />
        ) : (
          <Skeleton height="100%" radius={0} />
        )}
      </section>
      {error && !isRunning && (
        <div className={styles.problem}>
          {error instanceof RequestError && error.status === 422 ? (
            <div className={styles.mistake} role="alert">
              <IconAlertTriangle size={18} aria-hidden className={styles.sign} />
              <p className={styles.words}>
                {mistake ? (
                  <button
                    type="button"
                    className={styles.where}
                    aria-label={text.console.goTo(mistake.line, mistake.column)}
                    onClick={() => {
                      if (editor.current?.view) goTo(editor.current.view, mistake);
                    }}
                  >
                    {text.console.at(mistake.line, mistake.column)}
                  </button>
                ) : (
                  <strong>
                    {error.place
                      ? text.console.at(error.place.line, error.place.column)
                      : text.console.mistake}
                  </strong>
                )}{' '}
                <span lang="en">{error.message}</span>
              </p>
            </div>
          ) : (
            <Notice error={error} />
          )}
        </div>
      )}
      <section className={styles.result} aria-label={text.console.result}>
        <ResultPane
          key={outcome?.state === 'done' ? outcome.sql : 'none'}
          lake={lake}
          outcome={outcome}
          isRunning={isRunning}
        />
      </section>
      {schema.data &&
        (wide ? (
          <aside className={styles.schema} aria-label={text.console.tables}>
            <SchemaPanel schema={schema.data} onInsert={put} />
          </aside>
        ) : (
          <Drawer.Root
            opened={showsTables}
            onClose={() => {
              setShowsTables(false);
            }}
            position="right"
            size="min(360px, 100vw)"
          >
            <Drawer.Overlay />
            <Drawer.Content aria-label={text.console.tables}>
              <SchemaPanel
                schema={schema.data}
                onInsert={put}
                onClose={() => {
                  setShowsTables(false);
                }}
              />
            </Drawer.Content>
          </Drawer.Root>
        ))}
    </div>
  );
}

/** Seconds that the query has been running. */
function Elapsed({ since }: { readonly since: number }) {
  const text = useText();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(performance.now());
    }, 100);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <p className={styles.elapsed}>
      {text.console.running} {formatNumber((now - since) / 1000, text.locale)} s
    </p>
  );
}
