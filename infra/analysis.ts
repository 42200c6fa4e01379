import { AthenaNamedQuery } from '@cdktf/provider-aws/lib/athena-named-query/index.js';
import { AthenaWorkgroup } from '@cdktf/provider-aws/lib/athena-workgroup/index.js';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { Construct } from 'constructs';

import type { Analysis as Query } from '../src/analytics/analyses.ts';
import { athenaNames } from '../src/config/athenaNames.ts';
import type { Config } from '../src/config/config.ts';
import type { Catalog } from './catalog.ts';
import type { Lake } from './lake.ts';
import { arn, prefixOf } from './names.ts';
import { type Statement, allow, policyDocument } from './policy.ts';

/** What the analysis is made of. */
export interface AnalysisProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly catalog: Catalog;
  /** The files of `sql/`. */
  readonly queries: readonly Query[];
}

/** Bytes that one query may scan, 10 GiB: about five cents. A year of a busy shop is far less. */
const SCAN_LIMIT = 10 * 1024 ** 3;

/** Athena: the workgroup, a named query per analysis, and the policy of those who ask. */
export class Analysis extends Construct {
  readonly workgroupName: string;
  readonly analystPolicyArn: string;

  constructor(scope: Construct, id: string, { config, lake, catalog, queries }: AnalysisProps) {
    super(scope, id);
    this.workgroupName = athenaNames(config).workgroup;
    const workgroup = new AthenaWorkgroup(this, 'workgroup', {
      name: this.workgroupName,
      description: `Queries over the lake of ${prefixOf(config)}, limited in what they scan`,
      // Named queries and the history of queries go with it.
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: SCAN_LIMIT,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${lake.results.id}/athena/`,
          expectedBucketOwner: config.account,
          encryptionConfiguration:
            lake.key === null
              ? { encryptionOption: 'SSE_S3' }
              : { encryptionOption: 'SSE_KMS', kmsKeyArn: lake.key.arn },
        },
      },
    });
    for (const query of queries) {
      new AthenaNamedQuery(this, query.name, {
        name: query.title[config.language],
        description: query.question[config.language],
        workgroup: workgroup.name,
        database: catalog.database,
        query: escapeInterpolation(query.sql),
      });
    }
    this.analystPolicyArn = new IamPolicy(this, 'analyst', {
      name: `${prefixOf(config)}-analyst`,
      description: 'May query the lake by its workgroup, and not read what was received',
      policy: policyDocument(this.#analystRights(config, lake, catalog)),
    }).arn;
  }

  #analystRights(
    config: Config,
    { raw, enriched, results, key }: Lake,
    catalog: Catalog,
  ): Statement[] {
    const { databaseName, tableNames } = catalog;
    return [
      allow(
        'QueryByTheWorkgroup',
        [
          'athena:BatchGetNamedQuery',
          'athena:BatchGetQueryExecution',
          'athena:GetNamedQuery',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetQueryResultsStream',
          'athena:GetQueryRuntimeStatistics',
          'athena:GetWorkGroup',
          'athena:ListNamedQueries',
          'athena:ListQueryExecutions',
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
        ],
        [arn(config, 'athena', `workgroup/${this.workgroupName}`)],
      ),
      // Athena's console asks for these before one can choose; they name no resource, and list names only.
      allow('FindTheWorkgroup', ['athena:ListDataCatalogs', 'athena:ListWorkGroups'], ['*']),
      // So do the drivers of Power BI, Metabase and their like, to show the tables there are.
      allow(
        'FindTheTables',
        [
          'athena:GetDataCatalog',
          'athena:GetDatabase',
          'athena:GetTableMetadata',
          'athena:ListDatabases',
          'athena:ListTableMetadata',
        ],
        [arn(config, 'athena', 'datacatalog/AwsDataCatalog')],
      ),
      // Databases can only be listed all together: names, and not what is in them.
      allow(
        'FindTheDatabase',
        ['glue:GetDatabases'],
        [arn(config, 'glue', 'catalog'), arn(config, 'glue', 'database/*')],
      ),
      allow(
        'ReadTheCatalog',
        [
          'glue:GetDatabase',
          'glue:GetPartition',
          'glue:GetPartitions',
          'glue:GetTable',
          'glue:GetTables',
        ],
        [
          arn(config, 'glue', 'catalog'),
          arn(config, 'glue', `database/${databaseName}`),
          ...tableNames.map((table) => arn(config, 'glue', `table/${databaseName}/${table}`)),
        ],
      ),
      allow('ReadDaysAndRuns', ['s3:GetObject'], [`${enriched.arn}/*`]),
      allow(
        'ReadAndWriteResults',
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        [`${results.arn}/athena/*`],
      ),
      allow(
        'FindDaysAndResults',
        ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        [enriched.arn, results.arn],
      ),
      ...(key === null ? [] : [allow('UseKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [key.arn])]),
      {
        Sid: 'NotWhatWasReceived',
        Effect: 'Deny',
        Action: ['s3:*'],
        Resource: [raw.arn, `${raw.arn}/*`],
      },
    ];
  }
}

/** Text in which Terraform finds nothing to put a value into. */
function escapeInterpolation(text: string): string {
  return text.replaceAll(/([$%])\{/g, '$1$1{');
}
