import * as z from 'zod';

import { place } from './athena/tree.ts';

/** What DuckDB says of a mistake when `errors_as_json` is set. */
const complaintSchema = z.object({
  exception_message: z.string(),
  /** Bytes before it in what was parsed, which may be the body of a view or a macro. */
  position: z.coerce.number().optional(),
  /** What is not known: a column, a function. */
  name: z.string().optional(),
});

/**
 * What DuckDB complains of, with line and column where they are known, and what to do where a day's
 * file is the reason.
 *
 * @param message of DuckDB's error, with `errors_as_json` set
 */
export function explainDuckDbError(sql: string, message: string): string {
  const { exception_message: reason, position, name } = readComplaint(message);
  const [path, table, day = ''] =
    /(telegram|runs)\/context_date=(\d{4}-\d\d-\d\d)\/[^'"/]*\.parquet/.exec(reason) ?? [];
  if (path !== undefined) {
    const remedy =
      table === 'telegram' ? `make it again: chatbot etl --date ${day}` : 'delete that file';
    return `${path} cannot be read, it seems damaged; ${remedy}.`;
  }
  const where =
    position === undefined || !isAt(sql, position, name) ? '' : `${place(sql, position)}: `;
  return `${where}${reason.trim()}`;
}

function readComplaint(message: string): z.infer<typeof complaintSchema> {
  const [json = ''] = /\{[^]*\}$/.exec(message) ?? [];
  try {
    return complaintSchema.parse(JSON.parse(json));
  } catch {
    return { exception_message: message };
  }
}

/** Whether a position is one of the query, and not of a view or a macro that it uses. */
function isAt(sql: string, byte: number, name: string | undefined): boolean {
  const bytes = Buffer.from(sql);
  if (byte > bytes.length) return false;
  const before = bytes.subarray(0, byte).toString();
  const after = bytes.subarray(byte).toString();
  if (/\w$/.test(before) && /^\w/.test(after)) return false;
  return name === undefined || after.replace(/^"/, '').toLowerCase().startsWith(name.toLowerCase());
}
