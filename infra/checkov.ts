import type { TerraformResource } from 'cdktf';

/** A rule of Checkov that a resource breaks on purpose. */
interface CheckovSkip {
  /** For instance `CKV_AWS_18`. */
  readonly id: string;
  readonly reason: string;
}

/** Why a stage's things are encrypted with the keys that AWS's services manage. */
export const WITHOUT_KEY = 'The configuration saves the cost of a key.';

/**
 * Notes which rules a resource breaks, and why, in the resource's comment. Checkov reads no comments
 * in JSON: `scripts/checkov.ts` does.
 *
 * @param skips rule and reason
 */
export function skipChecks(
  resource: TerraformResource,
  skips: Readonly<Record<string, string>>,
): void {
  const list: CheckovSkip[] = Object.entries(skips).map(([id, reason]) => ({ id, reason }));
  if (list.length > 0) resource.addOverride('//.checkov', list);
}
