import { groupBy } from './groupBy.ts';
import { arrow, differences } from './differences.ts';
import { type Plan, type ResourceChange, kindOf } from './plan.ts';
import { code } from './text.ts';

/** What a resource costs, and which of its attributes decide it. */
interface Cost {
  /** Of each; without the amount where use decides. */
  readonly each: string | null;
  readonly attributes: RegExp;
}

/**
 * What costs by itself, or decides what use costs. Prices are those of us-east-1 in 2026, in dollars;
 * elsewhere they are a little higher.
 */
const COSTS: Readonly<Record<string, Cost>> = {
  aws_api_gateway_method_settings: { each: null, attributes: /throttling|caching/ },
  aws_api_gateway_stage: { each: null, attributes: /^cache_cluster/ },
  aws_athena_workgroup: { each: null, attributes: /bytes_scanned_cutoff|enforce_workgroup/ },
  aws_cloudwatch_dashboard: { each: '3.00 a month, beyond the first three', attributes: /^$/ },
  aws_cloudwatch_event_rule: { each: null, attributes: /^(schedule_expression|state|is_enabled)$/ },
  aws_cloudwatch_log_group: { each: null, attributes: /^(retention_in_days|log_group_class)$/ },
  aws_cloudwatch_metric_alarm: {
    each: '0.10 a month, beyond the first ten',
    attributes: /^$/,
  },
  aws_dynamodb_table: { each: null, attributes: /capacity|billing_mode/ },
  aws_eip: { each: '3.60 a month', attributes: /^$/ },
  aws_instance: { each: 'by the hour', attributes: /^(instance_type|ebs)/ },
  aws_kms_key: { each: '1.00 a month, and more with each yearly rotation', attributes: /rotation/ },
  aws_lambda_function: {
    each: null,
    attributes:
      /^(memory_size|timeout|architectures|reserved_concurrent|ephemeral_storage|snap_start)/,
  },
  aws_lambda_provisioned_concurrency_config: { each: 'by the hour', attributes: /./ },
  aws_nat_gateway: { each: '32.85 a month, and by the gigabyte', attributes: /./ },
  aws_s3_bucket_lifecycle_configuration: { each: null, attributes: /^rule/ },
  aws_s3_bucket_versioning: { each: null, attributes: /status/ },
  aws_secretsmanager_secret: { each: '0.40 a month', attributes: /^$/ },
  aws_vpc_endpoint: {
    each: '7.30 a month and zone',
    attributes: /^(vpc_endpoint_type|subnet_ids)/,
  },
  aws_wafv2_web_acl: { each: '5.00 a month, and 1.00 for each rule', attributes: /^rule/ },
};

/** Kinds that come or go, with what each costs. */
function fixedCosts(changes: readonly ResourceChange[]): string[] {
  const lines: string[] = [];
  for (const [kind, verb] of [
    ['create', 'more'],
    ['delete', 'fewer'],
  ] as const) {
    const ofKind = changes.filter(({ change }) => kindOf(change) === kind);
    for (const [type, all] of groupBy(ofKind, (each) => each.type)) {
      const each = COSTS[type]?.each;
      if (each !== undefined && each !== null)
        lines.push(`- ${all.length} ${verb} ${code(type)}, each $${each}`);
    }
  }
  return lines;
}

/** Settings that decide what use costs. */
function settings(changes: readonly ResourceChange[]): string[] {
  return changes.flatMap(({ address, type, change }) => {
    const deciding = COSTS[type]?.attributes;
    const kind = kindOf(change);
    if (deciding === undefined || (kind !== 'update' && kind !== 'replace')) return [];
    const changed = differences(change).filter(
      ({ path, isUnknown }) => !isUnknown && deciding.test(path),
    );
    return changed.map(
      (difference) => `- ${code(address)}: ${difference.path} ${arrow(difference)}`,
    );
  });
}

/** What changes the bill, as a list; empty when nothing does. */
export function costsText(plan: Plan): string {
  return [...fixedCosts(plan.resource_changes), ...settings(plan.resource_changes)].join('\n');
}
