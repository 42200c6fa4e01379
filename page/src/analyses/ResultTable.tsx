import type { AnalysisColumn, AnalysisResult } from '../../../src/local/api.ts';
import { useLanguage } from '../i18n/language.tsx';
import type { Catalogue } from '../i18n/en.ts';
import { formatFullDay, formatNumber } from '../shared/format.ts';
import styles from './ResultTable.module.css';
import type { Analysis } from './analysis.ts';

/** More rows than anybody reads in a card; the whole result is a command away. */
const MOST_ROWS = 500;

/** An analysis's rows under its columns' titles. */
export function ResultTable(props: {
  readonly analysis: Analysis;
  readonly result: AnalysisResult;
}) {
  const { analysis, result } = props;
  const { text, language } = useLanguage();
  const measure = analysis.chart.kind === 'heatmap' ? analysis.chart.series : analysis.chart.y;
  const columns = result.columns.map((name) => analysis.columns.find((one) => one.name === name));
  const titles = columns.map((column, index) => column?.title[language] ?? result.columns[index]);
  return (
    <div
      className={styles.scroller}
      tabIndex={0}
      role="region"
      aria-label={`${text.analyses.table}: ${analysis.title[language]}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            {titles.map((title, index) => (
              <th key={result.columns[index]} scope="col" data-number={isNumber(columns[index])}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {row.map((value, at) => (
                <td key={result.columns[at]} data-number={isNumber(columns[at])}>
                  {show(value, columns[at], columns[at]?.name === measure, text)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {result.rows.length > MOST_ROWS && (
        <p className={styles.more}>
          {text.analyses.rowsShown(
            formatNumber(MOST_ROWS, text.locale),
            formatNumber(result.rows.length, text.locale),
          )}
        </p>
      )}
    </div>
  );
}

function isNumber(column: AnalysisColumn | undefined): true | undefined {
  return /int|double|real|decimal/.test(column?.type ?? '') || undefined;
}

function show(
  value: AnalysisResult['rows'][number][number],
  column: AnalysisColumn | undefined,
  isMeasure: boolean,
  text: Catalogue,
): string {
  if (value === null) return text.analyses.none;
  if (column?.type === 'date') return formatFullDay(String(value), text.locale);
  // Ids, years and weeks are names rather than amounts: no thousands are told apart in them.
  if (typeof value === 'number' && isMeasure) return formatNumber(value, text.locale);
  return String(value);
}
