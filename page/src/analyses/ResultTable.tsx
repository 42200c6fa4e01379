import { IconArrowRight } from '@tabler/icons-react';
import { Fragment, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { AnalysisColumn, AnalysisResult, ResultValue } from '../../../src/local/api.ts';
import { formatValue, isNumeric } from '../../../src/charts/format.ts';
import { useLanguage } from '../i18n/language.tsx';
import { formatNumber } from '../shared/format.ts';
import styles from './ResultTable.module.css';
import type { Analysis } from './analysis.ts';
import { askedOfRow } from './asked.ts';
import type { Asked } from './asked.ts';
import { comparedColumns, rowsBefore } from './comparison.ts';
import { TOPIC_COLUMN } from './topicTitles.ts';
import type { TopicTitle } from './topicTitles.ts';

/** More rows than anybody reads in a card; a saved file has all. */
const MOST_ROWS = 500;

/** An analysis's rows under its columns' titles; each leads to the rows behind it. */
export function ResultTable(props: {
  readonly analysis: Analysis;
  readonly result: AnalysisResult;
  readonly topicTitle: TopicTitle;
  readonly onAsk: (ask: Asked) => void;
}) {
  const { analysis, result, topicTitle, onAsk } = props;
  const { text, language } = useLanguage();
  const words = text.analyses;
  const body = useRef<HTMLTableSectionElement>(null);
  const [focused, setFocused] = useState(0);
  const columns = result.columns.map((name) => analysis.columns.find((one) => one.name === name));
  const before = rowsBefore(analysis, result);
  const compared = before ? comparedColumns(analysis) : [];
  const rows = result.rows.slice(0, MOST_ROWS);
  const stop = Math.min(focused, rows.length - 1);

  const write = (value: ResultValue | undefined, column: AnalysisColumn | undefined) =>
    column?.name === TOPIC_COLUMN && typeof value === 'string'
      ? topicTitle(value, language)
      : formatValue(value, column, language);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const buttons = [...(body.current?.querySelectorAll('button') ?? [])];
    const next = buttons[buttons.indexOf(event.target as HTMLButtonElement) + (step ?? 0)];
    if (step === undefined || !next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <div
      className={styles.scroller}
      tabIndex={0}
      role="region"
      aria-label={`${words.table}: ${analysis.title[language]}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column, index) => {
              const name = result.columns[index] ?? '';
              return (
                <Fragment key={name}>
                  <th scope="col" data-number={isNumeric(column) || undefined}>
                    {column?.title[language] ?? name}
                  </th>
                  {compared.includes(name) && (
                    <th scope="col" data-number data-before>
                      {words.beforeColumn}
                    </th>
                  )}
                </Fragment>
              );
            })}
            {analysis.rows && (
              <th scope="col" className={styles.way}>
                <span className={styles.hidden}>{words.rowsBehind}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, index) => {
            const ask = askedOfRow(analysis, result, row);
            return (
              <tr
                key={index}
                data-way={ask ? true : undefined}
                onClick={() => {
                  if (ask && (getSelection()?.isCollapsed ?? true)) onAsk(ask);
                }}
              >
                {row.map((value, at) => {
                  const name = result.columns[at] ?? '';
                  return (
                    <Fragment key={name}>
                      <td data-number={isNumeric(columns[at]) || undefined}>
                        <span className={styles.value}>{write(value, columns[at])}</span>
                      </td>
                      {compared.includes(name) && (
                        <td data-number data-before>
                          {write(before?.[index]?.[at] ?? null, columns[at])}
                        </td>
                      )}
                    </Fragment>
                  );
                })}
                {ask && (
                  <td className={styles.way}>
                    <button
                      type="button"
                      className={styles.open}
                      tabIndex={index === stop ? 0 : -1}
                      aria-label={`${words.showRows}: ${write(row[0], columns[0])}`}
                      onFocus={() => {
                        setFocused(index);
                      }}
                      onClick={(event) => {
                        event.stopPropagation();
                        onAsk(ask);
                      }}
                    >
                      <IconArrowRight size={14} aria-hidden />
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {result.rows.length > MOST_ROWS && (
        <p className={styles.more}>
          {words.rowsShown(
            formatNumber(MOST_ROWS, text.locale),
            formatNumber(result.rows.length, text.locale),
          )}
        </p>
      )}
    </div>
  );
}
