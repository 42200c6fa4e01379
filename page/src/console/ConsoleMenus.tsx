import { Button, Menu } from '@mantine/core';
import { IconChartBar, IconHistory, IconTrash } from '@tabler/icons-react';
import { useLanguage } from '../i18n/language.tsx';
import { formatInstant, formatNumber } from '../shared/format.ts';
import { useAnalyses } from '../shared/queries.ts';
import styles from './ConsoleMenus.module.css';
import type { Past } from './history.ts';

/** A query's beginning, in one line, its comments left out. */
function firstWords(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 160);
}

/** The analyses, to begin with their queries. */
export function AnalysesMenu(props: { readonly onChoose: (sql: string) => void }) {
  const { text, language } = useLanguage();
  const analyses = useAnalyses();
  return (
    <Menu position="bottom-start" width={320} returnFocus>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconChartBar size={14} aria-hidden />}>
          {text.console.examples}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.dropdown}>
        <Menu.Label>{text.console.examplesHint}</Menu.Label>
        {analyses.data?.analyses.map(({ name, title, sql }) => (
          <Menu.Item
            key={name}
            onClick={() => {
              // What is told by the header stands in the page already.
              props.onChoose(sql.replace(/^(?:--[^\n]*\n|\s*\n)+/, ''));
            }}
          >
            {title[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The queries run last. */
export function HistoryMenu(props: {
  readonly history: readonly Past[];
  readonly zone: string;
  readonly onChoose: (sql: string) => void;
  readonly onForget: () => void;
}) {
  const { history, zone, onChoose, onForget } = props;
  const { text } = useLanguage();
  return (
    <Menu
      position="bottom-start"
      width={360}
      returnFocus
      classNames={{ itemLabel: styles.label ?? '' }}
    >
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconHistory size={14} aria-hidden />}>
          {text.console.history}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.dropdown}>
        {history.length === 0 ? (
          <p className={styles.empty}>{text.console.historyEmpty}</p>
        ) : (
          <>
            {history.map(({ sql, lake, at, rows }) => (
              <Menu.Item
                key={`${lake} ${at}`}
                onClick={() => {
                  onChoose(sql);
                }}
              >
                <code className={styles.query}>{firstWords(sql)}</code>
                <span className={styles.when}>
                  {formatInstant(new Date(at).toISOString(), text.locale, zone)} · {text.lake[lake]}{' '}
                  ·{' '}
                  {rows === null
                    ? text.console.failed
                    : text.analyses.rows(rows, formatNumber(rows, text.locale))}
                </span>
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={onForget}>
              {text.console.historyClear}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
