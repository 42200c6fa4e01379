import { type Plan, type ResourceChange, asObject, kindOf } from './plan.ts';
import { code } from './text.ts';

type Values = Readonly<Record<string, unknown>>;

/** What keeps data from being lost or seen, by type: what becomes worse, in words. */
const PROTECTIONS: Readonly<Record<string, (before: Values, after: Values) => string[]>> = {
  aws_s3_bucket: (before, after) =>
    after['force_destroy'] === true && before['force_destroy'] === false
      ? ['can be deleted with all that is in it']
      : [],
  aws_s3_bucket_lifecycle_configuration: (before, after) => {
    const old = daysOf(before);
    return [...daysOf(after)]
      .filter(([prefix, days]) => days < (old.get(prefix) ?? Infinity))
      .map(([prefix, days]) => {
        const was = old.get(prefix);
        const which = prefix === '' ? 'objects' : `objects under ${code(prefix)}`;
        return `deletes ${which} after ${days} days${was === undefined ? '' : `, no longer after ${was}`}`;
      });
  },
  aws_s3_bucket_public_access_block: (before, after) =>
    off(before, after, /^(block|ignore|restrict)_public_/).map((name) => `${code(name)} is off`),
  aws_s3_bucket_versioning: (before, after) =>
    statusOf(before) === 'Enabled' && statusOf(after) !== 'Enabled'
      ? ['keeps no versions: what is overwritten or deleted is gone']
      : [],
  aws_kms_key: (before, after) =>
    off(before, after, /^(enable_key_rotation|is_enabled)$/).map((name) => `${code(name)} is off`),
};

/** Attributes that were on and no longer are. */
function off(before: Values, after: Values, names: RegExp): string[] {
  return Object.keys(before).filter(
    (name) => names.test(name) && before[name] === true && after[name] !== true,
  );
}

/** Things in a list, as objects. */
function blocks(value: unknown): Values[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

function statusOf({ versioning_configuration: configuration }: Values): unknown {
  return blocks(configuration)[0]?.['status'];
}

/** Days after which a bucket's objects expire, by prefix. */
function daysOf({ rule: rules }: Values): Map<string, number> {
  const days = blocks(rules).flatMap((rule): [string, number][] => {
    const after = Number(blocks(rule['expiration'])[0]?.['days'] ?? 0);
    const prefix = blocks(rule['filter'])[0]?.['prefix'];
    return after > 0 && rule['status'] !== 'Disabled'
      ? [[typeof prefix === 'string' ? prefix : '', after]]
      : [];
  });
  return new Map(days);
}

function linesOf({ address, type, change }: ResourceChange): string[] {
  const kind = kindOf(change);
  // With what is new, or goes, protection is no worse for what is there; but not so with a block.
  const isGone = kind === 'delete' && type === 'aws_s3_bucket_public_access_block';
  if (kind !== 'update' && !isGone) return [];
  const worse = PROTECTIONS[type]?.(asObject(change.before), asObject(change.after)) ?? [];
  return worse.map((what) => `- ${code(address)}: ${what}`);
}

/** What is less protected than it was, as a list; empty when nothing is. */
export function weakerText(plan: Plan): string {
  const bucketsGone = new Set(
    plan.resource_changes
      .filter(({ type, change }) => type === 'aws_s3_bucket' && kindOf(change) === 'delete')
      .map(({ change }) => asObject(change.before)['bucket']),
  );
  return plan.resource_changes
    .filter(({ change }) => !bucketsGone.has(asObject(change.before)['bucket']))
    .flatMap(linesOf)
    .join('\n');
}
