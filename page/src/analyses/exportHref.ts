import type { Language } from '../../../src/local/api.ts';

/** Where a result is saved from. A CSV is written as spreadsheets of the language read it. */
export function exportHref(
  path: string,
  query: URLSearchParams,
  format: string,
  language: Language,
): string {
  const params = new URLSearchParams(query);
  params.delete('compare');
  params.set('format', format);
  if (format === 'csv') params.set('language', language);
  return `${path}?${params.toString()}`;
}
