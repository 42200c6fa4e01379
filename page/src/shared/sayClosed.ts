import type { CloseResult } from '../../../src/local/api.ts';
import type { Catalogue } from '../i18n/en.ts';
import { formatBytes, formatMs, formatNumber } from './format.ts';

/** What closing a day came to, in a line. */
export function sayClosed(result: CloseResult, text: Catalogue): string {
  const { locale, analyses, days } = text;
  if (result.status === 'unchanged') return days.outcomes.unchanged;
  if (result.status === 'kept') return days.outcomes.kept;
  const extra = analyses.closedExtra(result.duplicates, result.rejected);
  const written =
    result.status === 'empty'
      ? days.outcomes.empty
      : analyses.closed(
          analyses.rows(result.rows, formatNumber(result.rows, locale)),
          formatBytes(result.bytes, locale),
          formatMs(result.ms, locale),
        );
  return extra === '' ? written : `${written} · ${extra}`;
}
