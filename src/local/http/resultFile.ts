import * as z from 'zod';

import { FORMATS, formatResult } from '../../analytics/format.ts';
import type { QueryResult } from '../../analytics/result.ts';
import type { ExportFormat } from '../api.ts';

/** Forms in which a result can be saved. */
export const exportFormatSchema = z.enum(FORMATS).exclude(['table']);

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};

/** A result as a file to save. @param name without its ending */
export async function resultFile(
  result: QueryResult,
  format: ExportFormat,
  name: string,
): Promise<Response> {
  return new Response(await formatResult(result, format), {
    headers: {
      'content-type': MEDIA_TYPES[format],
      'content-disposition': `attachment; filename="${name}.${format}"`,
    },
  });
}
