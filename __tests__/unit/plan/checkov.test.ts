import { describe, expect, test } from '@jest/globals';

import { judge } from '../../../scripts/checkov.ts';

const REASON = { id: 'CKV_AWS_18', reason: 'Nobody else reads this bucket.' };

function stack(...checkov: readonly object[]): object {
  return { resource: { aws_s3_bucket: { logs: { bucket: 'b', '//': { checkov } } } } };
}

function report(...checks: readonly string[]): object {
  return {
    summary: { passed: 3, parsing_errors: 0 },
    results: {
      failed_checks: checks.map((id) => ({
        check_id: id,
        check_name: 'Ensure something',
        resource: 'aws_s3_bucket.logs',
      })),
    },
  };
}

describe('a finding of Checkov', () => {
  test('is excused by a reason beside its resource', () => {
    expect(judge(stack(REASON), report('CKV_AWS_18'))).toEqual({
      passed: 3,
      excused: ['logs CKV_AWS_18: Nobody else reads this bucket.'],
      failed: [],
      stale: [],
    });
  });

  test('fails without one', () => {
    const { failed } = judge(stack(REASON), report('CKV_AWS_18', 'CKV_AWS_21'));
    expect(failed).toEqual(['logs CKV_AWS_21: Ensure something']);
  });

  test("is not excused by another resource's reason", () => {
    const raw = { aws_s3_bucket: { raw: { '//': { checkov: [REASON] } }, logs: {} } };
    expect(judge({ resource: raw }, report('CKV_AWS_18'))).toMatchObject({
      excused: [],
      failed: ['logs CKV_AWS_18: Ensure something'],
      stale: ['raw CKV_AWS_18: Nobody else reads this bucket.'],
    });
  });

  test('that is gone leaves a reason that must go, too', () => {
    expect(judge(stack(REASON), report()).stale).toEqual([
      'logs CKV_AWS_18: Nobody else reads this bucket.',
    ]);
  });

  test('is not looked for in a report on nothing, nor excused by a word', () => {
    expect(() => judge(stack(), { passed: 0, failed: 0 })).toThrow(/summary/);
    expect(() => judge(stack({ id: 'CKV_AWS_18', reason: 'ok' }), report())).toThrow(/20/);
  });
});
