import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from '@jest/globals';

import { loadViews } from '../../infra/views.ts';
import { macroStatements } from '../../src/analytics/athena/macros.ts';
import { TABLES, emptyTableStatement, tableStatement } from '../../src/analytics/tables.ts';
import { RUNS_COLUMNS, TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { parquetKey, runsPrefix } from '../../src/lake/keys.ts';
import { PROJECT, type Synthesized, resource, resourcesOf, synthStack } from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
});

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

interface Table {
  readonly parameters: Readonly<Record<string, string>>;
  readonly partition_keys?: readonly Column[];
  readonly storage_descriptor: { readonly columns: readonly Column[]; readonly location: string };
  readonly view_original_text?: string;
}

function table(name: string): Table {
  return resource(stack, 'aws_glue_catalog_table', `catalog_${name}`) as unknown as Table;
}

/** What a view's comment holds. */
function definitionOf(name: string): {
  originalSql: string;
  catalog: string;
  schema: string;
  columns: Column[];
} {
  const text = table(`view_${name}`).view_original_text ?? '';
  const encoded = /^\/\* Presto View: (?<json>\S+) \*\/$/.exec(text)?.groups?.['json'] ?? '';
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as ReturnType<
    typeof definitionOf
  >;
}

describe('the catalogue', () => {
  test('is a database, two tables and four views', () => {
    expect(Object.keys(resourcesOf(stack, 'catalog'))).toEqual([
      'aws_glue_catalog_database.catalog_database',
      'aws_glue_catalog_table.catalog_runs',
      'aws_glue_catalog_table.catalog_telegram',
      'aws_glue_catalog_table.catalog_view_latest_messages',
      'aws_glue_catalog_table.catalog_view_messages',
      'aws_glue_catalog_table.catalog_view_sessions',
      'aws_glue_catalog_table.catalog_view_users',
    ]);
  });

  test.each([
    ['telegram', TELEGRAM_COLUMNS],
    ['runs', RUNS_COLUMNS],
  ])('table %s has the columns of the column list, in order, with their meaning', (name, list) => {
    const { columns } = table(name).storage_descriptor;
    expect(columns.map((column) => [column.name, column.comment])).toEqual(
      list.map((column) => [column.name, column.meaning]),
    );
    // Glue refuses longer ones.
    for (const { comment = '' } of columns) expect(comment.length).toBeLessThanOrEqual(255);
  });

  test('keeps the course’s types, and calls a timestamp and a day what Hive calls them', () => {
    const types = Object.fromEntries(
      table('telegram').storage_descriptor.columns.map(({ name, type }) => [name, type]),
    );
    expect(types).toMatchObject({
      message_id: 'bigint',
      user_is_bot: 'boolean',
      text: 'string',
      date: 'bigint',
      received_at: 'timestamp',
      answer_score: 'double',
    });
    expect(table('telegram').partition_keys).toEqual([
      { name: 'context_date', type: 'date', comment: expect.any(String) },
    ]);
  });

  test.each([
    ['telegram', parquetKey('2026-11-22')],
    ['runs', `${runsPrefix('2026-11-22')}x.parquet`],
  ])('finds the days of %s where the ETL writes them, tomorrow’s included', (name, key) => {
    const { parameters, storage_descriptor } = table(name);
    expect(parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.context_date.format': 'yyyy-MM-dd',
      'projection.context_date.range': '2015-06-24,NOW+1DAYS',
      'projection.context_date.type': 'date',
    });
    const template = parameters['storage.location.template'] ?? '';
    // Terraform takes one dollar away.
    expect(template).toContain('$${context_date}');
    const folder = template.replace('$${context_date}', '2026-11-22');
    expect(`s3://shop-test-enriched-123456789012/${key}`.startsWith(folder)).toBe(true);
    expect(folder.startsWith(storage_descriptor.location)).toBe(true);
  });

  test.each(['messages', 'latest_messages', 'sessions', 'users'])(
    'view %s is the file’s query as Athena keeps it, with Trino’s types inside and Hive’s outside',
    async (name) => {
      const definition = definitionOf(name);
      expect(definition).toMatchObject({ catalog: 'awsdatacatalog', schema: 'shop_test' });
      expect(definition.originalSql).toBe(
        await readFile(join(PROJECT, 'sql/views', `${name}.sql`), 'utf8'),
      );
      const outside = table(`view_${name}`).storage_descriptor.columns;
      expect(outside.map((column) => column.name)).toEqual(
        definition.columns.map((column) => column.name),
      );
      const hive = { varchar: 'string', 'timestamp(3)': 'timestamp' } as Record<string, string>;
      expect(outside.map(({ type }) => type)).toEqual(
        definition.columns.map(({ type }) => hive[type] ?? type),
      );
      expect(table(`view_${name}`).parameters).toMatchObject({ presto_view: 'true' });
    },
  );

  test('says of each view the columns that its query gives', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      for (const macro of macroStatements()) await connection.run(macro);
      for (const of of TABLES) {
        await connection.run(emptyTableStatement(of));
        await connection.run(tableStatement(of, null));
      }
      const trino = { VARCHAR: 'varchar', TIMESTAMP: 'timestamp(3)' } as Record<string, string>;
      for (const { name, sql } of await loadViews(join(PROJECT, 'sql/views'))) {
        const reader = await connection.runAndReadAll(`DESCRIBE ${sql}`);
        const given = reader.getRowObjects().map(({ column_name, column_type }) => ({
          name: column_name,
          type: trino[String(column_type)] ?? String(column_type).toLowerCase(),
        }));
        expect(definitionOf(name).columns).toEqual(given);
        // One view may read from those before it.
        await connection.run(`CREATE VIEW ${name} AS ${sql}`);
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });

  test('is as it was reviewed', () => {
    expect(resourcesOf(stack, 'catalog')).toMatchSnapshot();
  });
});
