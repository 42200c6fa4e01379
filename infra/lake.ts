import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { DataResource } from 'cdktf';
import { Construct } from 'constructs';

import type { Config } from '../src/config/config.ts';
import { STAGING_PREFIX } from '../src/lake/keys.ts';
import { Bucket } from './bucket.ts';
import {
  EXECUTION_LOGS,
  STATES_LOGS,
  arn,
  bucketArn,
  bucketName,
  iamArn,
  prefixOf,
} from './names.ts';
import { type Statement, allow, policyDocument } from './policy.ts';

/** What a lake is made of. */
export interface LakeProps {
  readonly config: Config;
}

/** Days that AWS keeps a deleted key, and with it the data, from being lost. */
const KEY_DELETION_DAYS = 30;

/** Days after which what a run in shards has left goes. */
const STAGING_DAYS = 3;

/** Days that a replaced or deleted object of the lake can be brought back. */
const NONCURRENT_DAYS = 30;

/** Who may use the key: the account's own policies, and the services that write for us. */
function keyPolicy(config: Config): Statement[] {
  const prefix = prefixOf(config);
  const ours = { StringEquals: { 'aws:SourceAccount': config.account } };
  return [
    {
      Sid: 'AccountDecidesByItsPolicies',
      Effect: 'Allow',
      Principal: { AWS: iamArn(config, 'root') },
      Action: ['kms:*'],
      Resource: ['*'],
    },
    {
      Sid: 'LogGroups',
      Effect: 'Allow',
      Principal: { Service: `logs.${config.region}.amazonaws.com` },
      Action: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
      ],
      Resource: ['*'],
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': [
            arn(config, 'logs', `log-group:/aws/lambda/${prefix}-*`),
            arn(config, 'logs', `log-group:/aws/apigateway/${prefix}-*`),
            arn(config, 'logs', `log-group:${STATES_LOGS}${prefix}-*`),
            arn(config, 'logs', `log-group:${EXECUTION_LOGS}*/${config.stage}`),
          ],
        },
      },
    },
    {
      Sid: 'DeadLettersOfTheRule',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: ['*'],
      Condition: ours,
    },
    {
      Sid: 'AlarmsToTheTopic',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      // As AWS publishes it, without a condition: no emulator could tell that an alarm got lost.
      Resource: ['*'],
    },
  ];
}

/** The lake's buckets, one per layer, and the key that encrypts them. */
export class Lake extends Construct {
  /** What was received. */
  readonly raw: Bucket;
  /** The Parquet files. */
  readonly enriched: Bucket;
  /** Results of Athena's queries. */
  readonly results: Bucket;
  /** The customer's key; null where services encrypt with their own. */
  readonly key: KmsKey | null;

  constructor(scope: Construct, id: string, { config }: LakeProps) {
    super(scope, id);
    this.#fixZone(config.zone);
    this.key = config.encryption === 'customer' ? this.#addKey(config) : null;

    const layers = ['raw', 'enriched', 'results'] as const;
    const logs = new Bucket(this, 'logs', {
      bucketName: bucketName(config, 'logs'),
      purpose: 'Who read and wrote the other buckets',
      key: null,
      expiration: { '': config.logRetentionDays },
      noncurrentDays: 1,
      accessLogs: null,
      statements: [
        {
          ...allow('AccessLogs', ['s3:PutObject'], [`${bucketArn(bucketName(config, 'logs'))}/*`], {
            ArnLike: {
              'aws:SourceArn': layers.map((layer) => bucketArn(bucketName(config, layer))),
            },
            StringEquals: { 'aws:SourceAccount': config.account },
          }),
          Principal: { Service: 'logging.s3.amazonaws.com' },
        },
      ],
      skips: {
        CKV_AWS_145: 'S3 cannot deliver access logs into a bucket that a customer key encrypts.',
      },
    });
    const common = { key: this.key, accessLogs: logs };
    this.raw = new Bucket(this, 'raw', {
      ...common,
      bucketName: bucketName(config, 'raw'),
      purpose: 'Updates as Telegram sent them and what could not be read',
      // Not lake.json and state/: the lake needs them as long as it lives.
      expiration: { 'telegram/': config.rawRetentionDays, 'rejected/': config.rawRetentionDays },
      noncurrentDays: NONCURRENT_DAYS,
      skips: { CKV2_AWS_62: 'Wishes for reports start a function, where there is an owner.' },
    });
    this.enriched = new Bucket(this, 'enriched', {
      ...common,
      bucketName: bucketName(config, 'enriched'),
      purpose: 'The Parquet files of each day and the runs that made them',
      expiration: { '': config.enrichedRetentionDays },
      // A run removes its own; what one that failed has left goes later.
      scratch: { [STAGING_PREFIX]: STAGING_DAYS },
      noncurrentDays: NONCURRENT_DAYS,
    });
    this.results = new Bucket(this, 'results', {
      ...common,
      bucketName: bucketName(config, 'results'),
      purpose: 'Results of queries in Athena which can be asked again',
      expiration: { '': config.resultsRetentionDays },
      noncurrentDays: 1,
      forceDestroy: true,
    });
  }

  /**
   * Remembers the zone in the state, so that another one is refused before anything is changed: the
   * lake's days are cut by the first.
   */
  #fixZone(zone: string): void {
    new DataResource(this, 'zone', {
      input: { zone },
      lifecycle: {
        ignoreChanges: ['input'],
        postcondition: [
          {
            condition: `\${self.output.zone == "${zone}"}`,
            errorMessage:
              `The configuration says the zone ${zone}, but this lake was made with another one, and ` +
              "its days are cut at that one's midnight. Set zone back (cdktf.json, " +
              'context.chatbot.zone, or CHATBOT_ZONE), or deploy another stage.',
          },
        ],
      },
    });
  }

  #addKey(config: Config): KmsKey {
    const key = new KmsKey(this, 'key', {
      description: `Encrypts the lake, logs, queues and secrets of ${prefixOf(config)}`,
      enableKeyRotation: true,
      // Each of the first two rotations costs a dollar a month from then on; AWS allows no longer.
      rotationPeriodInDays: 2560,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: policyDocument(keyPolicy(config)),
    });
    new KmsAlias(this, 'key_alias', {
      name: `alias/${prefixOf(config)}`,
      targetKeyId: key.keyId,
    });
    return key;
  }
}
