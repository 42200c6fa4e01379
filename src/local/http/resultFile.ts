import * as z from 'zod';

import { FORMATS, formatResult } from '../../analytics/format.ts';
import type { QueryResult } from '../../analytics/result.ts';
import type { ExportFormat, Language } from '../api.ts';

/** Forms in which a result can be saved. */
export const exportFormatSchema = z.enum(FORMATS).exclude(['table']);

/** Language of the spreadsheet that a CSV is written for. */
export const exportLanguageSchema = z.enum(['en', 'pt']).optional();

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * A result as a file to save.
 *
 * @param name without its ending
 * @param language writes CSV as spreadsheets of that language read it
 */
export async function resultFile(
  result: QueryResult,
  format: ExportFormat,
  name: string,
  language?: Language,
): Promise<Response> {
  return new Response(await formatResult(result, format, language), {
    headers: {
      'content-type': MEDIA_TYPES[format],
      'content-disposition': `attachment; filename="${name}.${format}"`,
    },
  });
}
