/** Writes docs/data-dictionary.md from the column lists: `npx tsx scripts/data-dictionary.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { PARTITION, RUNS_COLUMNS, TELEGRAM_COLUMNS } from '../src/lake/columns.ts';
import type { Column, ColumnType } from '../src/lake/columns.ts';
import { formatted, markdownTable } from './markdown.ts';

/** Where the dictionary stands. */
export const DICTIONARY = 'docs/data-dictionary.md';

/** The views, from the one that is used most. */
const VIEWS = ['messages', 'latest_messages', 'sessions', 'users'] as const;

/** Athena's names of the types. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: 'boolean',
  date: 'date',
  double: 'double',
  int64: 'bigint',
  string: 'string',
  timestamp: 'timestamp',
};

const DAY_COLUMN = [
  `\`${PARTITION}\``,
  'date',
  "Day in the lake's zone: the partition, so a filter on it saves reading the other days.",
];

function columnTable(columns: readonly Pick<Column<never>, 'name' | 'type' | 'meaning'>[]): string {
  const rows = columns.map(({ name, type, meaning }) => [`\`${name}\``, TYPES[type], meaning]);
  return markdownTable(['Column', 'Type', 'Meaning'], [...rows, DAY_COLUMN]);
}

/** What a view is for, from the comment its file opens with. */
async function viewPurpose(view: string): Promise<string> {
  const sql = await readFile(`sql/views/${view}.sql`, 'utf8');
  const comment = sql.split('\n').filter((line) => line.startsWith('-- '));
  return comment.map((line) => line.slice(3)).join('\n');
}

/** The data dictionary as Markdown. */
export async function dataDictionary(): Promise<string> {
  const views = await Promise.all(
    VIEWS.map(async (view) => {
      const link = `[sql/views/${view}.sql](../sql/views/${view}.sql)`;
      return `### ${view}\n\n${await viewPurpose(view)}\n\nDefinition: ${link}.`;
    }),
  );
  return formatted(
    DICTIONARY,
    `# Data dictionary

\`\`\`sql
SELECT user_first_name, text, local_time FROM messages WHERE context_date = DATE '2026-11-22'
\`\`\`

All columns of the lake's tables, for Athena and DuckDB alike. This page is made from the column lists
in [src/lake/columns.ts](../src/lake/columns.ts) by \`npx tsx scripts/data-dictionary.ts\`; a test
holds that it is up to date.

Columns are only ever appended, never renamed or given another type. In days that were written before a
column came it is null. \`date\` is a word of SQL: write \`"date"\`.

## Table telegram

One row per update. The first eight columns are those of the course's table.

${columnTable(TELEGRAM_COLUMNS)}

## Table runs

One row per day and run of the ETL: ask here for the quality of the data.

${columnTable(RUNS_COLUMNS)}

## Views

${views.join('\n\n')}
`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(DICTIONARY, await dataDictionary());
}
