import type { TerraformResource } from 'cdktf';

/** A rule of Checkov that a resource breaks on purpose. */
interface CheckovSkip {
  /** For instance `CKV_AWS_18`. */
  readonly id: string;
  readonly reason: string;
}

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
  resource.addOverride('//.checkov', list);
}
