import { stat } from 'node:fs/promises';

import { type ExportFormat, type ExportTable, exportTable } from '../../analytics/exportTable.ts';
import { SQL_FOLDER } from '../../local/paths.ts';
import { amount } from '../../local/report.ts';
import {
  type CommandContext,
  type CommonOptions,
  enrichedFolder,
  openCommandLake,
} from '../context.ts';
import { checkTarget } from '../checkTarget.ts';

export interface ExportOptions extends CommonOptions {
  readonly format: ExportFormat;
  readonly output: string;
  readonly table: ExportTable;
  readonly from?: string;
  readonly to?: string;
}

/** `chatbot export`: a table as one file. */
export async function exportToFile(
  context: CommandContext,
  { format, output: file, table, from, to, lake, json }: ExportOptions,
): Promise<void> {
  const { output, signal } = context;
  await checkTarget(file);
  await openCommandLake(context, lake);
  const rows = await exportTable({
    enrichedFolder: enrichedFolder(context, lake),
    sqlFolder: SQL_FOLDER,
    ...{ table, format, file, signal },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  const { size } = await stat(file);
  if (json) output.print(JSON.stringify({ table, format, file, rows, bytes: size }));
  else output.print(`${amount(rows, 'row')} of ${table} → ${file} (${size} bytes)`);
  if (rows === 0) {
    output.note(
      'There are no rows in these days. Days are closed by: chatbot etl --date YYYY-MM-DD',
    );
  }
}
