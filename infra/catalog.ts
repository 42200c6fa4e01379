import { GlueCatalogDatabase } from '@cdktf/provider-aws/lib/glue-catalog-database/index.js';
import { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table/index.js';
import { Construct } from 'constructs';

import { athenaNames } from '../src/config/athenaNames.ts';
import type { Config } from '../src/config/config.ts';
import {
  type Column,
  type ColumnType,
  PARTITION,
  RUNS_COLUMNS,
  TABLE_ROWS,
  TELEGRAM_COLUMNS,
} from '../src/lake/columns.ts';
import type { Lake } from './lake.ts';
import { prefixOf } from './names.ts';
import type { View } from './views.ts';

/** What the catalogue is made of. */
export interface CatalogProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly views: readonly View[];
}

/**
 * The first day that a table shows: the day Telegram let bots in, so no update is older. A query
 * that names no days looks into the folder of each day since.
 */
const FIRST_DAY = '2015-06-24';

/** Each type as Hive calls it (tables) and as Trino does (views). */
const TYPES: Readonly<Record<ColumnType, { readonly hive: string; readonly trino: string }>> = {
  boolean: { hive: 'boolean', trino: 'boolean' },
  date: { hive: 'date', trino: 'date' },
  double: { hive: 'double', trino: 'double' },
  int64: { hive: 'bigint', trino: 'bigint' },
  string: { hive: 'string', trino: 'varchar' },
  timestamp: { hive: 'timestamp', trino: 'timestamp(3)' },
};

const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serDeInfo: {
    serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
};

/** The Glue database: tables over the Parquet files, and the views, all from the column lists. */
export class Catalog extends Construct {
  /** Name of the database: what SQL calls a schema. */
  readonly databaseName: string;
  /** Names of all its tables and views. */
  readonly tableNames: readonly string[];
  readonly #database: GlueCatalogDatabase;

  constructor(scope: Construct, id: string, { config, lake, views }: CatalogProps) {
    super(scope, id);
    this.databaseName = athenaNames(config).database;
    this.tableNames = ['telegram', 'runs', ...views.map(({ name }) => name)];
    this.#database = new GlueCatalogDatabase(this, 'database', {
      name: this.databaseName,
      description: `The lake of ${prefixOf(config)}`,
      tags: { purpose: 'Tables and views over the Parquet files of the lake' },
    });
    this.#addTable('telegram', TELEGRAM_COLUMNS, lake);
    this.#addTable('runs', RUNS_COLUMNS, lake);
    for (const view of views) this.#addView(view);
  }

  /** Name of the database, for what needs it to be there. */
  get database(): string {
    return this.#database.name;
  }

  #addTable(
    name: keyof typeof TABLE_ROWS,
    columns: readonly Pick<Column<never>, 'meaning' | 'name' | 'type'>[],
    lake: Lake,
  ): void {
    const location = `s3://${lake.enriched.bucketName}/${name}/`;
    new GlueCatalogTable(this, name, {
      name,
      databaseName: this.database,
      description: TABLE_ROWS[name],
      tableType: 'EXTERNAL_TABLE',
      parameters: {
        EXTERNAL: 'TRUE',
        classification: 'parquet',
        'projection.enabled': 'true',
        [`projection.${PARTITION}.type`]: 'date',
        [`projection.${PARTITION}.format`]: 'yyyy-MM-dd',
        // In UTC: a day may have begun in the lake's zone that has not yet there.
        [`projection.${PARTITION}.range`]: `${FIRST_DAY},NOW+1DAYS`,
        [`projection.${PARTITION}.interval`]: '1',
        [`projection.${PARTITION}.interval.unit`]: 'DAYS',
        // Two dollars: Terraform would look for a value of its own.
        'storage.location.template': `${location}${PARTITION}=$\${${PARTITION}}/`,
      },
      partitionKeys: [
        { name: PARTITION, type: TYPES.date.hive, comment: "The day, in the lake's zone." },
      ],
      storageDescriptor: {
        location,
        ...PARQUET,
        columns: columns.map((column) => ({
          name: column.name,
          type: TYPES[column.type].hive,
          comment: column.meaning,
        })),
      },
    });
  }

  /** A view as Athena keeps it: the query and its columns, as JSON in a comment. */
  #addView({ name, description, sql, columns }: View): void {
    const definition = {
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: this.databaseName,
      columns: columns.map((column) => ({ name: column.name, type: TYPES[column.type].trino })),
      comment: description,
    };
    const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
    new GlueCatalogTable(this, `view_${name}`, {
      name,
      databaseName: this.database,
      // By these words Trino knows a view; where there is a description, it takes that for the comment.
      description: 'Presto View',
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      viewOriginalText: `/* Presto View: ${encoded} */`,
      viewExpandedText: '/* Presto View */',
      storageDescriptor: {
        // A view has none, but Trino refuses one that has no such field.
        serDeInfo: { name },
        columns: columns.map((column) => ({
          name: column.name,
          type: TYPES[column.type].hive,
          comment: column.meaning,
        })),
      },
    });
  }
}
