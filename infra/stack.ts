import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';

import type { Analysis as Query } from '../src/analytics/analyses.ts';
import type { Config } from '../src/config/config.ts';
import type { Service } from '../src/config/metrics.ts';
import { parameterNames } from '../src/config/parameters.ts';
import { Analysis } from './analysis.ts';
import { AwsStack } from './awsStack.ts';
import { Catalog } from './catalog.ts';
import { Etl } from './etl.ts';
import type { FunctionCode } from './function.ts';
import { Lake } from './lake.ts';
import { prefixOf } from './names.ts';
import { Operations } from './operations.ts';
import { Report } from './report.ts';
import { Shards } from './shards.ts';
import type { View } from './views.ts';
import { Webhook } from './webhook.ts';
import { Writer } from './writer.ts';

/** What a stack is made of. */
export interface ChatbotStackProps {
  readonly config: Config;
  /** The functions' bundles. */
  readonly code: Readonly<Record<Service, FunctionCode>>;
  /** The files of `sql/`. */
  readonly queries: readonly Query[];
  /** The files of `sql/views/`. */
  readonly views: readonly View[];
}

/** Everything of one stage. */
export class ChatbotStack extends AwsStack {
  constructor(scope: Construct, { config, code, queries, views }: ChatbotStackProps) {
    const { project, stage, stateBucket } = config;
    super(scope, prefixOf(config), {
      config,
      state:
        stateBucket === undefined
          ? { file: `terraform.${prefixOf(config)}.tfstate` }
          : { bucket: stateBucket, key: `${project}/${stage}.tfstate` },
      tags: { stage },
    });
    const lake = new Lake(this, 'lake', { config });
    const writer =
      config.ingest === 'direct'
        ? null
        : new Writer(this, 'writer', { config, lake, code: code.writer });
    const webhook = new Webhook(this, 'webhook', {
      ...{ config, lake, code: code.webhook },
      // While it drains, nothing new is put into the queue.
      queue: config.ingest === 'buffered' ? writer : null,
    });
    const etl = new Etl(this, 'etl', { config, lake, code: code.etl });
    const shards = new Shards(this, 'shards', { config, lake, function: etl.function });
    const catalog = new Catalog(this, 'catalog', { config, lake, views });
    const analysis = new Analysis(this, 'analysis', { config, lake, catalog, queries });
    // Without an owner there is nobody to send anything to.
    const report =
      config.ownerChat === undefined
        ? null
        : new Report(this, 'report', { config, lake, catalog, code: code.report });
    const operations = new Operations(this, 'operations', {
      ...{ config, lake, webhook, writer, etl, shards, analysis, report },
    });

    const parameters = parameterNames(config);
    this.#say({
      webhook_url: ['Where Telegram sends updates', webhook.url],
      raw_bucket: ['What was received', lake.raw.bucketName],
      enriched_bucket: ['The Parquet files', lake.enriched.bucketName],
      results_bucket: ["Results of Athena's queries", lake.results.bucketName],
      workgroup: ['Where to query in Athena', analysis.workgroupName],
      database: ['Tables and views', catalog.databaseName],
      analyst_policy: ['To attach to those who query', analysis.analystPolicyArn],
      secret_parameter: ["Name of the webhook's secret", parameters.secret],
      token_parameter: ["Name of the bot's token", parameters.token],
      dashboard: ['What goes on', operations.dashboardUrl],
      ...(writer && {
        updates_queue: ['Updates that wait to be written', writer.queueUrl],
        updates_dead_letters: ['Updates that could not be written', writer.deadLettersUrl],
      }),
      next: [
        'Connects the bot; it asks for the token that BotFather gave you',
        `CHATBOT_STAGE=${config.stage} npx chatbot webhook set --url ${webhook.url}`,
      ],
    });
  }

  #say(outputs: Readonly<Record<string, readonly [description: string, value: string]>>): void {
    for (const [name, [description, value]] of Object.entries(outputs)) {
      new TerraformOutput(this, name, { description, value });
    }
  }
}
