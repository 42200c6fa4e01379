import * as z from 'zod';

/** A part of a value that is unknown or sensitive: `true` for all of it, else by key or index. */
const markSchema = z.unknown();

const changeSchema = z.object({
  actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
  /** Null for nothing. */
  before: z.unknown().default(null),
  after: z.unknown().default(null),
  after_unknown: markSchema.optional(),
  before_sensitive: markSchema.optional(),
  after_sensitive: markSchema.optional(),
  /** Attributes that cannot be changed in place. */
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.object({ id: z.string().optional() }).optional(),
});

const resourceChangeSchema = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  name: z.string(),
  change: changeSchema,
});

const expressionSchema = z.object({
  constant_value: z.unknown().optional(),
  references: z.array(z.string()).optional(),
});

const configurationSchema = z.object({
  root_module: z
    .object({
      resources: z
        .array(
          z.object({
            address: z.string(),
            // Blocks are lists of expressions, or expressions by name.
            expressions: z.record(z.string(), z.unknown()).default({}),
          }),
        )
        .default([]),
    })
    .default({ resources: [] }),
});

/**
 * What this program reads of `terraform show -json <plan>`; an action that it does not know is an
 * error, so that nothing goes unseen.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
const planSchema = z.object({
  format_version: z.string().regex(/^1\./, 'is a 1.x of the format of plans'),
  terraform_version: z.string(),
  resource_changes: z.array(resourceChangeSchema).default([]),
  resource_drift: z.array(resourceChangeSchema).default([]),
  output_changes: z.record(z.string(), changeSchema).default({}),
  configuration: configurationSchema.default({ root_module: { resources: [] } }),
  errored: z.boolean().default(false),
});

/** A plan of Terraform's. */
export type Plan = z.infer<typeof planSchema>;

/** What becomes of one value. */
export type Change = z.infer<typeof changeSchema>;

/** What becomes of one resource. */
export type ResourceChange = z.infer<typeof resourceChangeSchema>;

/** What a change comes to; `forget` leaves the resource where it is, and no longer manages it. */
export type Kind = 'create' | 'delete' | 'forget' | 'none' | 'read' | 'replace' | 'update';

/** Checks a plan's JSON. @throws ZodError when it is none, or of a later format */
export function parsePlan(json: unknown): Plan {
  return planSchema.parse(json);
}

/** What a change comes to. */
export function kindOf({ actions }: Change): Kind {
  if (actions.includes('create')) {
    return actions.includes('delete') || actions.includes('forget') ? 'replace' : 'create';
  }
  const [action = 'no-op'] = actions;
  return action === 'no-op' ? 'none' : action;
}

/** Whether there is no value. */
export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** A value as an object; empty when it is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The expressions of a resource's configuration, by attribute; empty when it has gone from there. */
export function expressionsOf(plan: Plan, address: string): Readonly<Record<string, unknown>> {
  // Instances of one resource, as in `aws_s3_bucket.layer["raw"]`, share a configuration.
  const resource = address.replace(/\[[^\]]*\]$/, '');
  return (
    plan.configuration.root_module.resources.find((each) => each.address === resource)
      ?.expressions ?? {}
  );
}

/** The text of an attribute as it is configured, with its `${…}`; null when the plan has none. */
export function templateOf(plan: Plan, address: string, attribute: string): string | null {
  const expression = expressionSchema.safeParse(expressionsOf(plan, address)[attribute]);
  const text = expression.data?.constant_value;
  return typeof text === 'string' ? text : null;
}
