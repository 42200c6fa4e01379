import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { FOREVER, cached } from '../../src/aws/cached.ts';
import { clientSettings } from '../../src/aws/clientSettings.ts';
import { readFunctionEnvironment, requireVariable } from '../../src/aws/functionEnvironment.ts';
import { mapStacks } from '../../src/aws/mapStacks.ts';
import { createTelemetry } from '../../src/aws/telemetry.ts';
import type { Day } from '../../src/lake/days.ts';
import { type Lake, openLake } from '../../src/lake/lake.ts';
import { TRIES } from '../../src/lake/s3Get.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { type EtlResult, createEtlHandler } from './handler.ts';
import { createEtlObserver } from './observe.ts';
import { type StepResult, createStepHandler, isStep } from './shards/steps.ts';

/*
 * The ETL as Lambda runs it: environment and client at module scope, so that they are made once,
 * while the function starts. What it does is in handler.ts, which needs no AWS.
 */

mapStacks(import.meta.url);

const { config, rawBucket, enrichedBucket } = readFunctionEnvironment(process.env);
// Listings are slowed down with the GETs beside them, so they are tried as often.
const client = new S3Client({ ...clientSettings(30_000), maxAttempts: TRIES });
const lake: Lake = {
  raw: new S3Store({ client, bucket: rawBucket }),
  enriched: new S3Store({ client, bucket: enrichedBucket }),
  zone: config.zone,
};
const opened = cached(() => openLake(lake), FOREVER);
const telemetry = createTelemetry('etl', config.stage);
const deps = {
  lake,
  rawRetentionDays: config.rawRetentionDays,
  updatesPerShard: config.updatesPerShard,
  observe: createEtlObserver(telemetry),
};
const stepFunctions = new SFNClient(clientSettings(10_000));

async function startShards({ name, day }: { readonly name: string; readonly day: Day }) {
  try {
    await stepFunctions.send(
      new StartExecutionCommand({
        // Asked for here: while a stage is upgraded, this code runs for a moment in the environment of the
        // stage before, and only a day that is too large needs the state machine.
        stateMachineArn: requireVariable(process.env, 'CHATBOT_STATE_MACHINE'),
        name,
        input: JSON.stringify({ day }),
      }),
    );
  } catch (error) {
    // The event was delivered before.
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

const run = createEtlHandler({ ...deps, startShards });
const runStep = createStepHandler(deps);

/**
 * Takes EventBridge's event or days by hand, see createEtlHandler; from the state machine the steps of
 * a day in shards, see createStepHandler.
 */
export async function handler(event: unknown): Promise<EtlResult | StepResult> {
  try {
    await opened.get();
    return await (isStep(event) ? runStep(event) : run(event));
  } finally {
    telemetry.flush();
  }
}
