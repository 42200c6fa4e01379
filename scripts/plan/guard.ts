import { differences } from './differences.ts';
import { type Plan, type ResourceChange, asObject, kindOf } from './plan.ts';

/** A loss that nobody may find out about afterwards. */
export interface Loss {
  readonly address: string;
  readonly how: 'delete' | 'overwrite' | 'replace';
  /** What is lost. */
  readonly what: string;
}

/** What a resource holds that a new one of its kind would not. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "the webhook's address: Telegram must be told the new one",
  aws_dynamodb_table: 'the rows in it',
  aws_glue_catalog_database: 'all tables in it',
  aws_glue_catalog_table: 'the table that queries name',
  aws_kms_key: 'everything that it encrypts: without the key nobody can read it again',
  aws_s3_bucket: 'every object in it',
  aws_secretsmanager_secret: 'the secret in it',
  aws_sqs_queue: 'the messages that wait in it',
};

const SECRET = 'the secret in it';

function isSecret({ type, change }: ResourceChange): boolean {
  return type === 'aws_ssm_parameter' && asObject(change.before)['type'] === 'SecureString';
}

/** Whether Terraform would write its placeholder over a secret: it does for any change but of tags. */
function overwritesSecret(resource: ResourceChange): boolean {
  return (
    isSecret(resource) &&
    kindOf(resource.change) === 'update' &&
    differences(resource.change).some(({ path }) =>
      /^(description|has_value_wo|key_id|tier|type|value)/.test(path),
    )
  );
}

/** All losses of a plan: what holds data, names or secrets and goes. */
export function lossesOf(plan: Plan): Loss[] {
  return plan.resource_changes.flatMap((resource): Loss[] => {
    const { address, type, change } = resource;
    const what = isSecret(resource) ? SECRET : HOLDS[type];
    if (what === undefined) return [];
    if (overwritesSecret(resource)) return [{ address, how: 'overwrite', what }];
    const kind = kindOf(change);
    return kind === 'delete' || kind === 'replace' ? [{ address, how: kind, what }] : [];
  });
}

/** What `--allow-delete` comes to. */
export interface Judgement {
  /** Losses that nobody has named. */
  readonly unexpected: readonly Loss[];
  /** Addresses that were named though nothing is lost there: a slip of the pen. */
  readonly unused: readonly string[];
}

/** Holds a plan's losses against those that are expected. @param allowed addresses */
export function judgeLosses(plan: Plan, allowed: readonly string[]): Judgement {
  const losses = lossesOf(plan);
  return {
    unexpected: losses.filter(({ address }) => !allowed.includes(address)),
    unused: allowed.filter((name) => !losses.some(({ address }) => address === name)),
  };
}
