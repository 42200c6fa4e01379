import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { TrinoClient } from '../../localstack/trinoClient.ts';
import { TABLES } from '../../src/analytics/tables.ts';
import { type ColumnType, PARTITION } from '../../src/lake/columns.ts';

/** Each type as Trino calls it. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: 'boolean',
  date: 'date',
  double: 'double',
  int64: 'bigint',
  string: 'varchar',
  timestamp: 'timestamp(3)',
};

/**
 * Makes the tables over the files of an enriched folder, in Trino's own words: projected days, as
 * the tables that Terraform makes have them.
 *
 * @param folder below the server's own, without slashes at its ends
 * @param firstDay the first that a query looks for
 */
export async function createTables(
  client: TrinoClient,
  folder: string,
  firstDay: string,
): Promise<void> {
  for (const { name, columns } of TABLES) {
    const typed = columns.map((column) => `"${column.name}" ${TYPES[column.type]}`);
    await client.run(`
      CREATE TABLE ${name} (
        ${typed.join(', ')},
        ${PARTITION} date WITH (
          partition_projection_type = 'DATE',
          partition_projection_format = 'yyyy-MM-dd',
          partition_projection_range = ARRAY['${firstDay}', 'NOW+1DAYS'],
          partition_projection_interval = 1,
          partition_projection_interval_unit = 'DAYS'
        )
      ) WITH (
        format = 'PARQUET',
        external_location = 'local:///${folder}/${name}',
        partitioned_by = ARRAY['${PARTITION}'],
        partition_projection_enabled = true
      )`);
  }
}

/** The views of `sql/views/`, by name; those that others read come first. */
export async function readViews(): Promise<
  readonly { readonly name: string; readonly sql: string }[]
> {
  const folder = 'sql/views';
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  const views = await Promise.all(
    files.map(async (file) => ({
      name: file.replace(/\.sql$/, ''),
      sql: await readFile(join(folder, file), 'utf8'),
    })),
  );
  return views.sort((a, b) => Number(b.name === 'messages') - Number(a.name === 'messages'));
}

/** Makes the views, in Trino's own words. */
export async function createViews(client: TrinoClient): Promise<void> {
  for (const { name, sql } of await readViews()) await client.run(`CREATE VIEW ${name} AS\n${sql}`);
}
