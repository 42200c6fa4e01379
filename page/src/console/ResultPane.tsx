import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ExportFormat, LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { formatMs, formatNumber } from '../shared/format.ts';
import { ResultGrid } from '../shared/ResultGrid.tsx';
import styles from './ResultPane.module.css';
import { saveFile } from './saveFile.ts';
import type { Outcome } from './useRun.ts';

const FORMATS: readonly ExportFormat[] = ['csv', 'json', 'parquet'];

/** What the last query gave: rows, how many and how long, and the way to a file. */
export function ResultPane(props: {
  readonly lake: LakeStatus;
  readonly outcome: Outcome | null;
  readonly isRunning: boolean;
}) {
  const { lake, outcome, isRunning } = props;
  const text = useText();
  const [saving, setSaving] = useState<ExportFormat | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);

  const save = async (sql: string, format: ExportFormat): Promise<void> => {
    setSaving(format);
    setProblem(null);
    try {
      await saveFile(lake.id, sql, format);
    } catch (error) {
      setProblem(error as Error);
    }
    setSaving(null);
  };

  if (outcome?.state !== 'done') {
    const isEmpty = lake.lastClosedDay === null;
    const titles = {
      none: text.console.resultTitle,
      cancelled: text.console.cancelled,
      failed: text.console.noResult,
    };
    const state = outcome?.state ?? 'none';
    return (
      <div className={styles.pane}>
        <EmptyState
          title={titles[state]}
          hint={
            state === 'failed'
              ? text.console.noResultHint
              : isEmpty
                ? text.console.neverClosed
                : text.console.resultHint
          }
        />
      </div>
    );
  }
  const { result, sql } = outcome;
  const count = formatNumber(result.rows.length, text.locale);
  return (
    <div className={styles.pane} aria-busy={isRunning}>
      <div className={styles.bar}>
        <p className={styles.facts} role="status">
          {result.more ? text.console.more(count) : text.analyses.rows(result.rows.length, count)} ·{' '}
          {text.analyses.took(formatMs(result.ms, text.locale))}
        </p>
        <Menu position="bottom-end" width={256} returnFocus>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={saving !== null}
            >
              {text.console.save}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {FORMATS.map((format) => (
              <Menu.Item
                key={format}
                onClick={() => {
                  void save(sql, format);
                }}
              >
                {format === 'parquet' ? 'Parquet' : format.toUpperCase()}{' '}
                <span className={styles.hint}>{text.console[`${format}Hint`]}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {problem && (
        <Notice
          error={problem}
          onDismiss={() => {
            setProblem(null);
          }}
        />
      )}
      {result.rows.length === 0 ? (
        <EmptyState
          title={text.console.emptyResult}
          hint={
            lake.lastClosedDay === null ? text.console.neverClosed : text.console.emptyResultHint
          }
        />
      ) : (
        <div className={styles.grid} data-stale={isRunning || undefined}>
          <ResultGrid result={result} label={text.console.result} />
        </div>
      )}
    </div>
  );
}
