import { ActionIcon, Button, CloseButton, Drawer, Menu, Skeleton } from '@mantine/core';
import { IconDownload, IconTerminal2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeStatus } from '../../../src/local/api.ts';
import { formatValue } from '../../../src/charts/format.ts';
import { consoleHref } from '../console/sqlInUrl.ts';
import { useLanguage } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatNumber, formatPeriod } from '../shared/format.ts';
import { useFilterChoices, useRowsBehind } from '../shared/queries.ts';
import { PlainRows } from './PlainRows.tsx';
import styles from './RowsDrawer.module.css';
import { UpdateRows } from './UpdateRows.tsx';
import type { Analysis } from './analysis.ts';
import type { Asked } from './asked.ts';
import { exportHref } from './exportHref.ts';
import { questionFor, questionQuery } from './scope.ts';
import type { Scope } from './scope.ts';
import { TOPIC_COLUMN } from './topicTitles.ts';
import type { TopicTitle } from './topicTitles.ts';

interface RowsProps {
  readonly analysis: Analysis;
  readonly ask: Asked;
  readonly lake: LakeStatus;
  readonly scope: Scope;
  readonly topicTitle: TopicTitle;
  readonly onClose: () => void;
}

/** The rows behind a number; from each the way leads on to its conversation. */
export function RowsDrawer(props: Partial<RowsProps> & Pick<RowsProps, 'onClose'>) {
  const { analysis, ask, lake, scope, topicTitle, onClose } = props;
  const isOpen = analysis && ask && lake && scope && topicTitle;
  const { text } = useLanguage();
  return (
    <Drawer.Root
      opened={Boolean(isOpen)}
      onClose={onClose}
      position="right"
      size="min(1040px, 100vw)"
      trapFocus
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={text.analyses.rowsBehind}>
        {isOpen && <Rows {...{ analysis, ask, lake, scope, topicTitle, onClose }} />}
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Rows({ analysis, ask, lake, scope, topicTitle, onClose }: RowsProps) {
  const { text, language } = useLanguage();
  const words = text.analyses;
  const query = questionQuery(questionFor(analysis, scope));
  query.set('at', JSON.stringify(ask.values));
  if (ask.number !== null) query.set('number', ask.number);
  const rows = useRowsBehind(lake.id, analysis.name, query);
  const { data } = rows;
  const choices = useFilterChoices(lake.id, scope.period);
  const columnOf = (name: string) => analysis.columns.find((column) => column.name === name);
  const number = ask.number === null ? null : columnOf(ask.number)?.title[language];
  const hasDay = Object.keys(ask.values).some((name) => columnOf(name)?.unit === 'day');
  const path = `/api/lakes/${lake.id}/analyses/${analysis.name}/rows/export`;
  return (
    <div className={styles.panel}>
      <div className={styles.header}>
        <div className={styles.words}>
          <h2 className={styles.title}>{number ?? analysis.title[language]}</h2>
          <dl className={styles.facts}>
            {Object.entries(ask.values).map(([name, value]) => (
              <div key={name} className={styles.fact}>
                <dt>{columnOf(name)?.title[language] ?? name}</dt>
                <dd>
                  {name === TOPIC_COLUMN && typeof value === 'string'
                    ? topicTitle(value, language)
                    : formatValue(value, columnOf(name), language)}
                </dd>
              </div>
            ))}
            {!hasDay && (
              <div className={styles.fact}>
                <dt>{words.period}</dt>
                <dd>{formatPeriod(scope.period, text.locale)}</dd>
              </div>
            )}
          </dl>
        </div>
        <Menu position="bottom-end" width={200} withinPortal={false} returnFocus>
          <Menu.Target>
            <Button
              className={styles.save}
              size="xs"
              aria-label={words.saveRows}
              variant="default"
              leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
            >
              <span className={styles.label}>{words.saveRows}</span>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['csv', 'json', 'parquet'] as const).map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={exportHref(path, query, format, language)}
                download
              >
                {words.formats[format]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {data && (
          <ActionIcon
            component={Link}
            href={consoleHref(lake.id, data.sql)}
            size={30}
            variant="default"
            aria-label={words.openConsole}
            title={words.openConsole}
          >
            <IconTerminal2 size={16} stroke={1.6} />
          </ActionIcon>
        )}
        <CloseButton data-autofocus aria-label={words.closeRows} onClick={onClose} />
      </div>
      <div className={styles.body} aria-busy={rows.isFetching}>
        {rows.isLoadingError ? (
          <div className={styles.failure}>
            <Notice
              error={rows.error}
              onRetry={() => {
                void rows.refetch();
              }}
            />
          </div>
        ) : !data ? (
          <div className={styles.loading}>
            {Array.from({ length: 12 }, (_, index) => (
              <Skeleton key={index} height={28} />
            ))}
          </div>
        ) : data.rows.length === 0 ? (
          <EmptyState title={words.noRows} hint={words.noRowsHint} />
        ) : data.columns.includes('update_id') ? (
          <UpdateRows rows={data} lake={lake} topicTitle={topicTitle} />
        ) : (
          <PlainRows
            rows={data}
            lake={lake}
            nameOf={(id) => choices.data?.chats.find((chat) => chat.id === id)?.title ?? null}
          />
        )}
      </div>
      <div className={styles.footer}>
        {data && (
          <span>
            {data.more
              ? words.rowsFirst(formatNumber(data.rows.length, text.locale))
              : words.rows(data.rows.length, formatNumber(data.rows.length, text.locale))}
          </span>
        )}
        <span>{words.zone(lake.zone)}</span>
      </div>
    </div>
  );
}
