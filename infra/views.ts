import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { VIEWS, type ViewInfo } from '../src/analytics/views.ts';

/** A view with its query. */
export interface View extends ViewInfo {
  readonly sql: string;
}

/**
 * Reads the views.
 *
 * @param folder usually the project's `sql/views/`
 */
export async function loadViews(folder: string): Promise<readonly View[]> {
  return Promise.all(
    VIEWS.map(async (view) => ({
      ...view,
      sql: await readFile(join(folder, `${view.name}.sql`), 'utf8'),
    })),
  );
}
