import { join } from 'node:path';
import { readFile, readdir } from 'node:fs/promises';

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { Deployment, applicable, synthesize } from '../../localstack/deployment.ts';
import { s3ClientOf, startMiniStack } from '../../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../../localstack/python.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { HOW_TO_GET_TRINO, type Trino, startTrino, whyNoTrino } from '../../localstack/trino.ts';
import { loadAnalyses } from '../../src/analytics/analyses.ts';
import { withScope } from '../../src/analytics/scope.ts';
import { parquetKey, runsPrefix } from '../../src/lake/keys.ts';
import { temporaryFolder } from '../support/folders.ts';
import { onDemand } from '../support/onDemand.ts';
import { Reference } from '../support/reference/analyses.ts';
import { difference } from '../support/reference/difference.ts';
import { requirement } from '../support/requirement.ts';
import { SEEDING } from '../support/seeded/events.ts';
import { makeSeededLake } from '../support/seeded/lake.ts';

/*
 * Trino over the very tables and views that Terraform makes from the synthesized stack, in an
 * emulator's Glue: their columns, their projection, the views' queries as Athena keeps them.
 */

const python = findPython('ministack');
const missing = whyNoTrino();
const describeWithGlue = onDemand('trino', "the analyses over Terraform's tables", () =>
  requirement(
    missing === null ? 'MiniStack' : 'Trino',
    missing === null && python !== null,
    missing === null ? HOW_TO_GET_PYTHON : HOW_TO_GET_TRINO,
  ),
);

const analyses = await loadAnalyses('sql');

/** A week: each day costs the server a listing. */
const PERIOD = { from: '2018-11-01', to: '2018-11-07' };
const SETTINGS = { CHATBOT_STAGE: 'trino', CHATBOT_ZONE: SEEDING.zone };
/** Of the Parquet files. */
const BUCKET = 'aws_s3_bucket.lake_enriched_bucket';
describeWithGlue('on Trino, over the tables that Terraform makes', () => {
  /** What ends what has been started, be it only in part. */
  const started: (() => Promise<void>)[] = [];
  let trino: Trino;
  let reference: Reference;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    started.push(folder.remove);
    const emulator = await startMiniStack(python ?? '');
    started.push(emulator.stop);
    await synthesize(folder.path, SETTINGS);
    const stackFolder = join(folder.path, 'stacks', 'chatbot-trino');
    const deployment = new Deployment(stackFolder, findTerraform(), emulator);
    const stack: unknown = JSON.parse(await readFile(join(stackFolder, 'cdk.tf.json'), 'utf8'));
    const wanted = applicable(stack, emulator.has).filter(
      (address) => address.startsWith('aws_glue_') || address === BUCKET,
    );
    await deployment.terraform('init', '-no-color');
    const targets = wanted.map((address) => `-target=${address}`);
    await deployment.terraform('apply', '-no-color', '-auto-approve', ...targets);
    const made = await deployment.state();
    const nameOf = (address: string, name: string): string =>
      String(made.find((one) => one.address === address)?.values[name]);

    const seeding = { ...SEEDING, from: '2018-10-25', days: 16, count: 8_000 };
    const lake = await makeSeededLake(join(folder.path, 'lake'), seeding);
    reference = new Reference(lake);
    const bucket = nameOf(BUCKET, 'bucket');
    const client = s3ClientOf(emulator);
    for (const key of await keysOf(lake.enriched, lake.days)) {
      const Body = await readFile(join(lake.enriched, key));
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    }
    client.destroy();
    const database = nameOf('aws_glue_catalog_database.catalog_database', 'name');
    trino = await startTrino({ emulator, database });
    started.push(trino.stop);
  });

  afterAll(async () => {
    for (const end of started.reverse()) await end();
  });

  async function keysOf(enriched: string, days: readonly string[]): Promise<string[]> {
    const runs = await Promise.all(
      days.map(async (day) =>
        (await readdir(join(enriched, runsPrefix(day)))).map((file) => `${runsPrefix(day)}${file}`),
      ),
    );
    return [...days.map(parquetKey), ...runs.flat()];
  }

  test.each(analyses.map((analysis) => ({ name: analysis.name, analysis })))(
    '$name equals what TypeScript computes',
    async ({ analysis }) => {
      const scope = { period: PERIOD };
      const result = await trino.client.run(withScope(analysis, scope));
      expect(difference(analysis, result, reference.rows(analysis, scope))).toBeNull();
    },
  );
});
