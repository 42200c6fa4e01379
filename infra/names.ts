import { type Place, bucketName, prefixOf } from '../src/config/bucketNames.ts';

export { type Place, bucketName, prefixOf };

/** Partition of all ARNs. China and GovCloud have others, and no Telegram. */
const PARTITION = 'arn:aws';

/** What API Gateway puts before an API's id to name the log of its executions. */
export const EXECUTION_LOGS = 'API-Gateway-Execution-Logs_';

/** Begins the names of log groups that Step Functions may write to by a policy of the account. */
export const STATES_LOGS = '/aws/vendedlogs/states/';

/** ARN of a bucket. */
export function bucketArn(name: string): string {
  return `${PARTITION}:s3:::${name}`;
}

/** ARN of what belongs to the account in its region, for instance `sqs` and a queue's name. */
export function arn(
  { region, account }: Pick<Place, 'account' | 'region'>,
  service: string,
  resource: string,
): string {
  return `${PARTITION}:${service}:${region}:${account}:${resource}`;
}

/** ARN of a role, policy or provider: IAM has no regions. */
export function iamArn({ account }: Pick<Place, 'account'>, resource: string): string {
  return `${PARTITION}:iam::${account}:${resource}`;
}
