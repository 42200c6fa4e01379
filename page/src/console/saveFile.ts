import type { ExportFormat, LakeId } from '../../../src/local/api.ts';
import { postForFile } from '../shared/api.ts';

/** Runs a query again and saves all its rows as a file. @throws RequestError */
export async function saveFile(lake: LakeId, sql: string, format: ExportFormat): Promise<void> {
  const file = await postForFile(`/lakes/${lake}/sql/export`, { sql, format });
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = `query.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}
