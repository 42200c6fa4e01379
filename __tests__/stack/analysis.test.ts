import { join } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { loadAnalyses } from '../../src/analytics/analyses.ts';
import {
  PROJECT,
  type Synthesized,
  ofType,
  resource,
  resourcesOf,
  statementsOf,
  synthStack,
} from '../support/stacks.ts';

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthStack();
});

describe('the analysis', () => {
  test('is a workgroup, a policy, and a named query for each file of sql/', async () => {
    const queries = await loadAnalyses(join(PROJECT, 'sql'));
    expect(queries.length).toBeGreaterThan(3);
    expect(Object.keys(resourcesOf(stack, 'analysis'))).toEqual(
      [
        ...queries.map(({ name }) => `aws_athena_named_query.analysis_${name}`),
        'aws_athena_workgroup.analysis_workgroup',
        'aws_iam_policy.analysis_analyst',
      ].sort(),
    );
    for (const language of ['en', 'pt'] as const) {
      const named = ofType(await synthStack({ language }), 'aws_athena_named_query');
      for (const { name, title, question, sql } of queries) {
        expect(named[`analysis_${name}`]).toMatchObject({
          name: title[language],
          description: question[language],
          query: sql.replaceAll('${', '$${'),
          workgroup: '${aws_athena_workgroup.analysis_workgroup.name}',
        });
      }
    }
  });

  test('grows by exactly one resource with a file that is added to sql/', async () => {
    const [first] = await loadAnalyses(join(PROJECT, 'sql'));
    if (first === undefined) throw new Error('There is no analysis.');
    const grown = await synthStack({}, [{ ...first, name: 'one_more' }]);
    const { 'aws_athena_named_query.analysis_one_more': added, ...others } = resourcesOf(grown);
    expect(added).toMatchObject({ query: first.sql });
    expect(others).toEqual(resourcesOf(stack));
  });

  test('limits what a query scans, and lets nobody choose another place for results', () => {
    expect(resource(stack, 'aws_athena_workgroup', 'analysis_workgroup')).toMatchObject({
      configuration: {
        bytes_scanned_cutoff_per_query: 10_737_418_240,
        enforce_workgroup_configuration: true,
        result_configuration: {
          encryption_configuration: {
            encryption_option: 'SSE_KMS',
            kms_key_arn: '${aws_kms_key.lake_key.arn}',
          },
          expected_bucket_owner: '123456789012',
          output_location: 's3://${aws_s3_bucket.lake_results_bucket.id}/athena/',
        },
      },
    });
  });

  test('lets an analyst query this stage’s tables, and not read what was received', () => {
    const { policy } = resource(stack, 'aws_iam_policy', 'analysis_analyst');
    const statements = statementsOf(policy);
    const resources = (action: string): readonly string[] =>
      statements.flatMap(({ Effect, Action, Resource = [] }) =>
        Effect === 'Allow' && Action.includes(action) ? Resource : [],
      );
    expect(resources('athena:StartQueryExecution')).toEqual([
      'arn:aws:athena:us-east-1:123456789012:workgroup/shop-test',
    ]);
    // Else the console shows no workgroup to choose.
    expect(resources('athena:ListWorkGroups')).toEqual(['*']);
    expect(resources('glue:GetTable')).toEqual([
      'arn:aws:glue:us-east-1:123456789012:catalog',
      'arn:aws:glue:us-east-1:123456789012:database/shop_test',
      ...['telegram', 'runs', 'messages', 'latest_messages', 'sessions', 'users'].map(
        (table) => `arn:aws:glue:us-east-1:123456789012:table/shop_test/${table}`,
      ),
    ]);
    expect(resources('s3:GetObject')).toEqual([
      'arn:aws:s3:::shop-test-enriched-123456789012/*',
      'arn:aws:s3:::shop-test-results-123456789012/athena/*',
    ]);
    expect(resources('s3:PutObject')).toEqual([
      'arn:aws:s3:::shop-test-results-123456789012/athena/*',
    ]);
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Sid: 'NotWhatWasReceived',
        Effect: 'Deny',
        Action: ['s3:*'],
        Resource: [
          'arn:aws:s3:::shop-test-raw-123456789012',
          'arn:aws:s3:::shop-test-raw-123456789012/*',
        ],
      },
    ]);
  });

  test('is as it was reviewed', () => {
    const {
      'aws_iam_policy.analysis_analyst': policy,
      'aws_athena_workgroup.analysis_workgroup': workgroup,
    } = resourcesOf(stack, 'analysis');
    // Not the queries: an analysis that is added is reviewed in sql/.
    expect({ policy, workgroup }).toMatchSnapshot();
  });
});
