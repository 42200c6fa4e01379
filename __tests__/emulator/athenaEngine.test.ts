import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { type Emulator, clientSettingsOf } from '../../localstack/emulator.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { athenaEngine } from '../../src/analytics/athenaEngine.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import { athenaNames } from '../../src/config/athenaNames.ts';
import { type ColumnType, PARTITION, TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { readBytes } from '../../src/lake/objectStore.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { makeAwkwardLake } from '../support/awkwardLake.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';

const python = findPython('ministack');
const describeWithMiniStack = requirement('MiniStack', python !== null, HOW_TO_GET_PYTHON);

const BUCKET = 'athena-engine';
const NAMES = athenaNames({ project: 'chatbot', stage: 'test' });

const HIVE_TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: 'boolean',
  date: 'date',
  double: 'double',
  int64: 'bigint',
  string: 'string',
  timestamp: 'timestamp',
};

/*
 * The engine against an Athena that is no script of ours. The stack's own workgroup and catalogue are
 * asked in stack.test.ts, with its rights.
 */
describeWithMiniStack('Athena by MiniStack', () => {
  let miniStack: Emulator;
  let s3: S3Client;
  let glue: GlueClient;
  let athena: Engine;
  let duckdb: Engine;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const lake = await makeAwkwardLake(folder.path);
    duckdb = await openAnalytics({ enrichedFolder: `${folder.path}/enriched`, sqlFolder: 'sql' });

    miniStack = await startMiniStack(python ?? '');
    s3 = s3ClientOf(miniStack);
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const bucket = new S3Store({ client: s3, bucket: BUCKET });
    for await (const { key } of lake.enriched.list('telegram/')) {
      await bucket.put(key, await readBytes(lake.enriched, key));
    }

    const settings = clientSettingsOf(miniStack);
    glue = new GlueClient(settings);
    const { database: DatabaseName, workgroup } = NAMES;
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName } }));
    await glue.send(
      new CreateTableCommand({
        DatabaseName,
        TableInput: {
          Name: 'telegram',
          TableType: 'EXTERNAL_TABLE',
          Parameters: { classification: 'parquet' },
          PartitionKeys: [{ Name: PARTITION, Type: 'date' }],
          StorageDescriptor: {
            Location: `s3://${BUCKET}/telegram/`,
            InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            Columns: TELEGRAM_COLUMNS.map(({ name, type }) => ({
              Name: name,
              Type: HIVE_TYPES[type],
            })),
          },
        },
      }),
    );
    const client = new AthenaClient(settings);
    await client.send(
      new CreateWorkGroupCommand({
        Name: workgroup,
        Configuration: { ResultConfiguration: { OutputLocation: `s3://${BUCKET}/results/` } },
      }),
    );
    athena = athenaEngine({
      ...{ client, names: NAMES, region: 'us-east-1', analyses: duckdb.analyses },
      reuseMinutes: 0,
    });
  });

  afterAll(async () => {
    athena.close();
    duckdb.close();
    glue.destroy();
    s3.destroy();
    await miniStack.stop();
    await folder.remove();
  });

  test.each([
    'SELECT count(*) AS amount FROM telegram',
    'SELECT update_id, user_id, text, answer_score FROM telegram ORDER BY update_id, text, user_id',
    'SELECT update_type, count(*) AS amount, min(chat_id) AS chat FROM telegram GROUP BY 1 ORDER BY 1',
    'SELECT update_id, user_is_bot FROM telegram WHERE user_is_bot IS NOT NULL ORDER BY 1, 2',
  ])('gives what DuckDB gives: %s', async (sql) => {
    const [here, there] = [await duckdb.run(sql), await athena.run(sql)];
    expect(here.rows.length).toBeGreaterThan(0);
    expect({ columns: there.columns, rows: there.rows }).toEqual({
      columns: here.columns,
      rows: here.rows,
    });
  });

  test('reads results of many pages', async () => {
    const { rows } = await athena.run(
      'WITH t AS (SELECT update_id AS id FROM telegram)' +
        ' SELECT a.id, b.id AS second, c.id AS third FROM t a CROSS JOIN t b CROSS JOIN t c',
    );
    const [[amount]] = (await athena.run('SELECT count(*) FROM telegram')).rows as [[number]];
    expect(rows).toHaveLength(amount ** 3);
    expect(rows.length).toBeGreaterThan(10_000);
  });

  test('says why a query failed', async () => {
    await expect(athena.run('SELECT nothing FROM telegram')).rejects.toThrow(/nothing/);
  });
});
