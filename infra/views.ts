import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type ColumnType, PARTITION, TELEGRAM_COLUMNS } from '../src/lake/columns.ts';

/** A column of a view. */
interface ViewColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
}

/** A file of `sql/views/`, with the columns that its query gives. */
export interface View {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
  readonly columns: readonly ViewColumn[];
}

const ALL_COLUMNS: readonly ViewColumn[] = [
  ...TELEGRAM_COLUMNS.map(({ name, type, meaning }) => ({ name, type, meaning })),
  { name: PARTITION, type: 'date', meaning: "The day, in the lake's zone." },
];

/** Athena wants a view's columns beside its query; a test asks DuckDB whether these are they. */
const VIEWS: readonly Omit<View, 'sql'>[] = [
  {
    name: 'messages',
    description: 'What every analysis counts: messages written by people, as they arrived',
    columns: ALL_COLUMNS,
  },
  {
    name: 'latest_messages',
    description: 'Each message as it reads now; for reading, since it looks at all days',
    columns: ALL_COLUMNS,
  },
  {
    name: 'users',
    description: 'Everybody who ever did anything here; it looks at all days',
    columns: [
      { name: 'user_id', type: 'int64', meaning: 'Who.' },
      { name: 'first_seen', type: 'timestamp', meaning: "First event, in the lake's zone." },
      { name: 'last_seen', type: 'timestamp', meaning: "Last event, in the lake's zone." },
    ],
  },
];

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
